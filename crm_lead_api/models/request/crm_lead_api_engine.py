# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace
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
        """Serve one request; see :meth:`_find_outcomes`.

        :rtype: Outcome
        """
        [outcome] = self._find_outcomes([received], make)
        if outcome.error:
            raise outcome.error
        self._keep([received], [outcome])
        return outcome

    @api.model
    def _make_lead(self, requests):
        """Make the lead of one request; see :meth:`_find_outcomes`."""
        [received] = requests
        return [self.env["crm.lead"]._create_from_payload(received.payload)]

    @api.model
    def _find_outcomes(self, requests, make):
        """Make the leads of requests, or find the answers to earlier requests.

        Requests that are served together have the same outcomes as requests that are
        served one after the other.

        :param list[ReceivedRequest] requests: with their payloads
        :param make: method that takes requests, and returns for each the lead, an
            outcome, or the exception that explains why there is neither
        :return: an outcome for each request
        :rtype: list[Outcome]
        """
        outcomes, waiting = {}, list(range(len(requests)))
        while waiting:
            waiting = self._serve_waiting(requests, waiting, make, outcomes)
        return [outcomes[position] for position in range(len(requests))]

    @api.model
    def _serve_waiting(self, requests, waiting, make, outcomes):
        """Serve the waiting requests, one for each key.

        Another payload with the same key is a conflict (409) if the first payload has
        succeeded, and waits for another round if the first payload has failed.

        :param list[int] waiting: positions of the requests
        :param dict outcomes: by position; new outcomes are added
        :return: the positions of the requests that have to wait for another round
        :rtype: list[int]
        """
        answers = self._begin(requests, waiting)
        new, twins, later, by_answer = [], {}, {}, {}
        for position in waiting:
            received, own = requests[position], answers[position]
            ids = [answer.id for answer in own]
            if any(answer.body for answer in own):
                if self._is_repetition(received, own):
                    outcomes[position] = self._replay(received, own)
                    continue
                answers[position] = self.env["crm.lead.api.answer"]._renew(own)
            earlier = next((by_answer[i] for i in ids if i in by_answer), None)
            if earlier is None:
                by_answer |= dict.fromkeys(ids, position)
                new.append(position)
            elif received.fingerprint == requests[earlier].fingerprint:
                twins[position] = earlier
            else:
                later[position] = earlier
        results = make([requests[each] for each in new]) if new else []
        made = [
            (requests[position], result)
            for position, result in zip(new, results, strict=True)
            if not isinstance(result, Exception | Outcome)
        ]
        new_contacts = self.env["res.partner"].union(
            *(lead.partner_id for _, lead in made if lead.match_method == "none")
        )
        of_tickets = self.env["crm.lead.api.reader"]._find_own_by_tickets(
            each.payload.ticket_id for each, _ in made if self._tells_warnings(each)
        )
        for position, result in zip(new, results, strict=True):
            outcome = self._describe_result(
                result, requests[position], new_contacts, of_tickets
            )
            outcome.answers = answers[position]
            outcomes[position] = outcome
        for position, earlier in twins.items():
            first = outcomes[earlier]
            outcomes[position] = replace(first, answers=[], is_replayed=not first.error)
        for position, earlier in list(later.items()):
            if not outcomes[earlier].error:
                outcomes[position] = Outcome(error=IdempotencyConflictError())
                del later[position]
        # Errors are not kept: a corrected request may have the same key.
        failed = [outcomes[each] for each in new if outcomes[each].error]
        self.env["crm.lead.api.answer"]._release(
            [answer for outcome in failed for answer in outcome.answers]
        )
        return list(later)

    @api.model
    def _begin(self, requests, positions):
        """Reserve the keys of requests, except of dry runs.

        :return: the answers under the keys of each request, by position
        :rtype: dict[int, list[KeptAnswer]]
        """
        real = [each for each in positions if not requests[each].is_dry_run]
        answers = self.env["crm.lead.api.answer"]
        begun = answers._begin([requests[each] for each in real]) if real else []
        return {each: [] for each in positions} | dict(zip(real, begun, strict=True))

    @api.model
    def _is_repetition(self, received, answers):
        """Tell whether a request with kept answers is a repetition.

        An addon overrides this method if a request with the same content may be a new
        one, because of what has become of the first one's records.

        :param ReceivedRequest received: the request
        :param list[KeptAnswer] answers: under the keys of the request
        :rtype: bool
        """
        return True

    @api.model
    def _replay(self, received, answers):
        """Repeat a kept answer, or refuse a key of another payload (409).

        :param list[KeptAnswer] answers: under the keys of the request
        :rtype: Outcome
        """
        kept = next(answer for answer in answers if answer.body)
        if not kept.is_of(received):
            return Outcome(error=IdempotencyConflictError())
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
    def _describe_result(self, result, received, new_contacts, of_tickets):
        """Turn the result of a request into an outcome.

        :param result: the lead, the outcome, or the exception
        :param new_contacts: the contacts that the requests made
        :param dict of_tickets: the leads of the tickets, the new leads among them
        :rtype: Outcome
        """
        if isinstance(result, Outcome):
            return result
        if isinstance(result, Exception):
            return Outcome(error=result)
        warnings = [
            *self._find_warnings(received, result, received.payload),
            *self._find_ticket_warnings(result, of_tickets, received),
        ]
        if received.is_dry_run:
            answer = DryRunResponse.from_lead(result, new_contacts)
            return Outcome(error=DryRunDone(answer, warnings))
        told = self._describe_warnings(received, warnings)
        keys = filter(None, (result[name] for name in PHONE_KEY_FIELDS))
        wake_up = self.env["crm.lead.api.follow.up"]._wake_up
        return Outcome(
            body=to_json(LeadResponse.from_lead(result, told).to_body()),
            values={
                "lead_id": result.id,
                "partner_id": result.partner_id.id,
                "phones": ", ".join(keys),
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
                answer.id: (
                    outcome.body,
                    outcome.headers.get("ETag"),
                    outcome.entry.id,
                )
                for outcome in outcomes
                if not outcome.error
                for answer in outcome.answers
            }
        )

    @api.model
    def _log_failure(self, received, status, body):
        """Log a request that failed, after the rollback.

        :param int status: of HTTP
        :param str body: of the answer, in JSON
        """
        self.env["crm.lead.api.request"]._log(received, status, body)
        self.env["crm.lead.api.code"]._keep_unknown(
            received.client, received.unknown_codes
        )
