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
        _ = self.env._
        for line in self:
            name, count = line.user_id.name or _("Somebody"), line.on_duty_count
            others = line.unskilled_count
            text = {
                "agent": lambda name=name: _("%s, named by the request", name),
                "owner": lambda name=name: _(
                    "%s, who had this customer's last lead", name
                ),
                "share": lambda name=name, count=count: _(
                    "%(name)s: next by weight of %(count)s on duty",
                    name=name,
                    count=count,
                ),
                "unskilled": lambda name=name, count=count: _(
                    "%(name)s: next by weight of %(count)s on duty, none with the "
                    "skills",
                    name=name,
                    count=count,
                ),
                "leader": lambda name=name: _("%s, who leads the team", name),
                "hand": lambda name=name: _("%s, chosen by hand", name),
            }[line.reason]()
            if line.reason == "hand" and line.former_user_id:
                line.description = _("Put back by hand: %s", line.former_user_id.name)
                continue
            if others and line.reason == "share":
                text = _(
                    "%(text)s (%(count)s without the skills)", text=text, count=others
                )
            if line.former_user_id:
                text = _(
                    "%(text)s; %(name)s did not call in time",
                    text=text,
                    name=line.former_user_id.name,
                )
            line.description = text
