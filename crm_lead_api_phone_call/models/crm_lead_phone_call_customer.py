# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.exceptions import FieldError
from odoo.addons.crm_lead_api.schemas.record_list import get_unknown
from odoo.addons.crm_lead_api.tools.mode import is_in_test_mode

_lt = LazyTranslate(__name__, default_lang="en_US")

NOBODY = _lt(
    "The call has neither a lead nor a known customer: send callback_at together with "
    "ticket_id, account_id or the phone of a customer."
)


class CrmLeadPhoneCall(models.Model):
    """Find the lead, the customer and the agent of a phone call."""

    _inherit = "crm.lead.phone.call"

    lead_id = fields.Many2one("crm.lead", index="btree_not_null", ondelete="set null")
    # Not "cascade": Odoo's privacy look-up does not find records that the database
    # deletes with the contact.
    partner_id = fields.Many2one(
        "res.partner", string="Contact", index="btree_not_null", ondelete="set null"
    )
    has_account = fields.Boolean(
        "Contact as Sent", help="The outside system has named the contact."
    )
    ticket_ref = fields.Char(
        "Ticket", help="The ticket's number in the outside system."
    )
    source_group_id = fields.Many2one(related="lead_id.source_group_id")

    _ticket_index = models.Index("(ticket_ref, client_id) WHERE ticket_ref IS NOT NULL")

    def _prepare_related_values(self, payload, values, call_ref):
        """Prepare the links of the call to lead, contact, agent and company.

        :param PhoneCallRequest payload: with or without errors
        :param dict values: the new values, by field
        :param str call_ref: the call's id in the outside system
        :return: the values by field, and the errors
        :rtype: tuple[dict, list[FieldError]]
        """
        client = self.env.user._get_lead_api_client()
        companies = client.company_id | self.env.user.company_id | self.env.companies
        calls = self.with_context(allowed_company_ids=companies.ids)
        related, errors = {}, []
        if "agent_email" in values and values["agent_email"] != self.agent_email:
            related["agent_id"] = calls._find_agent(values["agent_email"]).id
        account = calls.partner_id if self.has_account else calls.partner_id.browse()
        if payload.names("account_id"):
            account = account.browse()
            if payload.account_id:
                account = calls._find_account(payload.account_id)
            related["has_account"] = bool(account)
            if payload.account_id and not account:
                message = get_unknown("account_id")
                errors.append(FieldError("account_id", "unknown", message))
        phone = values.get("phone", self.phone)
        if phone != self.phone:
            related["phone_key"] = calls._get_phone_key(phone)
        is_other_ticket = values.get("ticket_ref", self.ticket_ref) != self.ticket_ref
        is_named = is_other_ticket or phone != self.phone or payload.names("account_id")
        lead, partner = calls.lead_id, calls.partner_id
        if is_named or not lead:
            lead, partner = calls._find_customer(payload, account, phone)
            related |= {
                "lead_id": lead.id,
                "partner_id": partner.id,
                "company_id": self._find_company(lead, partner, client).id,
            }
        is_test = is_in_test_mode(self.env)
        keys = [] if self else [f"phone call {client.id} {is_test} {call_ref}"]
        if is_other_ticket and values["ticket_ref"] and not lead:
            keys.append(self._get_ticket_key(client, values["ticket_ref"]))
        # Another request for the call, and the request for the ticket's lead, have to
        # wait, and see the call when Odoo runs them again.
        self.env["crm.lead.api.lock"]._lock(keys)
        if values.get("callback_date") and not (lead or partner or errors):
            errors.append(FieldError("callback_at", "mismatch", NOBODY))
        return related, errors

    @api.model
    def _get_ticket_key(self, client, ticket):
        """Return the key to lock while calls and lead of a ticket are joined."""
        return f"phone calls of ticket {client.id} {ticket}"

    @api.model
    def _get_country(self):
        """Return the country of the client's national phone numbers."""
        client = self.env.user._get_lead_api_client()
        # sudo: the country of its company is no secret of the client's
        return client.country_id or self.env.company.sudo().country_id

    @api.model
    def _get_phone_key(self, phone):
        """Return the common form of a number; see ``res.partner._get_phone_key``."""
        return self.env["res.partner"]._get_phone_key(phone, self._get_country())

    @api.model
    def _find_agent(self, email):
        [agent] = self.env["crm.lead"]._find_agents([email], self.env.companies)
        return agent

    @api.model
    def _find_account(self, account_id):
        """Return the contact that a request names, if the client may use it."""
        partners = self.env["res.partner"]
        return partners.search(
            Domain("id", "=", account_id)
            & Domain(partners._check_company_domain(self.env.companies))
        )

    def _find_customer(self, payload, account, phone):
        """Find the lead of the ticket, or else the customer and the customer's newest
        open lead.

        :param account: the contact that the client has named, ``res.partner``
        :return: lead and contact, each perhaps empty
        """
        ticket = self._get_ticket_id() if self else None
        if payload.names("ticket_id"):
            ticket = payload.ticket_id
        reader = self.env["crm.lead.api.reader"]
        if ticket is not None:
            leads = reader._find_own_by_ticket(ticket)
            is_open = leads.filtered(lambda lead: lead.won_status == "pending")
            if lead := (is_open or leads)[:1]:
                return lead, lead.partner_id
        partner = account
        if not partner and phone:
            partner = self.env["res.partner"]._find_by_phone(
                phone, self._get_country(), self.env.companies
            )
        leads, domain = reader._get_leads()
        if ticket is not None or not partner:
            return leads, partner
        domain &= Domain("partner_id", "=", partner.id)
        domain &= Domain("won_status", "=", "pending")
        return leads.search(domain, order="id desc", limit=1), partner

    @api.model
    def _find_company(self, lead, partner, client):
        # sudo: the company of a contact that the client may see
        return (
            lead.company_id
            or partner.sudo().company_id
            or client.company_id
            or self.env.company
        )

    def _check_access(self, operation):
        """Let staff read, and so hear, only the calls of leads that they may read."""
        result = super()._check_access(operation)
        if self.env.su or operation != "read" or self.env.user._get_lead_api_client():
            return result
        forbidden, get_error = result or (self.browse(), None)
        # sudo: the calls' leads, whose rights are then checked
        calls = (self - forbidden).sudo()
        leads = calls.lead_id.with_env(self.env)
        hidden = leads - leads._filtered_access("read")
        if not hidden:
            return result
        forbidden |= self.browse(calls.filtered(lambda c: c.lead_id in hidden).ids)
        rules = self.env["ir.rule"]
        return forbidden, get_error or (
            lambda: rules._make_access_error(operation, forbidden)
        )

    def _get_visible_records(self):
        """Return the contact and the lead that the reading client may know.

        :return: ``res.partner`` and ``crm.lead``, each perhaps empty
        """
        client = self.env.user._get_lead_api_client()
        # sudo: the client's user has no rights on leads of staff
        lead, partner = self.lead_id.sudo(), self.partner_id.sudo()
        reader = self.env["crm.lead.api.reader"]
        if lead and lead.lead_api_client_id != client:
            _leads, domain = reader._get_leads()
            lead = lead.filtered_domain(domain)
        may_know = lead or self.has_account or client.looks_up_customers
        return (partner if may_know else partner.browse()), lead

    def _join(self, lead):
        """Give the call, which had none, the lead of its ticket."""
        values = {
            "lead_id": lead.id,
            "partner_id": lead.partner_id.id,
            "company_id": (lead.company_id or self.company_id).id,
        }
        self.write(values)
        self._process_changes(set(values))
