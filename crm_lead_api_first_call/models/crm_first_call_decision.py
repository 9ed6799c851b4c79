# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmFirstCallDecision(models.Model):
    """Keep who got a lead, and why: a line for each decision."""

    _name = "crm.first.call.decision"
    _description = "Who Got a Lead"
    _order = "id desc"
    _log_access = False

    first_call_id = fields.Many2one(
        "crm.first.call", required=True, index=True, ondelete="cascade"
    )
    date = fields.Datetime(required=True)
    user_id = fields.Many2one("res.users", "Who", ondelete="set null")
    former_user_id = fields.Many2one("res.users", "Taken From", ondelete="set null")
    reason = fields.Selection(
        [
            ("agent", "The request names the agent"),
            ("owner", "Knows the customer"),
            ("share", "Next by weight"),
            ("unskilled", "Next by weight, without the skills"),
            ("leader", "Leads the team"),
            ("hand", "By hand"),
        ],
        required=True,
    )
    on_duty_count = fields.Integer("On Duty")
    unskilled_count = fields.Integer("Of These without the Skills")
    description = fields.Char("Why", compute="_compute_description")

    @api.depends("reason", "user_id", "former_user_id")
    @api.depends_context("lang")
    def _compute_description(self):
        env = self.env
        for line in self:
            name, former = line.user_id.name or env._("Somebody"), line.former_user_id
            counted = {"name": name, "count": line.on_duty_count}
            text = {
                "agent": env._("%s, named by the request", name),
                "owner": env._("%s, who had this customer's last lead", name),
                "share": env._(
                    "%(name)s: next by weight of %(count)s on duty", **counted
                ),
                "unskilled": env._(
                    "%(name)s: next by weight of %(count)s on duty, none with the "
                    "skills",
                    **counted,
                ),
                "leader": env._("%s, who leads the team", name),
                "hand": env._("%s, chosen by hand", name),
            }[line.reason]
            if line.unskilled_count and line.reason == "share":
                count = line.unskilled_count
                text = env._(
                    "%(text)s (%(count)s without the skills)", text=text, count=count
                )
            if former and line.reason == "hand":
                text = env._("Put back by hand: %s", former.name)
            elif former:
                text = env._(
                    "%(text)s; %(name)s did not call in time",
                    text=text,
                    name=former.name,
                )
            line.description = text
