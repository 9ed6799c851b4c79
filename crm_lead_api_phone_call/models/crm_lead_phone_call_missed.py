# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_lead_api.models.lead.customer_profile_mixin import PHONE_KEY_FIELDS
from odoo.addons.crm_lead_api.tools.mode import ALL, MODE
from odoo.addons.crm_lead_api.tools.phone_number import is_filler, parse_phone

from .res_config_settings import CALL_BACK_MINUTES


class CrmLeadPhoneCall(models.Model):
    """Note which missed calls are to be called back, by when, and when they were."""

    _inherit = "crm.lead.phone.call"

    def _update_missed(self, is_other_number):
        """Set the time by which to call back, by the company's working hours, and the
        later call that counts, or else when staff called the same number by hand."""
        minutes = self.env["ir.config_parameter"]._get_lead_api_int(CALL_BACK_MINUTES)
        key = self.phone_key or ""
        is_withheld = is_filler(key) and not parse_phone(key, False)
        if self.is_missed and not is_withheld:
            by_hand = not is_other_number and self.called_back_date
            dates = (self._find_call_back().start_date, by_hand)
            dates = [date for date in dates if date and date >= self.start_date]
            calendar = self.company_id.resource_calendar_id
            self.write(
                {
                    "call_back_deadline": calendar._add_working_minutes(
                        self.company_id, self.start_date, minutes
                    ),
                    "called_back_date": min(dates, default=False),
                }
            )
        elif self.call_back_deadline:  # not missed after all
            self.write({"call_back_deadline": False, "called_back_date": False})
        if not is_withheld:
            self._update_missed_before()

    def _find_call_back(self):
        """Return the first later call of the number that was outgoing or answered."""
        return self.search(
            self._get_same_number()
            & Domain("start_date", ">=", self.start_date)
            & (Domain("direction", "=", "out") | Domain("is_answered", "=", True)),
            order="start_date",
            limit=1,
        )

    def _update_missed_before(self):
        """Note on earlier missed calls of the number that this call answers them, or
        that it does so no more."""
        if self.direction == "in" and not self.is_answered:
            self._find_called_back()._update_called_back()
            return
        missed = self.search(
            self._get_same_number()
            & Domain("start_date", "<=", self.start_date)
            & Domain("is_missed", "=", True)
            & Domain("called_back_date", "=", False)
        )
        missed._mark_as_called_back(self.start_date)

    def _update_called_back(self):
        """Note when missed calls were called back, if not by the call that counted."""
        for call in self:
            call.called_back_date = call._find_call_back().start_date
            if not (call.callback_date or call.activity_id):
                call._plan_callback()

    def _find_called_back(self):
        """Return the missed calls that this call has answered."""
        return self.search(
            self._get_same_number()
            & Domain("is_missed", "=", True)
            & Domain("called_back_date", "=", self.start_date)
        )

    def _mark_as_called_back(self, date):
        """Note when the missed calls were called back; a call that was planned for a
        time that was agreed on stays planned."""
        self.called_back_date = date
        self.filtered(lambda call: not call.callback_date)._unplan_callback()

    @api.model
    def _mark_calls_of(self, leads):
        """Mark the missed calls of leads, and of their numbers, as called back now."""
        # sudo: no user may write calls, and who has called may not see the lead
        leads = leads.sudo()
        of_leads = Domain.FALSE
        for lead in leads:
            numbers = [lead[name] for name in PHONE_KEY_FIELDS if lead[name]]
            company = lead.company_id or self.env.company
            has_number = Domain("phone_key", "in", numbers)
            has_number &= Domain("company_id", "=", company.id)
            is_own = Domain("lead_id", "=", lead.id) | has_number
            of_leads |= is_own & Domain("is_lead_api_test", "=", lead.is_lead_api_test)
        is_open = Domain("called_back_date", "=", False)
        calls = self.sudo().with_context(**{MODE: ALL})
        missed = calls.search(of_leads & Domain("is_missed", "=", True) & is_open)
        missed._mark_as_called_back(fields.Datetime.now())

    def _get_same_number(self):
        """Return the domain of the number's calls in the same company, or by the same
        telephone system, which may be of several branches."""
        is_near = Domain("company_id", "=", self.company_id.id)
        is_near |= Domain("client_id", "=", self.client_id.id)
        return Domain("phone_key", "=", self.phone_key) & is_near
