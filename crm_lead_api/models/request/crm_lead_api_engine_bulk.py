# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import logging
from contextlib import nullcontext
from dataclasses import replace
from http import HTTPStatus

from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ...exceptions import (
    DryRunDone,
    FieldError,
    IdempotencyConflictError,
    MalformedRequestError,
    PayloadError,
)
from ...schemas import LeadLabel, LeadsResponse
from ...tools.json_body import NOT_AN_OBJECT, to_json
from ...tools.savepoint import Undone, savepoint
from .errors import describe_error, to_legacy_error
from .outcome import Outcome

_lt = LazyTranslate(__name__, default_lang="en_US")
_logger = logging.getLogger(__name__)

KEY_OF_ALL = _lt(
    "This address takes no Idempotency-Key: put an idempotency_key into each lead."
)


class CrmLeadApiEngine(models.AbstractModel):
    """Serve a request with many leads: each has an outcome and an entry of its own."""

    _inherit = "crm.lead.api.engine"

    @api.model
    def _serve_many(self, received):
        """Make the leads of a request, or repeat the answers to earlier leads.

        :param ReceivedRequest received: with a payload of the schema ``LeadsRequest``
        :return: the outcome, with a result for each lead
        :rtype: Outcome[LeadsResponse]
        :raise MalformedRequestError: the request has an ``Idempotency-Key``
        :raise PayloadError: the list itself is wrong, or a lead is wrong and the client
            wants all leads or no lead
        """
        payload = received.payload
        if received.idempotency_key:
            raise MalformedRequestError(KEY_OF_ALL)
        if errors := payload.get_errors():
            raise PayloadError(payload.sort_errors(errors))
        with savepoint(self.env.cr) if received.is_dry_run else nullcontext():
            requests, refs, outcomes = self._split(received, payload.leads)
            right = [each for each in range(len(requests)) if each not in outcomes]
            found = self._find_outcomes([requests[each] for each in right])
            outcomes |= dict(zip(right, found, strict=True))
            outcomes = [outcomes[position] for position in range(len(requests))]
            for outcome in outcomes:
                if outcome.error:
                    self._describe_failure(outcome, received.lang)
            if payload.atomic:
                self._check_all(outcomes)
            if received.is_dry_run:
                raise Undone
        self._keep(requests, outcomes)
        self.env["crm.lead.api.code"]._keep_unknown(
            received.client, received.unknown_codes
        )
        results = [
            self._to_result(received.client, position, ref, outcome)
            for position, (ref, outcome) in enumerate(zip(refs, outcomes, strict=True))
        ]
        after_answers = [each.after_answer for each in outcomes if each.after_answer]
        return Outcome(
            body=to_json(LeadsResponse.from_results(results)),
            headers={"Preference-Applied": "dry-run"} if received.is_dry_run else {},
            ignored_fields=[
                f"leads.{position}.{path}"
                for position, each in enumerate(requests)
                for path in each.ignored_fields
            ],
            after_answer=after_answers[0] if after_answers else None,
        )

    @api.model
    def _find_outcomes(self, requests):
        """Make the leads of requests, or find the answers to earlier requests.

        Requests that are served together have the same outcomes as requests that are
        served one after the other.

        :param list[ReceivedRequest] requests: with their payloads
        :return: an outcome for each request
        :rtype: list[Outcome]
        """
        outcomes, waiting = {}, list(range(len(requests)))
        while waiting:
            waiting = self._serve_waiting(requests, waiting, outcomes)
        return [outcomes[position] for position in range(len(requests))]

    @api.model
    def _serve_waiting(self, requests, waiting, outcomes):
        """Serve the waiting requests, one for each key.

        Another payload with the same key is a conflict (409) if the first payload has
        succeeded, and waits for another round if the first payload has failed.

        :param list[int] waiting: positions of the requests
        :param dict outcomes: by position; new outcomes are added
        :return: the positions of the requests that have to wait for another round
        :rtype: list[int]
        """
        begun = self._begin([requests[each] for each in waiting])
        answers = dict(zip(waiting, begun, strict=True))
        new, twins, later, by_answer = [], {}, {}, {}
        for position in waiting:
            received, own = requests[position], answers[position]
            if outcome := _catch(self._replay, received, own):
                outcomes[position] = outcome
                continue
            ids = [answer.id for answer in own]
            earlier = next((by_answer[i] for i in ids if i in by_answer), None)
            if earlier is None:
                by_answer |= dict.fromkeys(ids, position)
                new.append(position)
            elif received.fingerprint == requests[earlier].fingerprint:
                twins[position] = earlier
            else:
                later[position] = earlier
        made = self._make_leads([requests[each] for each in new]) if new else []
        for position, outcome in zip(new, made, strict=True):
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
        self.env["crm.lead.api.answer"]._release(
            [each for outcome in made if outcome.error for each in outcome.answers]
        )
        return list(later)

    @api.model
    def _make_leads(self, requests):
        """Make the leads of requests.

        :return: an outcome for each request
        :rtype: list[Outcome]
        """
        leads = self.env["crm.lead"]
        results = leads._create_each_from_payloads([each.payload for each in requests])
        made = [
            (received, lead)
            for received, lead in zip(requests, results, strict=True)
            if not isinstance(lead, Exception)
        ]
        new_contacts = leads.union(*(lead for _, lead in made))._get_new_contacts()
        of_tickets = self._find_leads_of_tickets([received for received, _ in made])
        return [
            Outcome(error=result)
            if isinstance(result, Exception)
            else _catch(self._describe_lead, received, result, new_contacts, of_tickets)
            for received, result in zip(requests, results, strict=True)
        ]

    @api.model
    def _split(self, received, leads):
        """Split a request into requests with one lead each.

        :param list leads: as sent
        :return: the requests; the ``ref`` of each; the outcomes of the leads that are
            not JSON objects, by position
        """
        names = LeadLabel.model_fields
        labels = [_choose(lead, lambda name: name in names) for lead in leads]
        contents = [_choose(lead, lambda name: name not in names) for lead in leads]
        payloads = received.client._parse_all(
            received.client._get_schema(), contents, received.unknown_codes
        )
        requests, refs, outcomes = [], [], {}
        for position, (lead, label, content, payload) in enumerate(
            zip(leads, labels, contents, payloads, strict=True)
        ):
            is_object, data = isinstance(lead, dict), content
            checked = LeadLabel.parse(label)
            if errors := checked.get_errors():
                payload.add_errors(errors)
                data = lead  # with the label: no valid lead has the same data
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
            if not is_object:
                outcomes[position] = Outcome(error=MalformedRequestError(NOT_AN_OBJECT))
        return requests, refs, outcomes

    @api.model
    def _describe_failure(self, outcome, lang):
        """Add status and body to a failed outcome."""
        body, outcome.status, _headers = describe_error(outcome.error, lang)
        outcome.body = to_json(body)
        if reference := body.get("reference"):
            _logger.error("Reference %s", reference, exc_info=outcome.error)

    @api.model
    def _check_all(self, outcomes):
        """Refuse the whole request if one of its leads has an error.

        :raise PayloadError: with the errors of all leads
        """
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
            if isinstance(outcome.error, IdempotencyConflictError):
                path += ".idempotency_key"
            body = json.loads(outcome.body)
            errors.append(FieldError(path, body["type"], body["message"]))
        if errors:
            raise PayloadError(errors)

    @api.model
    def _to_result(self, client, position, ref, outcome):
        """Return the result of one lead, for the answer."""
        body, status = json.loads(outcome.body), outcome.status
        if client.has_legacy_errors and status == HTTPStatus.UNPROCESSABLE_ENTITY:
            body, status = to_legacy_error(body)
        return {
            "index": position,
            "ref": ref,
            "status": int(status),
            "body": body,
            "replayed": outcome.is_replayed,
        }


def _catch(find_outcome, *args):
    """Return an outcome; a conflict or the end of a dry run is an outcome, too."""
    try:
        return find_outcome(*args)
    except (IdempotencyConflictError, DryRunDone) as error:
        return Outcome(error=error)


def _choose(lead, is_chosen):
    """Return the attributes of a lead whose names ``is_chosen`` accepts."""
    if not isinstance(lead, dict):
        return {}
    return {name: value for name, value in lead.items() if is_chosen(name)}
