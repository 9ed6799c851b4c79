# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import logging
from contextlib import nullcontext
from dataclasses import replace
from http import HTTPStatus

from odoo import api, models

from ...exceptions import (
    FieldError,
    IdempotencyConflictError,
    MalformedRequestError,
    PayloadError,
)
from ...schemas import LeadLabel
from ...tools.json_body import NOT_AN_OBJECT, to_json
from ...tools.savepoint import Undone, savepoint
from .errors import describe_error, to_legacy_error
from .outcome import Outcome

_logger = logging.getLogger(__name__)


class CrmLeadApiRequest(models.Model):
    """Many leads in one call: each is a call of its own, with its own entry in the log,
    but they are made together."""

    _inherit = "crm.lead.api.request"

    @api.model
    def _serve_many(self, call, leads, create, lang, is_atomic=False):
        """Answer a call with many leads.

        :param Call call: the whole call
        :param list leads: what it sent
        :param create: function from payloads to a list that has for each the lead, or
            the exception that tells why there is none
        :param str lang: code of the language of the texts
        :param bool is_atomic: where one is wrong, none is to be made
        :return: for each lead what the answer says of it
        :rtype: list[dict]
        :raise PayloadError: one is wrong, and none is made
        """
        with savepoint(self.env.cr) if call.is_dry_run else nullcontext():
            calls, refs, outcomes = self._split(call, leads)
            right = [each for each in range(len(calls)) if each not in outcomes]
            found = self._find_outcomes([calls[each] for each in right], create)
            outcomes |= dict(zip(right, found, strict=True))
            outcomes = [outcomes[position] for position in range(len(calls))]
            for outcome in outcomes:
                if outcome.error:
                    self._describe_failure(outcome, lang)
            if is_atomic:
                self._check_all(outcomes)
            if call.is_dry_run:
                raise Undone
        self._log_outcomes(calls, outcomes)
        self.env["crm.lead.api.code"]._keep_unknown(call.client, call.unknown_codes)
        call.ignored_fields += [
            f"leads.{position}.{path}"
            for position, each in enumerate(calls)
            for path in each.ignored_fields
        ]
        return [
            self._describe_outcome(call.client, position, ref, outcome)
            for position, (ref, outcome) in enumerate(zip(refs, outcomes, strict=True))
        ]

    @api.model
    def _split(self, call, leads):
        """Return for each lead a call, and its ``ref``; and the outcomes of those that
        are no objects, by position."""
        names = LeadLabel.model_fields
        labels = [_choose(lead, lambda name: name in names) for lead in leads]
        contents = [_choose(lead, lambda name: name not in names) for lead in leads]
        payloads = call.client._parse_all(
            call.client._get_schema(), contents, call.unknown_codes
        )
        calls, refs, outcomes = [], [], {}
        for position, (lead, label, content, payload) in enumerate(
            zip(leads, labels, contents, payloads, strict=True)
        ):
            is_object, data = isinstance(lead, dict), content
            checked = LeadLabel.parse(label)
            if errors := checked.get_errors():
                payload.add_errors(errors)
                data = lead  # it is like no other that was right
            refs.append(None if checked.ref is None else label["ref"])
            calls.append(
                replace(
                    call,
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
        return calls, refs, outcomes

    @api.model
    def _describe_failure(self, outcome, lang):
        """Add status and body to an outcome that has none."""
        body, outcome.status, _headers = describe_error(outcome.error, lang)
        outcome.body = to_json(body)
        if reference := body.get("reference"):
            _logger.error("Reference %s", reference, exc_info=outcome.error)

    @api.model
    def _check_all(self, outcomes):
        """Refuse a call as a whole, where one of its leads is wrong.

        :raise PayloadError: with the errors of all of them
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
    def _describe_outcome(self, client, position, ref, outcome):
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


def _choose(lead, is_chosen):
    """Return a part of a lead; nothing of what is no object."""
    if not isinstance(lead, dict):
        return {}
    return {name: value for name, value in lead.items() if is_chosen(name)}
