# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.lead.crm_lead_call import CALL
from ..models.lead.crm_lead_call_outcome import NOT_REACHED, RESULTS
from ..tools.action import get_notice
from ..tools.day import tell_time
from ..tools.fields import PROPOSED

MEETING = "mail.mail_activity_data_meeting"
MINUTES_TO_NEXT_CALL = 120
HOURS_TO_CALL_BACK = 24


class CrmLeadCallResult(models.TransientModel):
    """Ask for the result of a phone call to the customer of a lead, and do what follows
    from it.

    What follows is a choice of ``result``, by a method ``_process_…``: an addon adds
    both here, and the choice to the results of ``crm.lead.call.outcome``.
    """

    _name = "crm.lead.call.result"
    _description = "Result of a Call"

    activity_id = fields.Many2one(
        "mail.activity",
        ondelete="set null",
        help="The planned call; empty after a call that nobody had planned.",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        compute="_compute_lead_id",
        **PROPOSED,
        required=True,
        ondelete="cascade",
    )
    outcome_id = fields.Many2one("crm.lead.call.outcome", string="Result")
    result = fields.Selection(
        RESULTS,
        string="What Follows",
        compute="_compute_result",
        store=True,
        readonly=False,
    )
    date = fields.Datetime(
        "Call Again At", compute="_compute_date", store=True, readonly=False
    )
    appointment_date = fields.Datetime("Appointment")
    lost_reason_id = fields.Many2one("crm.lost.reason")
    note = fields.Text()

    @api.depends("activity_id")
    def _compute_lead_id(self):
        for wizard in self.filtered("activity_id"):
            activity = wizard.activity_id
            is_of_lead = activity.res_model == "crm.lead"
            wizard.lead_id = is_of_lead and activity.res_id

    @api.depends("outcome_id")
    def _compute_result(self):
        for wizard in self:
            wizard.result = wizard.outcome_id.result or wizard.result

    @api.depends("outcome_id", "result")
    def _compute_date(self):
        for wizard in self:
            now, lead = fields.Datetime.now().replace(second=0), wizard.lead_id
            hours = wizard.outcome_id.hours
            if wizard.result == "no_answer":
                minutes = hours * 60 or MINUTES_TO_NEXT_CALL
                wizard.date = lead._get_next_try_date(now) or lead._add_working_minutes(
                    now, minutes
                )
            elif wizard.result == "call_back":
                # the same time of another day, if it is a working time
                day = now + timedelta(hours=hours or HOURS_TO_CALL_BACK)
                wizard.date = lead._add_working_minutes(day, 0)
            else:
                wizard.date = False

    @api.model_create_multi
    def create(self, vals_list):
        # Somebody else may have ended the call since the dialog was opened, such as the
        # telephone system.
        calls = [self.activity_id.browse(each.get("activity_id")) for each in vals_list]
        return super().create(
            [
                {**vals, "activity_id": call.exists().id}
                for vals, call in zip(vals_list, calls, strict=True)
            ]
        )

    def action_save(self):
        """Mark the call as done, with its result, and do what follows."""
        self.ensure_one()
        if not self.result:
            raise UserError(self.env._("Choose the result of the call."))
        self.lead_id.check_access("write")
        call = self.activity_id or self.lead_id.activity_schedule(
            CALL, user_id=self.env.uid, automated=False
        )
        if not call.active:
            raise UserError(self.env._("The call is already done."))
        planned = call.note
        if self.result in NOT_REACHED:
            self.lead_id._note_try(fields.Datetime.now())
            call = call.with_context(lead_api_is_try=True)
        labels = dict(self._fields["result"]._description_selection(self.env))
        label = self.outcome_id.name or labels[self.result]
        text = f"{label}. {self.note or ''}".strip()
        call.call_outcome_id = self.outcome_id
        message = self.env["mail.message"].browse(call.action_feedback(feedback=text))
        if outcome := self.outcome_id:
            message._write_bodies(
                lambda lang: outcome.with_context(lang=lang)._describe_result(
                    self.note, planned
                )
            )
        following = getattr(self, f"_process_{self.result}")()
        self.lead_id._take_when_free()
        if self.date and not following:  # the lead may leave the list
            _day, time = tell_time(self.env, self.date, self.lead_id._get_time_zone())
            following = get_notice("success", self.env._("Call again: %s", time))
        return following or {"type": "ir.actions.act_window_close"}

    @api.model
    def _open(self, **defaults):
        """Return the action that opens the dialog, with defaults in its context."""
        return self._get_records_action(
            name=self.env._("Result of the Call"),
            target="new",
            context={**defaults, "dialog_size": "medium"},
        )

    def _process_no_answer(self):
        self._check_date()
        self.lead_id._plan_next_try(self.date)

    def _process_call_back(self):
        self._check_date()
        self.lead_id._get_calls_again("no_answer", "call_back").unlink()
        self.lead_id._plan_activity(
            CALL,
            self.date,
            lambda env, time: env._("Call back at %s", time),
            call_reason="call_back",
        )

    def _check_date(self):
        if not self.date:
            raise UserError(self.env._("Tell when to call again."))

    def _process_booked(self):
        if not self.appointment_date:
            raise UserError(self.env._("Tell when the customer comes."))
        self.lead_id._plan_activity(
            MEETING,
            self.appointment_date,
            lambda env, time: env._("Appointment at %s", time),
        )

    def _process_not_reached(self):
        """Leave the lead as it is: nobody has spoken with the customer yet."""
        text = self.env._(
            "%s was not reached: call another number, write a message, or mark the "
            "lead as lost."
        )
        # The lead may leave its place in the list.
        link = {"label": self.lead_id.call_name, "url": self.lead_id._get_staff_url()}
        return get_notice("warning", text, links=[link])

    def _process_done(self):
        """Leave the lead as it is."""

    def _process_not_interested(self):
        self.lead_id.action_set_lost(lost_reason_id=self.lost_reason_id.id)
