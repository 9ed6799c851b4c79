# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial

from odoo import api, models

from ...exceptions import DryRunDone, IdempotencyConflictError
from ...schemas import DryRunResponse, LeadResponse
from ...tools.json_body import to_json
from ..lead.customer_profile_mixin import PHONE_KEY_FIELDS
from .outcome import Outcome

CLOSED = ("won", "lost")  # states of a lead


class CrmLeadApiEngine(models.AbstractModel):
    """Serve requests for leads: begin, replay, make, log, and keep the answer.

    The API makes all leads here: one lead, many leads, dry runs, and requests that an
    administrator sends again. The engine has the rights of the client's user.
    """

    _name = "crm.lead.api.engine"
    _description = "Lead API Engine"

    @api.model
    def _serve(self, received):
        """Make the lead of a request, or repeat the answer to an earlier request.

        :param ReceivedRequest received: the request, with its payload
        :return: the outcome, with the answer and the log's entry
        :rtype: Outcome[LeadResponse]
        :raise PayloadError: the payload has errors
        :raise IdempotencyConflictError: the key belongs to another payload
        :raise DryRunDone: the request was a dry run
        """
        return self._serve_one(received, self._make_lead)

    @api.model
    def _serve_one(self, received, make):
        """Serve a request, log it, and keep the answer; see :meth:`_replay_or_make`.

        :return: the outcome, with the log's entry
        :rtype: Outcome
        """
        outcome = self._replay_or_make(received, make)
        self._keep([received], [outcome])
        return outcome

    @api.model
    def _replay_or_make(self, received, make):
        """Repeat the answer to an earlier request, or make the records of a request.

        :param ReceivedRequest received: the request, with its payload
        :param make: method that takes the request, makes the records, and returns the
            outcome, or raises :class:`DryRunDone`
        :rtype: Outcome
        :raise IdempotencyConflictError: the key belongs to another payload
        """
        [answers] = self._begin([received])
        outcome = self._replay(received, answers)
        if not outcome:
            outcome = make(received)
            outcome.answers = answers
        return outcome

    @api.model
    def _make_lead(self, received):
        """Make the lead of a request.

        :rtype: Outcome[LeadResponse]
        """
        lead = self.env["crm.lead"]._create_from_payload(received.payload)
        of_tickets = self._find_leads_of_tickets([received])
        return self._describe_lead(received, lead, lead._get_new_contacts(), of_tickets)

    @api.model
    def _begin(self, requests):
        """Reserve the keys of requests; a dry run reserves no key.

        :param list[ReceivedRequest] requests: all of them dry runs, or none
        :return: for each request the answers under its keys
        :rtype: list[list[KeptAnswer]]
        """
        if requests[0].is_dry_run:
            return [[] for _received in requests]
        all_answers = self.env["crm.lead.api.answer"]
        begun = all_answers._begin(requests)
        for position, answers in enumerate(begun):
            received, is_kept = requests[position], any(each.body for each in answers)
            if is_kept and not self._is_repetition(received, answers):
                begun[position] = all_answers._renew(received, answers)
        return begun

    @api.model
    def _is_repetition(self, received, answers):
        """Tell whether a request with kept answers is a repetition.

        Override this method if equal content may be a new request: for example when the
        first booking was cancelled.

        :param ReceivedRequest received: the request
        :param list[KeptAnswer] answers: under the keys of the request
        :rtype: bool
        """
        return True

    @api.model
    def _replay(self, received, answers):
        """Repeat the kept answer to an earlier request.

        :param list[KeptAnswer] answers: under the keys of the request
        :return: the outcome; ``None``: no answer is kept
        :rtype: Outcome
        :raise IdempotencyConflictError: the key belongs to another payload
        """
        kept = next((answer for answer in answers if answer.body), None)
        if not kept:
            return None
        if not kept.is_of(received):
            raise IdempotencyConflictError()
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
                "partner_id": kept.partner_id,
                "phones": kept.phones or "",
            },
        )

    @api.model
    def _describe_lead(self, received, lead, new_contacts, of_tickets):
        """Describe the new lead of a request as an outcome.

        :param new_contacts: the contacts that were made with the lead, and with the
            other leads of a request with many leads
        :param dict of_tickets: see :meth:`_find_leads_of_tickets`
        :rtype: Outcome[LeadResponse]
        :raise DryRunDone: the request was a dry run
        """
        warnings = [
            *self._find_warnings(received, lead),
            *self._find_ticket_warnings(received, lead, of_tickets),
        ]
        if received.is_dry_run:
            answer = DryRunResponse.from_lead(lead, new_contacts)
            raise DryRunDone(answer, warnings)
        told = self._describe_warnings(received, warnings)
        return self._make_outcome(LeadResponse.from_lead(lead, told), lead)

    @api.model
    def _make_outcome(self, answer, lead, **values):
        """Return the outcome of a request about a lead.

        :param answer: the schema of the answer
        :param values: further values of the log's entry, by field
        :rtype: Outcome
        """
        phones = filter(None, (lead[name] for name in PHONE_KEY_FIELDS))
        wake_up = self.env["crm.lead.api.follow.up"]._wake_up
        return Outcome(
            body=to_json(answer.to_body()),
            headers=answer.get_headers(),
            values={
                "lead_id": lead.id,
                "partner_id": lead.partner_id.id,
                "phones": ", ".join(phones),
                **values,
            },
            after_answer=partial(wake_up, self.env.cr.dbname),
        )

    @api.model
    def _keep(self, requests, outcomes):
        """Log the outcomes of requests, and keep the answers for repetitions."""
        log = self.env["crm.lead.api.request"]
        entries = log._create_entries(
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
        self.env["crm.lead.api.answer"]._keep(
            {
                answer.id: (each.body, each.headers.get("ETag"), outcome.entry.id)
                for outcome in outcomes
                if not outcome.error
                for each in (outcome, *outcome.parts)
                for answer in each.answers
            }
        )

    @api.model
    def _log_after_rollback(self, received, status, body):
        """Log a request whose records were rolled back: a refused request, a fault or a
        dry run.

        :param int status: of HTTP
        :param str body: of the answer, in JSON
        """
        self.env["crm.lead.api.request"]._log(received, status, body)
        self.env["crm.lead.api.code"]._keep_unknown(
            received.client, received.unknown_codes
        )
