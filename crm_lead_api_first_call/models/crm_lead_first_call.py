# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from ast import literal_eval
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.crm_lead_api.tools.action import get_notice
from odoo.addons.crm_lead_api.tools.day import tell_time

from .crm_first_call import WAITING_REASONS
from .res_users import OF_TEAM, OFF_DUTY, ON_DUTY

GIVEN_TOO = "first_call_given_too"  # a context key: ids of other leads
GIVE_VIEW = "crm_lead_api_first_call.crm_lead_view_form_give"


class CrmLead(models.Model):
    """Show which leads wait for somebody, who got one and why, and which one to call
    next."""

    _inherit = "crm.lead"

    first_call_decision_ids = fields.One2many(related="first_call_ids.decision_ids")
    first_call_why = fields.Char(
        "Why This Salesperson", compute="_compute_first_call_why"
    )
    waiting_reason = fields.Selection(
        [*WAITING_REASONS, ("hand", "To be given by hand")],
        "Why It Waits",
        compute="_compute_waiting_reason",
        compute_sudo=True,
    )
    call_soon_date = fields.Datetime(
        compute="_compute_call_soon_date",
        help="The last third of the minutes to the first call begins.",
    )

    @api.depends("first_call_ids.decision_ids.description", "user_id")
    @api.depends_context("lang")
    def _compute_first_call_why(self):
        # sudo: a line names users whom the reader may not see
        for lead, lead_sudo in zip(self, self.sudo(), strict=True):
            last = lead_sudo.first_call_decision_ids[:1]
            is_old = last.user_id and last.user_id != lead_sudo.user_id
            lead.first_call_why = not is_old and last.description

    @api.depends("first_call_ids.state", "first_call_ids.waiting_reason")
    def _compute_waiting_reason(self):
        for lead in self:
            call = lead.first_call_ids
            is_given_out = call.state == "waiting"
            lead.waiting_reason = call.waiting_reason if is_given_out else "hand"

    @api.depends("call_date", "first_call_ids.deadline")
    def _compute_call_soon_date(self):
        # sudo: the time is no secret to who may see the lead
        for lead, lead_sudo in zip(self, self.sudo(), strict=True):
            deadline = lead_sudo.first_call_ids.deadline
            third = timedelta(minutes=lead_sudo.team_id.first_call_minutes / 3)
            is_first = deadline and deadline == lead.call_date
            lead.call_soon_date = is_first and deadline - third

    def web_save(self, vals, specification, next_id=None):
        """Leave a lead with who got it while a manager chose somebody else."""
        if ON_DUTY in self.env.context and self.user_id:
            line = self.first_call_decision_ids[:1]
            is_given_out = line.user_id == self.user_id
            date = line.date if is_given_out else self.write_date
            _day, time = tell_time(self.env, date, self._get_time_zone())
            raise UserError(
                self.env._(
                    "%(name)s has had this lead since %(time)s. To give it to somebody "
                    "else, open the lead and change its salesperson.",
                    name=self.user_id.name,
                    time=time,
                )
            )
        return super().web_save(vals, specification, next_id)

    def _prepare_given_values(self, user):
        return {**super()._prepare_given_values(user), "first_call_why": False}

    def action_take_waiting(self):
        """Give a waiting lead to the user, who has chosen it by hand, and open it."""
        self.action_take()
        return self._open_first_call()

    def action_give(self):
        """Ask a manager who gets the leads; those on duty in their teams come first, or
        in any team, if their own give no leads out, then the others of their teams."""
        for lead in self:
            lead._check_free()
        first, *others = self.ids
        teams = self.env["crm.team"].search([("gives_leads_out", "=", True)])
        serving = teams.browse().union(
            *((teams & lead.team_id) or teams for lead in self)
        )
        members = serving.crm_team_member_ids
        present = members._get_present(fields.Datetime.now()).user_id
        users = present.filtered(lambda user: self.company_id <= user.company_ids)
        # sudo: a sales manager may not read clients, whose users are systems
        clients = self.env["crm.lead.api.client"].sudo().with_context(active_test=False)
        systems = clients.search([("user_id", "!=", False)]).user_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Give %s Leads to…", len(self))
            if others
            else self.env._("Give to…"),
            "res_model": self._name,
            "res_id": first,
            "views": [[self.env.ref(GIVE_VIEW).id, "form"]],
            "target": "new",
            "context": {
                ON_DUTY: users.ids,
                OFF_DUTY: ((teams & self.team_id).member_ids - present).ids,
                OF_TEAM: self.team_id.member_ids.ids,
                "user_ids_of_clients": systems.ids,
                GIVEN_TOO: others,
            },
        }

    def action_tell_given(self):
        """Give the other chosen leads that still wait to who has the lead now, and tell
        a manager who has them, by when to call, and who is off duty."""
        name, kind = self.user_id.name, "success"
        others = self.browse(self.env.context.get(GIVEN_TOO, ()))
        others = others.exists().filtered(lambda lead: not lead.user_id)
        others.user_id = self.user_id
        message = self.env._("%s has the lead now.", name)
        if others:
            count = len(self | others)
            message = self.env._(
                "%(name)s has %(count)s more leads.", name=name, count=count
            )
        elif self.call_date:
            _day, time = tell_time(self.env, self.call_date, self._get_time_zone())
            message = self.env._(
                "%(name)s has the lead now; call by %(time)s.", name=name, time=time
            )
        on_duty = self.env.context.get(ON_DUTY, ())
        if self.team_id.gives_leads_out and self.user_id.id not in on_duty:
            kind = "warning"
            message += " " + self.env._("%s is not working now.", name)
        return get_notice(kind, message)

    def action_open_next_call(self):
        """Open the lead that the user is to call next: the first of the user's *Calls
        Today*, which begins with the same filter and order. Leads to be called again
        later in the day come last."""
        # sudo: salespeople may not read actions
        today = self.env.ref("crm_lead_api.crm_lead_call_action").sudo().domain
        calls = Domain("activity_type_id.category", "=", "phonecall")
        others = calls & Domain("user_id", "not in", [self.env.uid, False])
        nobodys = Domain("user_id", "=", False)
        nobodys &= Domain("activity_ids", "not any", others)
        own = Domain("user_id", "=", self.env.uid) | nobodys
        domain = Domain(literal_eval(today)) & own
        again = calls & Domain("call_reason", "in", ("call_back", "no_answer"))
        again &= Domain("planned_date", ">", fields.Datetime.now())
        due = domain & Domain("activity_ids", "not any", again)
        lead = self.search(due, order="call_date", limit=1)
        if lead := lead or self.search(domain, order="call_date", limit=1):
            return lead._open_first_call()
        message = self.env._("No lead waits for a call of yours.")
        return get_notice("success", message, closes=False)

    def _open_first_call(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.call_name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [[self.env.ref("crm.crm_lead_view_form").id, "form"]],
        }
