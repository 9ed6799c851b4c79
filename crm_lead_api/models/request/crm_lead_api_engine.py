# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from functools import partial
from typing import NamedTuple

from psycopg2 import OperationalError

from odoo import models
from odoo.exceptions import ConcurrencyError

from ...exceptions import (
    AMBIGUOUS_TICKET,
    CLOSED_LEAD,
    KEY_CONFLICT,
    UNKNOWN_LEAD,
    AnswerError,
    DryRunDone,
    FieldError,
)
from ...http.errors import describe_error, describe_warnings
from ...http.outcome import Outcome
from ...schemas import (
    ChangedLeadResponse,
    DryRunResponse,
    LeadChange,
    LeadRequest,
    LeadResponse,
    NoteResponse,
    StoredLeadResponse,
    UpsertedLeadResponse,
)
from ...schemas.lead_change import NoteData
from ...tools.mail_queue import send_mails_soon
from ...tools.transaction import savepoint
from ...translate import _lt
from ..lead.customer_profile_mixin import PHONE_KEY_FIELDS

_logger = logging.getLogger(__name__)

CLOSED = ("won", "lost")  # states of a lead
# Kept apart from the attributes in the log's entry of a change
NO_ATTRIBUTES = {
    *("updated_at", "ticket_ids", "id_lead", "link_lead_detail", "proposed"),
    "warnings",
}
STALE = _lt(
    "If-Match is not the ETag of the lead as it is now: read the lead again, and send "
    "the change with the new ETag."
)


class LeadAddress(NamedTuple):
    """Hold the part of an address that names a lead: one of its id and a ticket."""

    lead_id: int | None = None  # as in /lead/12
    ticket_id: int | str | None = None  # as in /lead?ticket_id=100234


class CrmLeadApiEngine(models.AbstractModel):
    """Serve requests for leads: begin, replay, make, log, and keep the answer.

    The API makes all leads here: one lead, many leads, dry runs, and requests that an
    administrator sends again. The engine has the rights of the client's user.
    """

    _name = "crm.lead.api.engine"
    _description = "Lead API Engine"

    def _serve(self, received) -> Outcome[LeadResponse]:
        """Make the lead of a request, or repeat the answer to an earlier request.

        :raise PayloadError: the payload has errors
        :raise AnswerError: the key belongs to another payload (409)
        :raise DryRunDone: the request was a dry run
        """

        def make(received):
            lead = self.env["crm.lead"]._create_from_payload(received.payload)
            found = self.env["crm.lead.api.reader"]._find_own_by_tickets([received])
            return self._describe_lead(received, lead, lead._get_new_contacts(), found)

        return self._serve_one(received, make)

    def _serve_one(self, received, make) -> Outcome:
        """Serve a request, log it, and keep the answer; see :meth:`_replay_or_make`."""
        outcome = self._replay_or_make(received, make)
        self._keep([received], [outcome])
        return outcome

    def _replay_or_make(self, received, make) -> Outcome:
        """Repeat the answer to an earlier request, or make the records of a request, by
        a function that returns the outcome, or raises :class:`DryRunDone`."""
        [answers] = self._begin([received])
        outcome = self._replay(received, answers)
        if not outcome:
            outcome = make(received)
            outcome.answers = answers
        return outcome

    def _begin(self, requests):
        """Reserve the keys of requests, all dry runs or none; a dry run has no key.
        Return the :class:`KeptAnswer` under the keys of each."""
        if requests[0].is_dry_run:
            return [[] for _received in requests]
        all_answers = self.env["crm.lead.api.answer"]
        begun = all_answers._reserve_keys(requests)
        for position, answers in enumerate(begun):
            received, is_kept = requests[position], any(each.body for each in answers)
            if is_kept and not self._is_repetition(received, answers):
                # Another transaction that has done the same since this one began is a
                # serialization failure: Odoo runs the request again.
                all_answers._release(answers)
                [begun[position]] = all_answers._reserve_keys([received])
        return begun

    def _is_repetition(self, received, answers) -> bool:
        """Tell whether a request with kept answers is a repetition. Override this
        method if equal content may be a new request: when a first booking was
        cancelled."""
        return True

    def _replay(self, received, answers) -> Outcome:
        """Repeat the kept answer to an earlier request; ``None``: no answer is kept."""
        kept = next((answer for answer in answers if answer.body), None)
        if not kept:
            return None
        if not kept.matches_payload(received):
            raise AnswerError(*KEY_CONFLICT)
        headers = {"Idempotency-Replayed": "true"}
        if state := kept.get_lead_state():
            headers["X-Lead-State"] = state
        if kept.etag:
            headers["ETag"] = kept.etag
        return Outcome(
            body=kept.body,
            headers=headers,
            is_replayed=True,
            answers=[answer for answer in answers if not answer.body],
            values={
                "lead_id": kept.has_lead and kept.lead_id,
                "company_id": kept.company_id,
                "partner_id": kept.partner_id,
                "phones": kept.phones or "",
            },
        )

    def _describe_lead(self, received, lead, new_contacts, leads_by_ticket):
        """Describe the new lead of a request as an outcome. New contacts are of this
        lead, or of other leads in the same request, too."""
        warnings, shown = self._find_warnings(received, lead, leads_by_ticket)
        if received.is_dry_run:
            answer = DryRunResponse.from_lead(lead, new_contacts)
            raise DryRunDone(answer, warnings)
        answer = LeadResponse.from_lead(lead, shown)
        return Outcome(body=answer.to_body(), values=self._prepare_log_values(lead))

    def _prepare_log_values(self, lead, received=None):
        """Prepare the values of the log's entry of a request about a lead, with the
        lead's ticket, of several the named or the first one, unless the lead has just
        been made of a payload with the ticket."""
        phones = filter(None, (lead[name] for name in PHONE_KEY_FIELDS))
        values = {
            "lead_id": lead.id,
            "company_id": lead.company_id.id,
            "partner_id": lead.partner_id.id,
            "phones": ", ".join(phones),
        }
        if received:
            ticket_id = getattr(received.payload, "ticket_id", None)
            named = str(ticket_id or received.get_ticket_of_route())
            # sudo: the method reads the clients of merged leads
            tickets = map(str, lead.sudo()._get_ticket_ids(received.client))
            values["ticket_ref"] = min(
                tickets, key=lambda ticket: ticket != named, default=""
            )
        return values

    def _make_outcome(self, received, answer, warnings=(), before=None, **values):
        """Return the outcome of a served request.

        :param warnings: for the answer to a dry run
        :param before: the schema of the answer as it would be before a change
        :param values: of the log's entry, by field
        :raise DryRunDone: the request was a dry run
        """
        if received.is_dry_run:
            raise DryRunDone(answer, list(warnings))
        if before:
            old, new = before.to_body()["data"], answer.to_body()["data"]
            values["changes"] = {
                name: [value, new[name]]
                for name, value in old.items()
                if name not in NO_ATTRIBUTES and value != new[name]
            }
        return Outcome(
            body=answer.to_body(), headers=answer.get_headers(), values=values
        )

    def _keep(self, requests, outcomes):
        """Log the outcomes of requests, and keep the answers for repetitions."""
        log = self.env["crm.lead.api.request"]
        # sudo: users may not write the log
        entries = log.sudo().create(
            [
                log._prepare_values(
                    received,
                    outcome.status,
                    outcome.body,
                    is_replayed=outcome.is_replayed,
                    **outcome.values,
                )
                for received, outcome in zip(requests, outcomes, strict=True)
            ]
        )
        for entry, outcome in zip(entries, outcomes, strict=True):
            outcome.entry = entry
        if not all(outcome.is_replayed or outcome.error for outcome in outcomes):
            cr = self.env.cr
            cr.postcommit.add(partial(send_mails_soon, cr.dbname))
        self.env["crm.lead.api.answer"]._store(
            {
                answer.id: (each.body, each.headers.get("ETag"), outcome.entry.id)
                for outcome in outcomes
                if not outcome.error
                for each in (outcome, *outcome.parts)
                for answer in each.answers
            }
        )

    # ------------------------------------------------------------ changes

    def _serve_change(self, received, address) -> Outcome[ChangedLeadResponse]:
        """Change a lead, or repeat the answer to an earlier request.

        :raise AnswerError: the client may change no such lead (404); it is won or lost,
            or the ticket has several open leads (409); it has another ETag than
            ``If-Match`` (412)
        :raise PayloadError: the payload has errors
        :raise DryRunDone: the request was a dry run
        """

        def change(received):
            lead = self._find_lead_to_change(received, address)
            return self._change_lead(received, lead, received.payload)

        return self._serve_one(received, change)

    def _serve_upsert(self, received) -> Outcome[UpsertedLeadResponse]:
        """Change a ticket's open lead, or make one; see :meth:`_serve_change`."""

        def upsert(received):
            payload = received.payload
            lead = self._find_open_of_ticket(payload.ticket_id)
            if not lead and payload.ticket_id is not None:
                # Another request for the ticket has to wait, and sees the lead of this
                # one when Odoo runs it again.
                key = f"ticket {received.client.id} {payload.ticket_id}"
                self.env["crm.lead.api.lock"]._lock([key])
            if lead:
                change = self._to_change(received, lead)
                return self._change_lead(
                    received, lead, change, UpsertedLeadResponse, created=False
                )
            received.check_match(None, STALE)
            leads = self.env["crm.lead"].with_context(lang=self.env.user.lang)
            lead = leads._create_from_payload(payload).with_env(self.env)
            warnings, shown = self._find_warnings(received, lead)
            pending = lead.pending_proposal_ids
            proposed = pending and lead._list_proposed(
                self._to_change(received, lead), pending
            )
            # sudo: the answer has names that the client's user may not read
            answer = UpsertedLeadResponse.from_record(
                lead.sudo(), proposed=list(proposed), warnings=shown, created=True
            )
            return self._describe_changed(received, lead, answer, warnings)

        return self._serve_one(received, upsert)

    def _serve_note(self, received, address):
        """Post a note on a lead, also on a closed one; see :meth:`_serve_change`."""

        def post(received):
            lead = self._find_lead(address, with_merged=True)
            received.payload.check()
            note = self._with_rights(lead)._post_note(received.payload)
            note_id = None if received.is_dry_run else note.id
            answer = NoteResponse(data=NoteData(id_note=note_id, id_lead=lead.id))
            return self._describe_changed(received, lead, answer)

        return self._serve_one(received, post)

    # ------------------------------------------------------------ leads

    def _find_lead(self, address, with_merged=False):
        """Return a lead of the client, or perhaps the one that it was merged into: the
        only open lead of a ticket, or else the newest closed lead.

        :raise AnswerError: there is none (404), or there are several open ones (409)
        """
        reader = self.env["crm.lead.api.reader"]
        if address.lead_id:
            kept = with_merged and reader._find_merged(address.lead_id)
            return reader._get_own_lead(kept.id if kept else address.lead_id)
        lead = self._find_open_of_ticket(address.ticket_id)
        if not lead and address.ticket_id is not None:  # else the query was wrong
            lead = reader._find_own_by_ticket(address.ticket_id)[:1]
        if not lead:
            raise AnswerError(*UNKNOWN_LEAD)
        return lead

    def _find_open_lead(self, address):
        """Return the lead as :meth:`_find_lead`, if it is open; else it is a 409."""
        lead = self._find_lead(address)
        state = lead.lead_api_state
        if state in CLOSED:
            raise AnswerError(*CLOSED_LEAD, state=state)
        return lead

    def _find_lead_to_change(self, received, address):
        """Return the lead as :meth:`_find_open_lead`; a payload with errors is parsed
        again, for this lead."""
        lead = self._find_open_lead(address)
        if received.payload.get_errors():
            received.payload = self._parse_change(received, lead, received.data)
        return lead

    def _with_rights(self, lead):
        """Return a lead of the reader with the rights to change it, in the language of
        the client's user: the language of the request is for the answer alone."""
        lang = self.env.user.lang
        lead = lead.with_company(lead.company_id).with_context(lang=lang)
        lead._wait_for_merge()
        if lead.create_uid == self.env.user:
            return lead.sudo(False)
        # The superuser's rights stay for a lead of staff that a lead of the client was
        # merged into: the client's user has no rights on leads of staff.
        return lead

    def _change_lead(
        self, received, lead, payload, schema=ChangedLeadResponse, **values
    ) -> Outcome:
        """Change an open lead.

        :param values: attributes of the answer, besides the lead's
        :raise AnswerError: the lead has another ETag than ``If-Match`` (412)
        """
        before = StoredLeadResponse.from_record(lead)
        received.check_match(before, STALE)
        proposed = self._with_rights(lead)._change_from_payload(payload)
        lead.invalidate_recordset(["write_date"])
        # About the payload as it was sent, as for a new lead
        warnings, shown = self._find_warnings(received, lead)
        answer = schema.from_record(lead, proposed=proposed, warnings=shown, **values)
        return self._describe_changed(received, lead, answer, warnings, before)

    def _find_open_of_ticket(self, ticket_id):
        """Return the client's open lead of a ticket, if any; several are a 409."""
        if ticket_id is None:  # an error of the payload
            return self.env["crm.lead"]
        leads = self.env["crm.lead.api.reader"]._find_own_by_ticket(ticket_id)
        leads = leads.filtered(_is_open)
        if len(leads) > 1:
            raise AnswerError(*AMBIGUOUS_TICKET, leads=leads.ids)
        return leads

    def _parse_change(self, received, lead, data):
        client, unknown = received.client, received.unknown_codes
        unknown.clear()  # perhaps the lead has what they mean
        schema = client._get_schema(LeadChange)
        [change] = client._parse_all(schema, [data], unknown, lead)
        return change

    def _to_change(self, received, lead):
        """Return the payload of a new lead as a change: attributes that are left out
        stay as they are, and the client's defaults do not count."""
        schema = type(received.payload)
        data = {
            name: value
            for name, value in received.data.items()
            if name in schema.model_fields
            # As for a new lead, null is "not sent" where an attribute is required, and
            # for the account of a customer without one.
            and not (
                value is None
                and (name == "account_id" or schema.get_about(name).required)
            )
        }
        change = self._parse_change(received, lead, data)
        # The other errors are those of a lead that is not known yet.
        errors = received.payload.get_errors()
        change.add_errors([error for error in errors if error.code == "required"])
        return change

    def _describe_changed(self, received, lead, answer, warnings=(), before=None):
        """Describe a served request as an outcome; see :meth:`_make_outcome`."""
        values = self._prepare_log_values(lead, received)
        return self._make_outcome(received, answer, warnings, before, **values)

    # ------------------------------------------------------------ warnings

    def _find_warnings(self, received, lead, leads_by_ticket=None):
        """Return the warnings about a request's payload, and about other open leads of
        a new lead's ticket; and these for the answer, or ``None`` if it has none."""
        if not received.tells_warnings:
            return [], None
        warnings = lead._get_payload_warnings(received.payload)
        ids = [
            each.id
            for each in (leads_by_ticket or {}).get(received.payload.ticket_id, ())
            if each.id < lead.id and _is_open(each)
        ]
        if ids:
            message = _lt(
                "The ticket already has an open lead: %(ids)s. PUT /api/v1/lead "
                "changes the open lead of a ticket, and makes no other.",
                ids=", ".join(map(str, ids)),
            )
            warnings.append(FieldError("ticket_id", "ambiguous", message))
        has_warnings = received.client.has_warnings
        shown = describe_warnings(warnings, received.lang) if has_warnings else None
        return warnings, shown

    # ------------------------------------------------------------ later

    def _serve_and_log(self, received, serve, lang):
        """Serve a request that nobody waits for; what fails is undone and logged.

        :param serve: function that returns the :class:`Outcome`
        :param lang: of an error's texts
        :return: the entry of the log, and the exception, or ``None``
        """
        try:
            with savepoint(self.env.cr):
                return serve().entry, None
        except (OperationalError, ConcurrencyError):
            raise  # the whole transaction is repeated
        except Exception as failure:  # logged, like any error of a request
            error = self.env["crm.lead"]._explain(failure)
            body = describe_error(error, lang)[0]
            if reference := body.get("reference"):
                _logger.exception("Reference %s", reference)
            log = self.env["crm.lead.api.request"]
            return log._log(received, body["error"], body, error), error

    def _check_by_kind(self, received, lead_id=None, query=None, **arguments):
        """Check a payload against the database, and write nothing: not by a dry run,
        whose rollback would empty the form of *Send Again*. Of another addon's request
        that is for no new lead the payload alone is checked, unless the addon overrides
        the method.

        :raise PayloadError: the payload has errors
        :raise UserError: the lead cannot be changed
        """
        payload, lead = received.payload, None
        match received.kind:
            case "change":
                ticket_id = query and query.ticket_id
                address = LeadAddress(lead_id, ticket_id)
                lead = self._find_lead_to_change(received, address)
                payload = received.payload
            case "upsert":
                lead = self._find_open_of_ticket(payload.ticket_id)
                payload = self._to_change(received, lead) if lead else payload
            case _ if not isinstance(payload, LeadRequest):
                return payload.check()
        if lead:
            self._with_rights(lead)._find_change_records(payload)
        else:
            self.env["crm.lead"]._find_payload_records(payload)
        return None


def _is_open(lead):
    """Tell whether staff have a lead in their lists, neither archived nor closed."""
    return lead.active and lead.lead_api_state not in CLOSED
