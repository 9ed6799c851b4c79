# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus

from odoo import api, fields, models
from odoo.fields import Domain

from ...exceptions import DryRunDone, IdempotencyConflictError
from ...schemas import DryRunResponse, LeadResponse
from ...tools.fields import LooseMany2one
from ...tools.json_body import format_problems, indent_json, parse_leniently, to_json
from ...tools.token_text import redact
from ..lead.customer_profile_mixin import PHONE_ATTRIBUTES, PHONE_KEY_FIELDS
from .outcome import Outcome

BATCH = 1_000  # entries that lose their payloads at once


class CrmLeadApiRequest(models.Model):
    """The log: an entry for each call that named a valid token.

    That of a call that succeeded is written in the transaction of its lead; that of
    one that failed after it was rolled back.
    """

    _name = "crm.lead.api.request"
    _description = "Lead API Request"
    _order = "id desc"
    _log_access = False

    date = fields.Datetime("Time", required=True, index=True)
    client_id = fields.Many2one(
        "crm.lead.api.client", required=True, ondelete="restrict"
    )
    token_id = fields.Many2one(
        "crm.lead.api.token", index="btree_not_null", ondelete="set null"
    )
    company_id = fields.Many2one("res.company", ondelete="set null")
    address = fields.Char(help="The caller's, of IPv4 or IPv6.")
    request_ref = fields.Char(
        "Request ID", index="btree_not_null", help="The answer's X-Request-Id."
    )
    idempotency_key = fields.Char()

    # What came of it
    status = fields.Integer(aggregator=None, help="The HTTP status of the answer.")
    state = fields.Selection(
        [
            ("done", "Done"),
            ("refused", "Refused"),
            ("fault", "Fault"),
            ("resent", "Sent Again"),
            ("dry_run", "Dry Run"),
        ],
        string="Result",
        required=True,
    )
    is_failed = fields.Boolean(
        compute="_compute_is_failed", help="It can be sent again."
    )
    error_type = fields.Char()
    error_fields = fields.Char()
    duration = fields.Integer("Duration (ms)", aggregator="avg")
    is_replayed = fields.Boolean(
        "Replayed", help="It repeated an earlier call, and got that one's answer."
    )
    lead_id = LooseMany2one("crm.lead", index="btree_not_null")
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        index="btree_not_null",
        ondelete="set null",
    )

    # What was sent; all of it is forgotten after some time
    ticket_ref = fields.Char("Ticket", index="btree_not_null")
    name = fields.Char("Customer")
    email = fields.Char()
    phones = fields.Char(index="trigram")
    phone_search = fields.Char(
        "Phone", compute="_compute_phone_search", search="_search_phone_search"
    )
    payload = fields.Text(help="The body, as it was sent.")
    answer = fields.Text()
    ignored_fields = fields.Char()
    payload_text = fields.Text("Payload in Lines", compute="_compute_texts")
    answer_text = fields.Text("Answer in Lines", compute="_compute_texts")
    problems = fields.Text("What Is Wrong", compute="_compute_texts")

    # Sent again
    origin_id = fields.Many2one(
        "crm.lead.api.request",
        string="Sent Again from",
        index="btree_not_null",
        ondelete="set null",
    )
    repetition_ids = fields.One2many(
        "crm.lead.api.request", "origin_id", string="Sent Again as"
    )
    sender_id = fields.Many2one(
        "res.users", string="Sent Again by", ondelete="set null"
    )

    _client_date_index = models.Index("(client_id, date)")
    _payload_date_index = models.Index("(date) WHERE payload IS NOT NULL")

    @api.depends("state")
    def _compute_is_failed(self):
        for entry in self:
            entry.is_failed = entry.state in ("refused", "fault")

    @api.depends("name")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = entry.name or self.env._("Request %s", entry.id)

    @api.depends("phones")
    def _compute_phone_search(self):
        for entry in self:
            entry.phone_search = entry.phones

    @api.model
    def _search_phone_search(self, operator, value):
        if operator not in ("ilike", "=") or not isinstance(value, str):
            return NotImplemented
        keys = self.env["res.partner"]._get_phone_search_keys(
            value, self.env.company.country_id
        )
        digits = "".join(char for char in value if char.isdigit()).lstrip("0")
        return Domain.OR(
            Domain("phones", "ilike", key) for key in {*keys, digits or value}
        )

    @api.depends("payload", "answer", "status")
    def _compute_texts(self):
        for entry in self:
            entry.payload_text = indent_json(entry.payload)
            entry.answer_text = indent_json(entry.answer)
            is_wrong = entry.status >= HTTPStatus.BAD_REQUEST
            entry.problems = is_wrong and format_problems(entry.answer)

    def _get_summary(self):
        """Return what came of a call, in short: ``422 gender, street``."""
        if not self:
            return ""
        return f"{self.status} {self.error_fields or self.error_type or ''}".strip()

    @api.ondelete(at_uninstall=False)
    def _forget_answers(self):
        """What is erased here is not to be found in the answers for repetitions."""
        # sudo: those are nobody's to see
        answers = self.env["crm.lead.api.answer"].sudo()
        answers.search([("request_id", "in", self.ids)]).unlink()

    # ------------------------------------------------------------ calls

    @api.model
    def _serve(self, call, create):
        """Answer a call, or repeat an answer, and log that.

        The one way for calls and for entries that are sent again; it runs with the
        rights of the client's user.

        :param Call call: with its payload
        :param create: function from payloads to the leads that it makes of them
        :return: the entry, with superuser rights; and the :class:`Outcome`
        :raise PayloadError: something in the payload is wrong
        :raise IdempotencyConflictError: the key is that of another payload
        :raise DryRunDone: it was one
        """
        [outcome] = self._find_outcomes([call], create)
        if outcome.error:
            raise outcome.error
        return self._log_outcomes([call], [outcome]), outcome

    @api.model
    def _find_outcomes(self, calls, create):
        """Do what calls ask for, or find what was answered before.

        Several calls are answered as one after the other, but together.

        :param list[Call] calls: with their payloads
        :param create: function from payloads to a list that has for each the lead, or
            the exception that tells why there is none
        :return: for each call what came of it
        :rtype: list[Outcome]
        """
        outcomes, waiting = {}, list(range(len(calls)))
        while waiting:
            waiting = self._find_some_outcomes(calls, waiting, create, outcomes)
        return [outcomes[position] for position in range(len(calls))]

    @api.model
    def _find_some_outcomes(self, calls, waiting, create, outcomes):
        """Add outcomes, by the positions of the calls; return the positions of those
        that have to wait for what comes of another one with the same key."""
        answers = self._begin_some(calls, waiting)
        news, twins, later, by_answer = [], {}, {}, {}
        for position in waiting:
            call, own = calls[position], answers[position]
            ids = [answer.id for answer in own]
            if any(answer.body for answer in own):
                outcomes[position] = self._repeat(call, own)
                continue
            earlier = next((by_answer[i] for i in ids if i in by_answer), None)
            if earlier is None:
                by_answer |= dict.fromkeys(ids, position)
                news.append(position)
            elif call.fingerprint == calls[earlier].fingerprint:
                twins[position] = earlier
            else:
                later[position] = earlier
        results = create([calls[each].payload for each in news]) if news else []
        made = self.env["res.partner"].union(
            *(
                result.partner_id
                for result in results
                if not isinstance(result, Exception) and result.match_method == "none"
            )
        )
        for position, result in zip(news, results, strict=True):
            outcome = self._judge(result, calls[position], made)
            outcome.answers = answers[position]
            outcomes[position] = outcome
        for position, earlier in twins.items():
            first = outcomes[earlier]
            outcomes[position] = replace(first, answers=[], is_replayed=not first.error)
        for position, earlier in list(later.items()):
            if not outcomes[earlier].error:
                outcomes[position] = Outcome(error=IdempotencyConflictError())
                del later[position]
        # An error is not kept: the call can be mended and sent with the same key.
        failed = [outcomes[each] for each in news if outcomes[each].error]
        self.env["crm.lead.api.answer"]._release(
            [answer for outcome in failed for answer in outcome.answers]
        )
        return list(later)

    @api.model
    def _begin_some(self, calls, positions):
        """Return the answers of calls, by position."""
        # What was only tried counts for nothing.
        real = [each for each in positions if not calls[each].is_dry_run]
        answers = self.env["crm.lead.api.answer"]
        begun = answers._begin([calls[each] for each in real]) if real else []
        return {each: [] for each in positions} | dict(zip(real, begun, strict=True))

    @api.model
    def _repeat(self, call, answers):
        """Return the outcome of a call to which there is an answer."""
        kept = next(answer for answer in answers if answer.body)
        if not kept.is_of(call):
            return Outcome(error=IdempotencyConflictError())
        return Outcome(
            body=kept.body,
            is_replayed=True,
            lead_state=kept.get_lead_state(),
            answers=[answer for answer in answers if not answer.body],
            values={
                "lead_id": kept.has_lead and kept.lead_id,
                "partner_id": kept.partner_id,
                "phones": kept.phones or "",
            },
        )

    @api.model
    def _judge(self, result, call, made):
        """Return the outcome of a call.

        :param result: the lead, or the exception that tells why there is none
        :param made: the contacts that were made
        """
        if isinstance(result, Exception):
            return Outcome(error=result)
        if call.is_dry_run:
            answer = DryRunResponse.from_lead(result, made)
            warnings = result._get_payload_warnings(call.payload)
            return Outcome(error=DryRunDone(answer, warnings))
        keys = filter(None, (result[name] for name in PHONE_KEY_FIELDS))
        return Outcome(
            body=to_json(LeadResponse.from_lead(result).to_body()),
            values={
                "lead_id": result.id,
                "partner_id": result.partner_id.id,
                "phones": ", ".join(keys),
            },
        )

    @api.model
    def _log_outcomes(self, calls, outcomes):
        """Write an entry for each call, and keep the answers for repetitions.

        :return: the entries, with superuser rights
        """
        entries = self._create_entries(
            [
                self._prepare_values(
                    call,
                    outcome.status,
                    outcome.body,
                    is_replayed=outcome.is_replayed,
                    **outcome.values,
                )
                for call, outcome in zip(calls, outcomes, strict=True)
            ]
        )
        self.env["crm.lead.api.answer"]._keep(
            {
                answer.id: (outcome.body, entry.id)
                for entry, outcome in zip(entries, outcomes, strict=True)
                if not outcome.error
                for answer in outcome.answers
            }
        )
        return entries

    @api.model
    def _log(self, call, status, answer, **values):
        """Write an entry.

        :param Call call: what is known of it
        :param int status: of HTTP
        :param str answer: the answer's body, in JSON
        :param values: of other columns
        :return: the entry, with superuser rights
        """
        return self._create_entries(
            [self._prepare_values(call, status, answer, **values)]
        )

    @api.model
    def _prepare_values(self, call, status, answer, **values):
        """Return the values of an entry."""
        values = {
            "date": fields.Datetime.now(),
            **call.to_values(),
            **self._prepare_payload_values(call, with_phones="phones" not in values),
            **self._prepare_answer_values(status, answer),
            **({"state": "dry_run"} if call.is_dry_run else {}),
            **values,
        }
        return {
            name: clean(value) if isinstance(value, str) else value
            for name, value in values.items()
            if value  # Odoo's own default for the others
        }

    @api.model
    def _create_entries(self, vals_list):
        """Write entries.

        :return: the entries, with superuser rights
        """
        # sudo: the log is the Lead API administrator's
        return self.sudo().create(vals_list)

    @api.model
    def _prepare_payload_values(self, call, with_phones=True):
        """Return what an entry can be found by, from a body that need not be right."""
        data = call.data or parse_leniently(call.body)

        def get(name):
            value = data.get(name)
            return str(value)[:255] if isinstance(value, str | int) else ""

        phones = [get(name) for name in PHONE_ATTRIBUTES] if with_phones else ()
        Partner = self.env["res.partner"]
        country = self.env["res.country"]
        company_id = data.get("company_id")
        return {
            "ticket_ref": get("ticket_id"),
            "name": get("contact_name"),
            "email": get("email_from"),
            "phones": ", ".join(
                Partner._get_phone_key(phone, country) for phone in phones if phone
            ),
            "company_id": next(
                (
                    own_id
                    for own_id in call.client.user_id._get_company_ids()
                    if str(own_id) == str(company_id).strip()
                ),
                call.client.company_id.id,
            ),
        }

    @api.model
    def _prepare_answer_values(self, status, answer):
        values = {
            "status": int(status),
            "state": "done",
            "answer": answer,
            "error_type": None,
            "error_fields": None,
        }
        if status >= HTTPStatus.BAD_REQUEST:
            body = json.loads(answer)
            is_fault = status >= HTTPStatus.INTERNAL_SERVER_ERROR
            errors = body.get("errors") or []
            values |= {
                "state": "fault" if is_fault else "refused",
                "error_type": body["type"],
                "error_fields": ", ".join(error["field"] for error in errors),
            }
        return values

    # ------------------------------------------------------------ sending again

    def _get_attempts(self):
        """Return the call, and all attempts to send it again."""
        origin = self.origin_id or self
        return origin | origin.repetition_ids

    def _mark_as_resent(self, entry):
        """Let the attempts that failed point to what came of them.

        :param entry: of the one that succeeded
        """
        self._get_attempts().filtered("is_failed").write(
            {
                "state": "resent",
                "lead_id": entry.lead_id.id,
                "partner_id": entry.partner_id.id,
            }
        )

    def _find_leads_of_ticket(self):
        """Return the leads that the entry's client has made of its ticket."""
        self.ensure_one()
        return self.search(
            Domain("client_id", "=", self.client_id.id)
            & Domain("ticket_ref", "=", self.ticket_ref)
            & Domain("ticket_ref", "!=", False)
            & Domain("lead_id", "!=", False)
        ).lead_id

    # ------------------------------------------------------------ clean-up

    @api.model
    def _cron_forget_payloads(self):
        """Forget what was sent long ago; the figures stay."""
        days = self.env["ir.config_parameter"]._get_lead_api_int("payload_days")
        oldest = fields.Datetime.now() - timedelta(days=days)
        domain = Domain("date", "<", oldest) & Domain("payload", "!=", False)
        while entries := self.search(domain, limit=BATCH, order="id"):
            entries._forget_payload()
            left = self.env["ir.cron"]._commit_progress(
                len(entries), remaining=self.search_count(domain)
            )
            if not left:
                break

    def _forget_payload(self):
        self._forget_answers()
        self.write(
            dict.fromkeys(
                [
                    *("payload", "answer", "ignored_fields", "idempotency_key"),
                    *("ticket_ref", "name", "email", "phones", "request_ref"),
                ],
                False,
            )
        )


def clean(text: str) -> str:
    """Return a text that PostgreSQL can store, without tokens."""
    text = text.replace("\x00", "\ufffd").encode(errors="replace").decode()
    return redact(text)
