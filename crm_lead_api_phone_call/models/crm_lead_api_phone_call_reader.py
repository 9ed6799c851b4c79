# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.exceptions import AnswerError
from odoo.addons.crm_lead_api.tools.joint_search import search_newest

from ..schemas.phone_call import is_call_id

_lt = LazyTranslate(__name__, default_lang="en_US")

UNKNOWN = _lt("Your client has sent no phone call with this id.")
NO_RECORDING = _lt("The phone call has no recording: none came, or it was erased.")
MAX_CALLS = 10  # of a customer


class CrmLeadApiPhoneCallReader(models.AbstractModel):
    """Find the phone calls that a client may read: the calls that it sent or, with
    *Reads All Leads*, all calls of its companies."""

    _name = "crm.lead.api.phone.call.reader"
    _description = "Lead API Phone Call Reader"

    @api.model
    def _find_own(self, call_ref):
        """Return the client's call with an id, perhaps none."""
        calls = self.env["crm.lead.phone.call"]
        if not is_call_id(call_ref):
            return calls
        client = self.env.user._get_lead_api_client()
        own = Domain("client_id", "=", client.id) & Domain("call_ref", "=", call_ref)
        columns = [
            name
            for name, field in calls._fields.items()
            if field.store and field.column_type
        ]
        return calls.search_fetch(own, columns)

    @api.model
    def _get_own(self, call_ref):
        """Return the client's call with an id.

        :raise AnswerError: there is none (404)
        """
        call = self._find_own(call_ref)
        if not call:
            raise AnswerError(404, "not_found", UNKNOWN)
        return call

    @api.model
    def _get_recording(self, call_ref):
        """Return the attachment of the recording that the client has sent.

        :raise AnswerError: there is none (404)
        """
        attachment = self._get_own(call_ref)._get_recording_attachment()
        if not attachment:
            raise AnswerError(404, "not_found", NO_RECORDING)
        return attachment

    @api.model
    def _get_page(self, query, horizon):
        """Return the calls of a query, the oldest change first.

        :param PhoneCallsQuery query: a checked query
        :param horizon: of ``crm.lead.api.reader``
        :return: the calls, and the cursor of the next page or ``None``
        """
        calls, domain = self._get_calls()
        if query.ticket_id is not None:
            domain &= self._has_ticket(query.ticket_id)
        if query.phone:
            keys = self.env["res.partner"]._get_phone_search_keys(
                query.phone, calls._get_country()
            )
            domain &= Domain("phone_key", "in", keys)
        reader = self.env["crm.lead.api.reader"]
        return reader._get_page_of(calls, domain, query, horizon)

    @api.model
    def _has_ticket(self, ticket):
        """Return the domain of the calls of a ticket: as sent, or of its lead."""
        client = self.env.user._get_lead_api_client()
        leads = self.env["crm.lead.api.reader"]._find_by_ticket(ticket)
        is_sent = Domain("client_id", "=", client.id)
        is_sent &= Domain("ticket_ref", "=", str(ticket))
        return is_sent | Domain("lead_id", "in", leads.ids)

    @api.model
    def _get_calls(self):
        """Return the model of calls, and the domain of the calls to read."""
        client = self.env.user._get_lead_api_client()
        # sudo: the domain limits the calls
        calls = self.env["crm.lead.phone.call"].sudo()
        if client.reads_all_leads:
            return calls, Domain("company_id", "in", self.env.companies.ids)
        return calls, Domain("client_id", "=", client.id)

    @api.model
    def _find_newest(self, partners):
        """Return the newest calls of customers, by customer.

        :param partners: ``res.partner``
        """
        calls, domain = self._get_calls()
        newest = search_newest(calls, domain, partners, MAX_CALLS, calls._order)
        return calls.search(Domain("id", "in", newest)).grouped("partner_id")
