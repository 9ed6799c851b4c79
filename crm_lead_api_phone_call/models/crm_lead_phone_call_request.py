# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_lead_api.exceptions import AnswerError, FieldError, PayloadError
from odoo.addons.crm_lead_api.http.body import BYTES
from odoo.addons.crm_lead_api.schemas.record_list import get_unknown
from odoo.addons.crm_lead_api.tools.mode import is_in_test_mode

from ..schemas import (
    FIELDS,
    CallingCustomer,
    StoredPhoneCall,
    StoredPhoneCallsResponse,
    is_call_id,
)
from ..translate import _lt
from .res_config_settings import RECORDING_DAYS

HEAD = 12  # bytes
# How a file of each media type begins
BEGINNINGS = {
    # A tag, or the header of a frame of MPEG audio
    "audio/mpeg": re.compile(
        rb"ID3|\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff][\x00-\xef]", re.DOTALL
    ),
    "audio/wav": re.compile(rb"RIFF.{4}WAVE", re.DOTALL),
    "audio/ogg": re.compile(rb"OggS\x00"),
    "audio/mp4": re.compile(rb".{4}ftyp", re.DOTALL),
}
MISSED_FIELDS = {"direction", "outcome", "answer_date", "start_date", "phone_key"}
# Fields whose values the line in the chatter has
LINE_FIELDS = {
    *("lead_id", "direction", "phone", "outcome", "start_date", "answer_date"),
    *("end_date", "agent_id", "agent_email", "note", "call_type"),
}
UNKNOWN = _lt("Your client has sent no phone call with this id.")
NO_RECORDING = _lt("The phone call has no recording: none came, or it was erased.")
NO_SOUND = _lt("The file is none of: %(types)s.", types=", ".join(BEGINNINGS))
BEFORE_START = _lt("Send a time that is not before started_at.")
AFTER_START = _lt("Send a time that is not after answered_at and ended_at.")
NOBODY = _lt(
    "The call has neither a lead nor a known customer: send callback_at together with "
    "ticket_id, account_id or the phone of a customer."
)


class CrmLeadPhoneCall(models.Model):
    """Make, change and read phone calls, and keep recordings, for clients.

    A client may read the calls that it sent and, with *Reads All Leads*, all calls of
    its companies.
    """

    _inherit = "crm.lead.phone.call"

    _record_schema = StoredPhoneCall
    _page_schema = StoredPhoneCallsResponse
    _kept_attributes = {"call_id"}
    _customer_schema = CallingCustomer

    # ------------------------------------------------------------ reading

    @api.model
    def _find_own(self, call_ref):
        """Return the client's call with an id, perhaps none, as superuser."""
        if not is_call_id(call_ref):
            return self.browse()
        client = self.env.user._get_lead_api_client()
        # sudo: with its lead a call may have moved to a company of staff's
        return self.sudo().search(
            [("client_id", "=", client.id), ("call_ref", "=", call_ref)]
        )

    @api.model
    def _get_own(self, call_ref):
        """Return the client's call with an id, or raise an AnswerError (404)."""
        call = self._find_own(call_ref)
        if not call:
            raise AnswerError(404, "not_found", UNKNOWN)
        return call

    @api.model
    def _get_recording(self, call_ref):
        """Return the attachment of the recording that the client has sent, or raise an
        AnswerError (404)."""
        attachment = self._get_own(call_ref)._get_recording_attachment()
        if not attachment or attachment._is_lost():
            raise AnswerError(404, "not_found", NO_RECORDING)
        return attachment

    @api.model
    def _get_readable(self):
        client = self.env.user._get_lead_api_client()
        own = Domain("client_id", "=", client.id)
        if client.reads_all_leads:
            calls, domain = super()._get_readable()
            return calls, domain | own
        # sudo: as there
        return self.sudo().browse(), own

    @api.model
    def _get_query_domain(self, query):
        domain = super()._get_query_domain(query)
        client = self.env.user._get_lead_api_client()
        if query.ticket_id is not None:  # as sent, or of the lead
            leads = self.env["crm.lead.api.reader"]._find_by_ticket(query.ticket_id)
            is_sent = Domain("client_id", "=", client.id)
            is_sent &= Domain("ticket_ref", "=", str(query.ticket_id))
            domain &= is_sent | Domain("lead_id", "in", leads.ids)
        if query.phone:
            keys = self.env["res.partner"]._get_phone_search_keys(
                query.phone, client._get_phone_country()
            )
            domain &= Domain("phone_key", "in", keys)
        return domain

    # ------------------------------------------------------------ changing

    def _put_from_payload(self, payload, call_ref):
        """Change the call by a request, or make a call if there is none; return the
        call.

        :param PhoneCallRequest payload: with or without errors
        :param str call_ref: the call's id in the outside system
        :raise PayloadError: the payload has errors, or some show only here
        """
        values, call, new_again = payload.to_values(), self, self.env["crm.lead"]
        related, errors = self._prepare_related_values(payload, values, call_ref)
        errors += payload.get_errors() + self._find_wrong_times(payload, values)
        if not call:
            errors += payload.find_missing_of_new()
        if errors:
            raise PayloadError(payload.sort_errors(errors))
        values |= related
        if not call:
            client = self.env.user._get_lead_api_client()
            values |= {"client_id": client.id, "call_ref": call_ref}
            call = self.sudo(False).create(values)
        elif values := self._leave_out_equal(values):
            # sudo: the client's user has no rights on leads of staff and other calls
            changed = self.sudo()
            lead, date = changed.lead_id, changed._get_contact_date()
            is_other = not values.keys().isdisjoint(("phone_key", "start_date"))
            answered = changed._find_called_back() if is_other else changed.browse()
            self.write(values)
            new_again = changed._take_back_contact(lead, date)
            answered._update_called_back()
        if values:
            call._process_changes(set(values))
        if new_again:  # after the call that was missed is planned, which is enough
            new_again._plan_first_call(fields.Datetime.now())
        return call

    def _process_changes(self, names):
        """Update lead, chatter and planned calls after the fields with some names have
        changed."""
        self.ensure_one()
        may_be_missed = names & MISSED_FIELDS
        if may_be_missed:
            # sudo: another client may have told of the other call
            self.sudo()._update_missed(is_other_number="phone_key" in names)
        # In the language of the client's user: that of the request is for the answer.
        lang = self.env.user.context_get().get("lang")
        # sudo: the client's user has no rights on leads and contacts of staff
        call = self.sudo().with_context(lang=lang)
        if "lead_id" in names and call.message_id.res_id != call.lead_id.id:
            call.message_id.unlink()  # the line in the chatter of an earlier lead
        if names & LINE_FIELDS:
            call._write_line()
        contact = call._get_contact_date()
        if contact and not call.lead_id.first_contact_date:
            call.lead_id.first_contact_date = contact
        is_new = names & {"lead_id", "outcome", "answer_date", "callback_date"}
        if is_new and call._get_first_contacts():
            call.lead_id._end_first_calls(
                lambda: call.exists()._get_first_contacts()._get_leads_at_rest()
            )
        if names & {"lead_id", "outcome"}:
            call._process_try()
        is_done = call.activity_id and not call.activity_id.active
        is_moved = names & {"lead_id", "partner_id"} and not is_done
        may_be_missed = may_be_missed and not (call.callback_date or is_done)
        was_missed = may_be_missed and (call.call_back_deadline or call.activity_id)
        if "callback_date" in names or is_moved or was_missed:
            call._plan_callback()

    def _find_wrong_times(self, payload, values):
        """Return an error for each time before the beginning of the call, with the new
        values by field."""
        start = values.get("start_date", self.start_date)
        wrong = []
        for name in ("answered_at", "ended_at"):
            time = values.get(FIELDS[name], self[FIELDS[name]])
            if start and time and time < start:
                wrong.append(name)
        if wrong and not any(map(payload.names, wrong)):
            return [FieldError("started_at", "range", AFTER_START)]
        return [FieldError(name, "range", BEFORE_START) for name in wrong]

    def _prepare_related_values(self, payload, values, call_ref):
        """Prepare the links of the call to lead, contact, agent and company.

        :param PhoneCallRequest payload: with or without errors
        :param dict values: the new values, by field
        :return: the links by field, and the errors
        """
        client = self.env.user._get_lead_api_client()
        companies = client.company_id | self.env.user.company_id | self.env.companies
        # Unlike the call, what it names is found with the client's own rights.
        calls = self.sudo(False).with_context(allowed_company_ids=companies.ids)
        related, errors = {}, []
        if "agent_email" in values and values["agent_email"] != self.agent_email:
            leads, emails = calls.env["crm.lead"], [values["agent_email"]]
            [agent] = leads._find_agents(emails, calls.env.companies)
            related["agent_id"] = agent.id
        before = self.partner_id if self.has_account else self.partner_id.browse()
        account, partners = before, calls.env["res.partner"]
        if payload.names("account_id") and payload.account_id != before.id:
            account = before.browse()
            if account_id := payload.account_id:
                account = partners._find_account(account_id, calls.env.companies)
                if not account:
                    message = get_unknown("account_id")
                    errors.append(FieldError("account_id", "unknown", message))
            related["has_account"] = bool(account)
        phone = values.get("phone", self.phone)
        if phone != self.phone:
            related["phone_key"] = calls._get_phone_key(phone)
        ticket = values.get("ticket_ref", self.ticket_ref)
        is_other_ticket = ticket != self.ticket_ref
        is_other_customer = phone != self.phone or account != before
        lead, partner = self.lead_id, self.partner_id
        # The ticket's lead has the call, even if a newer one has the ticket now.
        if is_other_ticket or not lead or (is_other_customer and not ticket):
            lead, partner = calls._find_customer(payload, account, phone)
            # sudo: the company of a contact that the client may see
            company = lead.company_id or partner.sudo().company_id or client.company_id
            related |= {
                "lead_id": lead.id,
                "partner_id": partner.id,
                "company_id": (company or self.env.company).id,
            }
        is_test = is_in_test_mode(self.env)
        keys = [] if self else [f"phone call {client.id} {is_test} {call_ref}"]
        if is_other_ticket and ticket and not lead:
            keys.append(self._get_ticket_key(client, ticket))
        # Another request for the call, and the request for the ticket's lead, have to
        # wait, and see the call when Odoo runs them again.
        self.env["crm.lead.api.lock"]._lock(keys)
        if values.get("callback_date") and not (lead or partner or errors):
            errors.append(FieldError("callback_at", "mismatch", NOBODY))
        return related, errors

    def _find_customer(self, payload, account, phone):
        """Find the lead of the ticket, or else the customer, whom the client may have
        named by account, and the customer's newest open lead; each perhaps empty."""
        is_named = payload.names("ticket_id")
        ticket = payload.ticket_id if is_named else self._get_ticket_id()
        reader = self.env["crm.lead.api.reader"]
        client = self.env.user._get_lead_api_client()
        if ticket is not None:
            leads = reader._find_own_by_ticket(ticket)
            is_open = leads.filtered(lambda lead: not lead._is_at_rest())
            if lead := (is_open or leads)[:1]:
                return lead, lead.partner_id
        partner = account
        if not partner and phone:
            partner = self.env["res.partner"]._find_by_phone(
                phone, client._get_phone_country(), self.env.companies
            )
        leads, domain = reader._get_leads()
        if ticket is not None or not partner:
            return leads, partner
        domain &= Domain("partner_id", "=", partner.id)
        domain &= Domain("won_status", "=", "pending") & Domain("active", "=", True)
        return leads.search(domain, order="id desc", limit=1), partner

    def _get_ticket_id(self):
        """Return the ticket as the client sends it: digits are a number, or else a
        text; ``None`` without a ticket."""
        ticket = self.ticket_ref or None
        # sudo: staff may not read clients, but a client may know how its tickets are
        if not ticket or self.client_id.sudo().has_text_tickets:
            return ticket
        return int(ticket) if ticket.isascii() and ticket.isdigit() else ticket

    @api.model
    def _get_ticket_key(self, client, ticket):
        """Return the key to lock while calls and lead of a ticket are joined."""
        return f"phone calls of ticket {client.id} {ticket}"

    def _get_visible_records(self):
        """Return the contact and the lead, each perhaps empty, that the reading client
        may know."""
        client = self.env.user._get_lead_api_client()
        # sudo: the client's user has no rights on leads of staff
        lead, partner = self.lead_id.sudo(), self.partner_id.sudo()
        reader = self.env["crm.lead.api.reader"]
        if lead and lead.lead_api_client_id != client:
            _leads, domain = reader._get_leads()
            lead = lead.filtered_domain(domain)
        may_know = lead or self.has_account or client.looks_up_customers
        return (partner if may_know else partner.browse()), lead

    @api.model
    def _get_phone_key(self, phone):
        """Return the common form of a number; see ``res.partner._get_phone_key``."""
        country = self.env.user._get_lead_api_client()._get_phone_country()
        return self.env["res.partner"]._get_phone_key(phone, country)

    # ------------------------------------------------------------ recordings

    @api.model
    def _check_recording(self, file):
        """Check that a file begins as its media type says, or find the type of a file
        that was declared as bytes; another type raises a PayloadError."""
        head = file.get_bytes(HEAD)
        types = [name for name, each in BEGINNINGS.items() if each.match(head)]
        if file.media_type == BYTES and types:
            file.media_type = types[0]
        elif file.media_type not in types:
            message = NO_SOUND
            if file.media_type != BYTES:
                message = _lt(
                    "The file is no %(type)s: send it with the media type that it has.",
                    type=file.media_type,
                )
            raise PayloadError([FieldError("recording", "format", message)])

    def _keep_recording(self, file):
        """Keep a file as the recording of the call, instead of an earlier one."""
        self.ensure_one()
        attachment = self._get_recording_attachment()
        kept = (attachment.checksum, attachment.mimetype)
        if kept == (file.checksum, file.media_type) and not attachment._is_lost():
            return
        # sudo: the attachment of a binary field, as Odoo makes it
        self.env["ir.attachment"].sudo()._create_from_file(
            file,
            name="recording",
            res_model=self._name,
            res_field="recording",
            res_id=self.id,
        )
        attachment.unlink()
        self._describe_recording(file)

    def _describe_recording(self, file):
        self.write({"recording_type": file.media_type, "recording_size": file.size})
        self.invalidate_recordset(["recording"])

    def _get_recording_attachment(self):
        """Return the attachment of the recording, with superuser rights."""
        # sudo: who may read the call may hear it
        attachments = self.env["ir.attachment"].sudo()
        of_field = Domain("res_model", "=", self._name)
        of_field &= Domain("res_field", "=", "recording")
        return attachments.search(of_field & Domain("res_id", "in", self.ids))

    def _delete_recordings(self):
        """Delete the recordings of the calls, and keep the rest."""
        self._get_recording_attachment().unlink()
        self.write({"recording_type": False, "recording_size": 0})
        self.invalidate_recordset(["recording"])

    @api.model
    def _cron_forget_recordings(self):
        """Delete the recordings of old calls; the notes stay."""
        days = self.env["ir.config_parameter"]._get_lead_api_int(RECORDING_DAYS)
        oldest = fields.Datetime.now() - timedelta(days=days)
        domain = Domain("start_date", "<", oldest)
        domain &= Domain("recording_type", "!=", False)
        self.env["ir.cron"]._do_in_batches(
            self, domain, "start_date", "_delete_recordings"
        )
