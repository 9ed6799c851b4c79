# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

from .crm_lead_phone_call import MISSED


class CrmLeadPhoneCall(models.Model):
    """Tell which missed calls nobody has called back, or too late."""

    _inherit = "crm.lead.phone.call"

    is_missed = fields.Boolean(
        "Missed",
        compute="_compute_is_missed",
        store=True,
        help="An incoming call that nobody answered.",
    )
    call_back_deadline = fields.Datetime(
        "Call Back By",
        help="The end of the working minutes that the settings grant after a missed "
        "call.",
    )
    called_back_date = fields.Datetime(
        "Called Back", help="When the number was called after the missed call."
    )
    is_called_back_late = fields.Boolean(
        "Called Back Late", compute="_compute_is_called_back_late", store=True
    )

    _missed_index = models.Index(
        "(phone_key, start_date) WHERE is_missed AND called_back_date IS NULL"
    )
    _outgoing_index = models.Index(
        "(phone_key, start_date) WHERE direction = 'out' AND phone_key IS NOT NULL"
    )
    _deadline_index = models.Index("(call_back_deadline) WHERE is_missed")

    @api.depends("direction", "outcome")
    def _compute_is_missed(self):
        for call in self:
            call.is_missed = call.direction == "in" and call.outcome in MISSED

    @api.depends("called_back_date", "call_back_deadline")
    def _compute_is_called_back_late(self):
        for call in self:
            deadline, date = call.call_back_deadline, call.called_back_date
            call.is_called_back_late = bool(deadline and date and date > deadline)

    def _process_changes(self, names):
        if names & {"direction", "outcome", "start_date", "phone_key"}:
            # sudo: another client may have told of the other call
            self.sudo()._update_missed()
        return super()._process_changes(names)

    def _update_missed(self):
        if self.is_missed:
            self._expect_call_back()
        elif self.call_back_deadline:  # not missed after all
            self.write({"call_back_deadline": False, "called_back_date": False})
        if self.direction == "out" and self.phone_key:
            self._answer_missed_calls()

    def _expect_call_back(self):
        """Set the time by which to call back, and find a later outgoing call."""
        values = {"call_back_deadline": self._get_call_back_deadline()}
        if self.phone_key:
            later = self._get_same_number() & Domain(
                "start_date", ">=", self.start_date
            )
            called = self.search(
                later & Domain("direction", "=", "out"), order="start_date", limit=1
            )
            values["called_back_date"] = called.start_date
        self.write(values)

    def _answer_missed_calls(self):
        """Note on earlier missed calls of the number that it was called back."""
        earlier = self._get_same_number() & Domain("start_date", "<=", self.start_date)
        self.search(
            earlier
            & Domain("is_missed", "=", True)
            & Domain("called_back_date", "=", False)
        ).called_back_date = self.start_date

    def _get_same_number(self):
        return Domain("phone_key", "=", self.phone_key) & Domain(
            "company_id", "=", self.company_id.id
        )

    def _get_call_back_deadline(self):
        """Return the end of the working minutes of the company after the call began;
        without working hours all minutes count."""
        minutes = self.env["ir.config_parameter"]._get_phone_call_int(
            "call_back_minutes"
        )
        start = pytz.utc.localize(self.start_date)
        calendar = self.company_id.resource_calendar_id
        end = calendar and calendar.plan_hours(minutes / 60, start, compute_leaves=True)
        end = end or start + timedelta(minutes=minutes)
        return end.astimezone(pytz.utc).replace(tzinfo=None, microsecond=0)
