# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from contextlib import nullcontext
from dataclasses import replace
from http import HTTPStatus

from odoo import models

from ...exceptions import AnswerError, DryRunDone, FieldError, PayloadError, malformed
from ...http.body import NOT_AN_OBJECT
from ...http.errors import describe_error, to_legacy_error
from ...http.outcome import Outcome
from ...schemas import LeadLabel, LeadsResponse
from ...tools.json_body import to_json
from ...tools.mode import QUIET_CONTEXT
from ...tools.transaction import Undone, savepoint
from ...translate import _lt

_logger = logging.getLogger(__name__)

KEY_OF_ALL = _lt(
    "This address takes no Idempotency-Key: put an idempotency_key into each lead."
)


class CrmLeadApiEngine(models.AbstractModel):
    """Serve a request with many leads: each has an outcome and an entry of its own."""

    _inherit = "crm.lead.api.engine"

    def _serve_many(self, received):
        """Make the leads of a request, or repeat the answers to earlier leads.

        :raise AnswerError: the request has an ``Idempotency-Key`` (400)
        :raise PayloadError: the list itself is wrong, or a lead is wrong and the client
            wants all leads or no lead
        """
        payload = received.payload
        if payload.quiet:
            self = self.with_context(**QUIET_CONTEXT)
        if received.idempotency_key:
            raise malformed(KEY_OF_ALL)
        payload.check()
        requests, refs, wrong = self._split(received, payload.leads)
        with savepoint(self.env.cr) if received.is_dry_run else nullcontext():
            outcomes = self._serve_each(requests, wrong)
            if payload.atomic:
                self._check_all(outcomes)
            if received.is_dry_run:
                raise Undone
        if received.is_dry_run:
            self._keep(requests, outcomes)
        self.env["crm.lead.api.code"]._keep_unknown(
            received.client, received.unknown_codes
        )
        is_legacy, results = received.client.has_legacy_errors, []
        for position, (ref, outcome) in enumerate(zip(refs, outcomes, strict=True)):
            body, status = outcome.body, outcome.status
            if is_legacy and status == HTTPStatus.UNPROCESSABLE_ENTITY:
                body, status = to_legacy_error(body)
            results.append(
                {
                    "index": position,
                    "ref": ref,
                    "status": int(status),
                    "body": body,
                    "replayed": outcome.is_replayed,
                }
            )
        return Outcome(
            body=LeadsResponse.from_results(results),
            headers={"Preference-Applied": "dry-run"} if received.is_dry_run else {},
            ignored_fields=[
                f"leads.{position}.{path}"
                for position, each in enumerate(requests)
                for path in each.ignored_fields
            ],
        )

    def _serve_each(self, requests, wrong=None) -> list[Outcome]:
        """Serve requests with one lead each, as if one came after the other, and unless
        they are dry runs, log them and keep their answers. Requests that share neither
        a key nor their content are served together.

        :param dict wrong: outcomes that are known already, by position
        """
        outcomes, rounds, last = [None] * len(requests), {}, {}
        for position, received in enumerate(requests):
            keys = {received.idempotency_key} - {""}
            if received.client.replay_content:
                keys.add(received.fingerprint)
            number = max((last[key] + 1 for key in keys if key in last), default=0)
            if not received.is_dry_run:
                last |= dict.fromkeys(keys, number)
            rounds.setdefault(number, []).append(position)
        if len(rounds) > 1:
            # Lock all keys in one order, so that no two transactions wait for each
            # other: a row that is deleted stays locked until the transaction ends.
            kept = self.env["crm.lead.api.answer"]
            reserved = [each for own in kept._reserve_keys(requests) for each in own]
            kept._release([each for each in reserved if not each.body])
        for positions in rounds.values():
            known = [(wrong or {}).get(position) for position in positions]
            served = self._serve_together([requests[each] for each in positions], known)
            for position, outcome in zip(positions, served, strict=True):
                outcomes[position] = outcome
        return outcomes

    def _serve_together(self, requests, outcomes) -> list[Outcome]:
        """Serve requests that share neither a key nor their content."""
        all_answers = self._begin(requests)
        outcomes = [
            outcome or _catch(self._replay, received, answers)
            for outcome, received, answers in zip(
                outcomes, requests, all_answers, strict=True
            )
        ]
        new = [position for position, outcome in enumerate(outcomes) if not outcome]
        made = self._make_leads([requests[each] for each in new]) if new else []
        for position, outcome in zip(new, made, strict=True):
            outcome.answers = all_answers[position]
            outcomes[position] = outcome
        failed = []
        for received, outcome, answers in zip(
            requests, outcomes, all_answers, strict=True
        ):
            if error := outcome.error:
                described = describe_error(error, received.lang)
                outcome.body, outcome.status, _headers = described
                log = self.env["crm.lead.api.request"]
                outcome.values |= log._prepare_problems(error)
                if reference := outcome.body.get("reference"):
                    _logger.error("Reference %s", reference, exc_info=error)
                failed += [each for each in answers if not each.body]
        # Errors are not kept: a corrected request may have the same key.
        self.env["crm.lead.api.answer"]._release(failed)
        if not requests[0].is_dry_run:
            self._keep(requests, outcomes)
        return outcomes

    def _make_leads(self, requests) -> list[Outcome]:
        leads = self.env["crm.lead"]
        results = leads._create_each_from_payloads([each.payload for each in requests])
        made = [
            (received, lead)
            for received, lead in zip(requests, results, strict=True)
            if not isinstance(lead, Exception)
        ]
        new = leads.union(*(lead for _, lead in made))
        new_contacts = new._get_new_contacts()
        reader = self.env["crm.lead.api.reader"]
        leads_by_ticket = reader._find_own_by_tickets(
            [received for received, _ in made]
        )
        if requests[0].is_dry_run:  # of which none makes a lead
            leads_by_ticket = {
                ticket: [lead for lead in found if lead not in new]
                for ticket, found in leads_by_ticket.items()
            }
        return [
            Outcome(error=result)
            if isinstance(result, Exception)
            else _catch(
                self._describe_lead, received, result, new_contacts, leads_by_ticket
            )
            for received, result in zip(requests, results, strict=True)
        ]

    def _split(self, received, leads):
        """Split a request into requests with one lead each.

        :return: the requests; the ``ref`` of each; the outcomes of the leads that are
            not JSON objects, by position
        """
        objects = [lead if isinstance(lead, dict) else {} for lead in leads]
        contents = [
            {n: each[n] for n in each if n not in LeadLabel.model_fields}
            for each in objects
        ]
        payloads = received.client._parse_all(
            received.client._get_schema(), contents, received.unknown_codes
        )
        requests, refs, outcomes = [], [], {}
        for lead, label, content, payload in zip(
            leads, objects, contents, payloads, strict=True
        ):
            is_object, data = isinstance(lead, dict), content
            checked = LeadLabel.parse(label)
            if errors := checked.get_errors():
                payload.add_errors(errors)
                data = lead  # with the label: no valid lead has the same data
            if not is_object:
                outcomes[len(refs)] = Outcome(error=malformed(NOT_AN_OBJECT))
            refs.append(None if checked.ref is None else label["ref"])
            requests.append(
                replace(
                    received,
                    body=to_json(content if is_object else lead),
                    data=data,
                    payload=payload,
                    idempotency_key=checked.idempotency_key or "",
                    ignored_fields=payload.get_ignored_fields(),
                    companions=len(leads),
                )
            )
        return requests, refs, outcomes

    def _check_all(self, outcomes):
        """Refuse the whole request if one of its leads has an error."""
        errors = []
        for position, outcome in enumerate(outcomes):
            if outcome.status == HTTPStatus.OK:
                continue
            if outcome.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise outcome.error
            path = f"leads.{position}"
            if isinstance(outcome.error, PayloadError):
                errors += [
                    replace(error, field=f"{path}.{error.field}")
                    for error in outcome.error.errors
                ]
                continue
            body = outcome.body
            if body["type"] == "conflict":
                path += ".idempotency_key"
            errors.append(FieldError(path, body["type"], body["message"]))
        if errors:
            raise PayloadError(errors)


def _catch(find_outcome, *args):
    """Return an outcome; an error or the end of a dry run is an outcome, too."""
    try:
        return find_outcome(*args)
    except (AnswerError, DryRunDone) as error:
        return Outcome(error=error)
