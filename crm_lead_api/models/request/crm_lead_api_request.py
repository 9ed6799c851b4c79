# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from http import HTTPStatus

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...http.errors import describe_problems
from ...schemas.value import to_whole
from ...tools.fields import LooseMany2one, keep_until
from ...tools.json_body import format_problems, indent_json, parse_leniently, to_json
from ...tools.mode import ALL, MODE
from ...tools.text import render_by_lang
from ...tools.token_text import redact
from ..access.crm_lead_api_client import OWN_REQUESTS
from ..lead.customer_profile_mixin import PHONE_ATTRIBUTES

FAILED_STATES = ("refused", "fault")
FAILED = Domain("state", "in", FAILED_STATES)
LEAD_KINDS = ["create", "change", "upsert"]  # each corrects the others
# Fields of an entry that have the names of a request's attributes
LOGGED = ("is_test", "address", "request_ref", "kind", "route", "idempotency_key")
GC_LIMIT = 1_000  # tests of a model that a clean-up looks at at once


class CrmLeadApiRequest(models.Model):
    """Log the requests with a valid token, each as an entry.

    The entry of a successful request is written in the transaction of its lead, the
    entry of a failed request, or of a dry run, after the rollback.
    """

    _name = "crm.lead.api.request"
    _description = "Lead API Request"
    _order = "id desc"
    _log_access = False
    _has_texts_of_clients = True
    # Kinds of other addons' requests that may make a lead, too
    _making_kinds = []

    date = fields.Datetime("Time", required=True, index=True)
    client_id = fields.Many2one("crm.lead.api.client", required=True)
    token_id = fields.Many2one("crm.lead.api.token")
    is_test = fields.Boolean("Test", help="The request had a test token.")
    test_mark = fields.Char(compute="_compute_test_mark")
    company_id = fields.Many2one("res.company")
    address = fields.Char(help="The sender's address, IPv4 or IPv6.")
    request_ref = fields.Char(
        "Request ID", index="btree_not_null", help="The answer's X-Request-Id."
    )
    idempotency_key = fields.Char()
    kind = fields.Selection(
        [
            ("create", "New Lead"),
            ("change", "Change"),
            ("upsert", "New Lead or Change"),
            ("note", "Note"),
        ],
        required=True,
        default="create",
    )
    route = fields.Char(
        "Method and Address",
        index="btree_not_null",
        help="Of a request that is not simply for a new lead.",
    )

    # Result
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
        compute="_compute_is_failed", help="The request can be sent again."
    )
    is_unsettled = fields.Boolean(
        "Unsettled",
        search="_search_is_unsettled",
        help="The request failed, and no later one has corrected it.",
    )
    is_counted = fields.Boolean(
        "Counted in 30 Days",
        search="_search_is_counted",
        help="The figures of the client have the request.",
    )
    error_type = fields.Char()
    error_fields = fields.Char()
    duration = fields.Integer("Duration (ms)", aggregator="avg")
    is_replayed = fields.Boolean(
        "Replayed",
        help="The request repeated an earlier request, and got the earlier answer.",
    )
    # Staff may delete or merge a lead at the same moment.
    lead_id = LooseMany2one("crm.lead", index="btree_not_null")
    partner_id = fields.Many2one(
        "res.partner", string="Contact", index="btree_not_null"
    )

    # Content, which is erased after some time
    kept_until = keep_until()
    ticket_ref = fields.Char("Ticket", index="btree_not_null")
    name = fields.Char("Customer")
    email = fields.Char()
    phones = fields.Char(index="trigram")
    first_phone = fields.Char(compute="_compute_phones")
    phone_search = fields.Char(
        "Phone", compute="_compute_phones", search="_search_phone_search"
    )
    payload = fields.Text(help="The body, as it was sent.")
    answer = fields.Text()
    problems_by_lang = fields.Json(
        groups=fields.NO_ACCESS,
        help="The errors in each language, by its code: the answer is in the client's.",
    )
    ignored_fields = fields.Char()
    payload_text = fields.Text("Payload in Lines", compute="_compute_texts")
    answer_text = fields.Text("Answer in Lines", compute="_compute_texts")
    problems = fields.Text("Errors", compute="_compute_problems")
    first_problem = fields.Char("Error", compute="_compute_problems")
    changes = fields.Json(
        "Values Before and After", help="Values of the lead before and after a change."
    )
    changes_text = fields.Text("Changes", compute="_compute_texts")

    # Attempts to send the request again
    origin_id = fields.Many2one(
        "crm.lead.api.request", string="Sent Again from", index="btree_not_null"
    )
    repetition_ids = fields.One2many(
        "crm.lead.api.request", "origin_id", string="Sent Again as"
    )
    sender_id = fields.Many2one("res.users", string="Sent Again by")

    _client_date_index = models.Index("(client_id, date)")
    _client_refused_index = models.Index("(client_id, date) WHERE status >= 400")
    _token_index = models.Index("(token_id, date) WHERE token_id IS NOT NULL")
    _payload_date_index = models.Index("(date) WHERE answer IS NOT NULL")
    _test_date_index = models.Index("(date) WHERE is_test IS TRUE")

    @api.depends("state")
    def _compute_is_failed(self):
        for entry in self:
            entry.is_failed = entry.state in FAILED_STATES

    @api.depends("is_test")
    @api.depends_context("lang")
    def _compute_test_mark(self):
        """Mark tests by a word: a box in a list says nothing to screen readers."""
        for entry in self:
            entry.test_mark = entry.is_test and self.env._("Test")

    def _search_is_unsettled(self, operator, value):
        """Find the failed requests that no later one has corrected: of a ticket, or of
        the record that the address of a change names."""
        if operator != "in" or list(value) != [True]:
            return NotImplemented

        def to_sql(_model, alias, _query):
            return SQL(
                """
                NOT EXISTS (
                    SELECT
                      FROM crm_lead_api_request AS later
                     WHERE (
                            later.ticket_ref = %(ticket)s
                            AND later.ticket_ref != ''
                            AND (
                                 later.kind = ANY(%(lead_kinds)s)
                                 AND %(kind)s = ANY(%(lead_kinds)s)
                                 OR later.kind = ANY(%(making_kinds)s)
                                 AND %(kind)s = 'create'
                                 OR later.kind = %(kind)s
                                 AND later.route LIKE 'POST %%'
                                )
                            OR later.route = %(route)s
                            AND later.kind = %(kind)s
                            AND later.kind != 'upsert'
                            AND later.route NOT LIKE 'POST %%'
                           )
                       AND later.client_id = %(client)s
                       AND (later.is_test IS TRUE) = (%(is_test)s IS TRUE)
                       AND later.id > %(id)s
                       AND later.state = 'done'
                    )
                """,
                ticket=SQL.identifier(alias, "ticket_ref"),
                kind=SQL.identifier(alias, "kind"),
                lead_kinds=LEAD_KINDS,
                making_kinds=self._making_kinds,
                route=SQL.identifier(alias, "route"),
                client=SQL.identifier(alias, "client_id"),
                is_test=SQL.identifier(alias, "is_test"),
                id=SQL.identifier(alias, "id"),
            )

        # An erased entry has no ticket by which its correction would show.
        return FAILED & Domain("answer", "!=", False) & Domain.custom(to_sql=to_sql)

    def _search_is_counted(self, operator, value):
        if operator != "in" or list(value) != [True]:
            return NotImplemented
        oldest = self.env["crm.lead.api.day"]._get_oldest()
        return OWN_REQUESTS & Domain("date", ">=", oldest)

    @api.depends("name")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = entry.name or self.env._("Request %s", entry.id)

    @api.depends("phones")
    def _compute_phones(self):
        for entry in self:
            entry.first_phone = (entry.phones or "").partition(", ")[0]
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

    @api.depends("payload", "answer", "changes")
    def _compute_texts(self):
        for entry in self:
            entry.payload_text = indent_json(entry.payload)
            entry.answer_text = indent_json(entry.answer)
            changes = entry.changes or {}
            entry.changes_text = "\n".join(
                f"{name}: {to_json(before)} → {to_json(after)}"
                for name, (before, after) in changes.items()
            )

    @api.depends("answer", "status", "problems_by_lang")
    @api.depends_context("lang")
    def _compute_problems(self):
        for entry in self:
            # sudo: who may read the answer may read it in each language
            texts = entry.sudo().problems_by_lang or {}
            is_wrong = entry.status >= HTTPStatus.BAD_REQUEST
            entry.problems = is_wrong and (
                texts.get(self.env.lang or "en_US")
                or format_problems(parse_leniently(entry.answer or ""))
            )
            entry.first_problem = (entry.problems or "").partition("\n")[0]

    def _read_group_groupby(self, alias, groupby_spec, query):
        if groupby_spec != "lead_id":
            return super()._read_group_groupby(alias, groupby_spec, query)
        _leads, lead = self._fields["lead_id"].join(self, alias, query)
        return SQL.identifier(lead, "id")

    @api.ondelete(at_uninstall=False)
    def _delete_answers(self):
        """Delete the kept answers of the entries, which have the same personal data."""
        self._get_answers().unlink()

    def _get_summary(self):
        """Return the result in short: ``422 gender, street``, or with a sentence."""
        if not self:
            return ""
        error = self.error_fields or self.first_problem or self.error_type or ""
        return f"{self.status} {error}".strip()

    # ------------------------------------------------------------ entries

    @api.model
    def _log(self, received, status, answer, error):
        """Write the entry of a request that an exception ended, a dry run's end among
        them, and return it with superuser rights."""
        problems = self._prepare_problems(error)
        # sudo: users may not write the log
        return self.sudo().create(
            self._prepare_values(received, status, answer, **problems)
        )

    @api.model
    def _prepare_problems(self, error):
        """Prepare the values with the texts of an exception, for each reader."""
        texts = render_by_lang(
            self.env, lambda lang: clean(describe_problems(error, lang))
        )
        return {"problems_by_lang": any(texts.values()) and texts}

    @api.model
    def _prepare_values(self, received, status, answer, **values):
        state, error = "done", {}
        if status >= HTTPStatus.BAD_REQUEST:
            is_fault = status >= HTTPStatus.INTERNAL_SERVER_ERROR
            state = "fault" if is_fault else "refused"
            wrong = [each["field"] for each in answer.get("errors") or ()]
            error = {"error_type": answer["type"], "error_fields": ", ".join(wrong)}
        values = {
            "date": fields.Datetime.now(),
            **{name: getattr(received, name) for name in LOGGED},
            "client_id": received.client.id,
            "token_id": received.token and received.token.id,
            "payload": received.body,
            "ignored_fields": ", ".join(received.ignored_fields),
            "origin_id": received.origin and received.origin.id,
            "sender_id": received.sender and received.sender.id,
            "duration": received.duration,
            **self._prepare_payload_values(received, "phones" not in values),
            "status": int(status),
            "state": "dry_run" if received.is_dry_run else state,
            "answer": to_json(answer),
            **error,
            **values,
        }
        return {
            name: clean(value)
            for name, value in values.items()
            if value  # the other fields get Odoo's default
        }

    @api.model
    def _prepare_payload_values(self, received, with_phones=True):
        """Read the texts for searching an entry from a body, valid or not."""
        data = received.data or parse_leniently(received.body)

        def get(name):
            value = to_whole(data.get(name))
            return str(value)[:255] if isinstance(value, str | int) else ""

        phones = [get(name) for name in PHONE_ATTRIBUTES] if with_phones else ()
        Partner = self.env["res.partner"]
        country = self.env["res.country"]
        payload = received.payload
        is_named = "company_id" in getattr(type(payload), "model_fields", ())
        company_id = payload.company_id if is_named else None
        own_ids = received.client.user_id._get_company_ids()
        return {
            # As on the lead: without spaces at the ends
            "ticket_ref": str(
                getattr(received.payload, "ticket_id", None)
                or get("ticket_id")
                or received.get_ticket_of_route()
            ),
            "name": get("contact_name"),
            "email": get("email_from"),
            "phones": ", ".join(
                Partner._get_phone_key(phone, country) for phone in phones if phone
            ),
            # Without a company only those of all of the client's companies read it.
            "company_id": company_id if company_id in own_ids else False,
        }

    # ------------------------------------------------------------ sending again

    def _get_attempts(self):
        """Return the original request, and all attempts to send it again."""
        origin = self.origin_id or self
        return origin | origin.repetition_ids

    def _settle_attempts(self):
        """Note that the failed attempts at the request are settled by this one."""
        self._get_attempts().filtered("is_failed").write(
            {
                "state": "resent",
                "lead_id": self.lead_id.id,
                "partner_id": self.partner_id.id,
            }
        )

    def _find_leads_of_ticket(self):
        """Return the leads that the client has made for the entry's ticket."""
        self.ensure_one()
        return self.search(
            Domain("client_id", "=", self.client_id.id)
            & Domain("is_test", "=", self.is_test)
            & Domain("ticket_ref", "=", self.ticket_ref)
            & Domain("ticket_ref", "!=", False)
            & Domain("lead_id", "!=", False)
        ).lead_id

    # ------------------------------------------------------------ content

    @api.model
    def _cron_forget_payloads(self):
        """Erase the content of old requests; the figures stay."""
        days = self.env["ir.config_parameter"]._get_lead_api_int("payload_days")
        oldest = fields.Datetime.now() - timedelta(days=days)
        # Each entry has an answer, but not each has a payload.
        domain = Domain("date", "<", oldest) & Domain("answer", "!=", False)
        self.env["ir.cron"]._do_in_batches(self, domain, "date", "_anonymize")

    def _anonymize(self):
        self._get_answers()._anonymize()
        names = (
            *("payload", "answer", "ignored_fields", "idempotency_key", "changes"),
            *("problems_by_lang", "ticket_ref", "name", "email", "phones"),
            *("request_ref", "route"),  # a route may have the ticket
        )
        self.write(dict.fromkeys(names, False))

    @api.model
    def _anonymize_partners(self, partners):
        """Erase the refused requests about contacts and their leads, of whatever
        addon: without a contact, Odoo's Privacy Lookup does not find them."""
        live = partners.filtered(lambda each: not each.is_lead_api_test)
        leads = self.env["crm.lead"].with_context(active_test=False, **{MODE: ALL})
        leads = leads.search([("partner_id", "in", live.ids)])
        digits = live._get_phone_digits()
        ends = [f"/lead/{each}{end}" for each in leads.ids for end in ("", "?%", "/%")]
        about = self._get_ticket_domain(leads)
        about |= Domain.OR(Domain("phones", "ilike", each) for each in digits)
        about |= Domain.OR(Domain("route", "=like", f"% {end}") for end in ends)
        self.search(about & Domain("partner_id", "=", False))._anonymize()

    @api.model
    def _get_ticket_domain(self, leads):
        """Return the domain of the requests with tickets of leads."""
        return Domain.OR(
            Domain("client_id", "in", clients.ids)
            & Domain("ticket_ref", "in", lead.ticket_ref.split(", "))
            for lead in leads.filtered("ticket_ref")
            for clients in [lead.lead_api_client_id | lead.lead_api_merged_client_ids]
        )

    def _get_answers(self):
        """Return the kept answers of the entries, with superuser rights."""
        # sudo: users may not access kept answers
        answers = self.env["crm.lead.api.answer"].sudo()
        return answers.search([("request_id", "in", self.ids)])

    # ------------------------------------------------------------ tests

    @api.model
    def _get_test_models(self):
        """Return the models whose records requests make, in the order in which tests
        are deleted: leads before their customers, whom they need. An addon adds its
        models, if they inherit ``crm.lead.api.test.mixin`` alone."""
        models = self.env["crm.lead.api.record.mixin"]._get_record_models()
        own = [model._name for model in models]
        return [*own, "crm.lead", "crm.customer.portrait", "res.partner"]

    @api.model
    def _get_test_logs(self):
        """Return the models that log tests, with ``is_test`` and ``date``, in the order
        in which the entries are deleted. An addon adds its models in front."""
        return ["crm.lead.api.event", "crm.lead.api.look.up", self._name]

    @api.autovacuum
    def _gc_tests(self):
        """Delete tests after some days: the records that they made, and their logs."""
        days = self.env["ir.config_parameter"]._get_lead_api_int("test_days")
        oldest = fields.Datetime.now() - timedelta(days=days)
        is_old = Domain("is_lead_api_test", "=", True)
        is_old &= Domain("create_date", "<", oldest)
        counts = []
        for name in self._get_test_models():
            model = self.env[name].with_context(active_test=False)
            records = model.search(is_old, limit=GC_LIMIT, order="id")
            counts.append(records._delete_tests())
        is_old = Domain("is_test", "=", True) & Domain("date", "<", oldest)
        for name in self._get_test_logs():
            records = self.env[name].search(is_old, limit=GC_LIMIT, order="id")
            records.unlink()
            counts.append(len(records))
        return sum(counts), GC_LIMIT in counts


def clean(value):
    """Return a value, of a text one that PostgreSQL can store, without tokens."""
    if not isinstance(value, str):
        return value
    text = value.replace("\x00", "\ufffd").encode(errors="replace").decode()
    return redact(text)
