# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import json
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.json_body import (
    get_fingerprint,
    get_old_fingerprint,
    get_value,
    parse_leniently,
    to_json,
)
from ...tools.mode import TEST, is_in_test_mode

CONTENT_HOURS = 24  # of the contract, for requests that are compared by content
# A request with another key takes over older content, so that 24 hours begin again.
# Requests at the same instant leave each other alone.
FRESH = timedelta(minutes=1)
GC_LIMIT = 10_000  # answers that a clean-up deletes at once


class KeptAnswer(NamedTuple):
    """Hold the answer under one key of a request."""

    id: int
    key: str
    has_key: bool = False  # the first request had an Idempotency-Key
    fingerprints: str = ""  # hashes of the payloads that get this answer
    body: dict | None = None  # None: there is no answer yet
    etag: str | None = None
    lead_id: int | None = None  # in the log; after a merge, the remaining lead
    has_lead: bool = False
    partner_id: int | None = None
    phones: str | None = None
    company_id: int | None = None  # of the lead, or else of the log's entry

    def matches_payload(self, received) -> bool:
        """Tell whether the answer belongs to the payload of a request."""
        own = {received.fingerprint, get_old_fingerprint(received.data)}
        return not own.isdisjoint(self.fingerprints.split())

    def is_for(self, received) -> bool:
        """Tell whether the answer may be for a request: equal content under two keys is
        no repetition."""
        is_of_other = self.has_key and bool(received.idempotency_key)
        return not self.body or self.is_by_key or not is_of_other

    @property
    def is_by_key(self) -> bool:
        """Tell whether the answer is kept under an Idempotency-Key, not by content."""
        return self.key.startswith("key ")

    def get_lead_state(self) -> str | None:
        """Return ``deleted`` or ``merged`` if the answered lead is gone."""
        sent = get_value(self.body, "data.id_lead")
        if not sent:  # an answer about a phone call, or of another addon, may have none
            return None
        if not self.has_lead:
            return "deleted"
        return None if sent == self.lead_id else "merged"


class CrmLeadApiAnswer(models.Model):
    """Keep the answers to successful requests, for repetitions of the requests.

    An answer is written in the transaction of its lead: neither exists without the
    other. A failed request leaves no answer: it can be corrected and sent again.
    """

    _name = "crm.lead.api.answer"
    _description = "Lead API Answer"
    _order = "id desc"
    _log_access = False

    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    key = fields.Char(
        required=True,
        help="A hash of the client's Idempotency-Key, or of the request's content.",
    )
    has_key = fields.Boolean(help="The first request had an Idempotency-Key.")
    fingerprints = fields.Char(
        required=True,
        help="Hashes of the payload, equal for equal payloads; also of the payload "
        "before a correction.",
    )
    body = fields.Text(help="In JSON.")
    etag = fields.Char("ETag", help="Of the lead in the body.")
    request_id = fields.Many2one(
        "crm.lead.api.request", string="First Request", index="btree_not_null"
    )
    expiration_date = fields.Datetime(
        required=True, index=True, help="A request after this date is a new request."
    )

    _unique_key = models.UniqueIndex("(user_id, key)")

    @api.model
    def _reserve_keys(self, requests) -> list[list[KeptAnswer]]:
        """Reserve the keys of requests, in this transaction and after it.

        Waits while another request with the same key is served. If the other request
        succeeds, PostgreSQL reports a serialization failure, Odoo runs this request
        again, and it finds the answer; if the other request fails, this request goes
        ahead.

        :param list[ReceivedRequest] requests: requests are compared by key and by
            content, unless both have a key; a corrected payload also matches the
            earlier payloads
        :return: for each request the answers under its keys, kept or still empty; none
            if the client wants no replay
        """
        days = self.env["ir.config_parameter"]._get_lead_api_int("answer_days")
        by_content = self.env.user._get_lead_api_client().replay_content
        # Equal requests with a test token and with another token are no repetitions.
        prefix = f"{TEST} " if is_in_test_mode(self.env) else ""
        wanted, by_content_alone, all_keys = {}, set(), []
        for received in requests:
            attempts = received.origin._get_attempts() if received.origin else ()
            earlier = (parse_leniently(each.payload or "") for each in attempts)
            # A body without a JSON object made no lead.
            payloads = [received.data, *filter(None, earlier)]
            fingerprints = sorted(set(map(get_fingerprint, payloads)))
            durations, has_key = {}, bool(received.idempotency_key)
            if has_key:
                # A key has no space: no address and key look like another pair.
                text = f"{received.route} {received.idempotency_key}".lstrip()
                text = f"{prefix}{text}"
                digest = hashlib.sha256(text.encode()).hexdigest()
                durations[f"key {digest}"] = timedelta(days=days)
            # A change back to earlier values is a change.
            if by_content and (received.route or "POST").startswith("POST"):
                route = received.route and f" {received.route}"
                contents = dict.fromkeys(map(get_old_fingerprint, payloads))
                contents |= dict.fromkeys(fingerprints, timedelta(hours=CONTENT_HOURS))
                for text, duration in contents.items():
                    durations[f"{prefix}content {text}{route}"] = duration
            for key, duration in durations.items():
                wanted.setdefault(key, (has_key, " ".join(fingerprints), duration))
            all_keys.append(list(durations))
            if not has_key:
                by_content_alone.update(durations)
        answers = self._take(wanted, by_content_alone)
        return [
            [
                answers[key]
                for key in keys
                if key in answers and answers[key].is_for(received)
            ]
            for received, keys in zip(requests, all_keys, strict=True)
        ]

    # By SQL: other addons must not change the kept answers. A conflict is expected
    # here, and not worth an error in Odoo's log.

    @api.model
    def _take(self, wanted, by_content_alone) -> dict[str, KeptAnswer]:
        """Return the kept answers under keys, or new empty answers.

        The keys are sorted, so that no two transactions wait for each other.

        :param dict wanted: by key, whether the request has an Idempotency-Key, its
            fingerprints, and the duration; ``None``: only look the key up
        :param set by_content_alone: the keys of requests without Idempotency-Key; of
            others the content under another one does not count
        """
        if not wanted:
            return {}
        now = fields.Datetime.now()
        new = {key: values for key, values in wanted.items() if values[-1]}
        self.env.cr.execute(
            SQL(
                """
                WITH taken AS (
                    INSERT INTO crm_lead_api_answer AS kept
                                (user_id, key, has_key, fingerprints, expiration_date)
                         VALUES %(rows)s
                    ON CONFLICT (user_id, key) DO UPDATE
                            SET has_key = EXCLUDED.has_key,
                                fingerprints = EXCLUDED.fingerprints,
                                expiration_date = EXCLUDED.expiration_date,
                                body = NULL, request_id = NULL
                          WHERE kept.expiration_date < %(now)s
                                OR kept.has_key AND EXCLUDED.has_key
                                   AND kept.key NOT LIKE 'key %%'
                                   AND kept.expiration_date
                                       < EXCLUDED.expiration_date - %(fresh)s
                      RETURNING id, key
                )
                SELECT id, key FROM taken
             UNION ALL
                SELECT NULL, key
                  FROM crm_lead_api_answer
                 WHERE user_id = %(user_id)s AND key = ANY(%(keys)s)
                       AND expiration_date >= %(now)s
                       AND (
                           has_key IS NOT TRUE
                           OR key LIKE 'key %%'
                           OR key = ANY(%(by_content_alone)s)
                       )
                """,
                rows=SQL(", ").join(
                    SQL("%s", (self.env.uid, key, *values, now + duration))
                    for key, (*values, duration) in sorted(new.items())
                ),
                user_id=self.env.uid,
                keys=list(wanted),
                by_content_alone=list(by_content_alone),
                now=now,
                fresh=FRESH,
            ),
            log_exceptions=False,
        )
        rows = self.env.cr.fetchall()
        taken = {key: KeptAnswer(row_id, key) for row_id, key in rows if row_id}
        return taken | self._find_kept([key for row_id, key in rows if not row_id])

    @api.model
    def _find_kept(self, keys) -> dict[str, KeptAnswer]:
        """Return the answers that are kept under keys of the user. Neither the log's
        entry nor the lead is locked: a repetition and people who work on the lead do
        not wait for each other."""
        if not keys:
            return {}
        self.env.cr.execute(
            SQL(
                """
                SELECT answer.id, answer.key, answer.has_key, answer.fingerprints,
                       answer.body::json, answer.etag,
                       request.lead_id, lead.id IS NOT NULL, partner.id, request.phones,
                       COALESCE(lead.company_id, request.company_id)
                  FROM crm_lead_api_answer AS answer
             LEFT JOIN crm_lead_api_request AS request ON request.id = answer.request_id
             LEFT JOIN crm_lead AS lead ON lead.id = request.lead_id
             LEFT JOIN res_partner AS partner ON partner.id = request.partner_id
                 WHERE answer.user_id = %s AND answer.key = ANY(%s)
                """,
                self.env.uid,
                keys,
            ),
            log_exceptions=False,
        )
        kept = [KeptAnswer(*values) for values in self.env.cr.fetchall()]
        return {answer.key: answer for answer in kept}

    @api.model
    def _store(self, bodies):
        """Keep the answers to requests for their repetitions: by id of the answer, the
        body as a JSON object, the ETag or ``None``, and the id of the log's entry."""
        if not bodies:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lead_api_answer AS answer
                   SET body = new.body, etag = new.etag, request_id = new.request_id
                  FROM (VALUES %s) AS new (id, body, etag, request_id)
                 WHERE answer.id = new.id
                """,
                SQL(", ").join(
                    SQL("%s", (row_id, to_json(body), *values))
                    for row_id, (body, *values) in bodies.items()
                ),
            ),
            log_exceptions=False,
        )

    @api.model
    def _release(self, answers):
        """Release keys, such as of failed requests, which can be sent again."""
        if answers:
            self.env.cr.execute(
                SQL(
                    "DELETE FROM crm_lead_api_answer WHERE id = ANY(%s)",
                    [answer.id for answer in answers],
                ),
                log_exceptions=False,
            )

    @api.model
    def _anonymize_portraits(self, portraits):
        """Erase the personal data of a person from the answers about portraits."""
        leads = portraits.lead_ids | portraits.former_lead_id
        is_of_lead = Domain("request_id.lead_id", "in", leads.ids)
        is_of_person = Domain("request_id.lead_id", "=", False) & Domain(
            "request_id.partner_id", "in", portraits.partner_id.ids
        )
        self.search(is_of_lead | is_of_person)._anonymize()

    def _anonymize(self):
        """Erase the personal data, but no ids: a repetition makes no second lead."""
        kept = self._get_kept_attributes()
        for answer in self.filtered("body"):
            body = json.loads(answer.body)
            data = body["data"] if isinstance(body["data"], dict) else {}
            body["data"] = {name: data[name] for name in data if name in kept}
            if portrait := data.get("customer_portrait"):
                body["data"]["customer_portrait"] = {
                    name: [] if isinstance(value, list) else None
                    for name, value in portrait.items()
                }
            answer.body = to_json(body)

    @api.model
    def _get_kept_attributes(self) -> set[str]:
        """Return the attributes that stay in an answer without personal data. An addon
        adds ids of records whose model is no ``crm.lead.api.record.mixin``."""
        models = self.env["crm.lead.api.record.mixin"]._get_record_models()
        return {"customer_portrait", "id_lead", "link_lead_detail", "id_note"}.union(
            *(model._kept_attributes for model in models)
        )

    @api.autovacuum
    def _gc_expired(self):
        expired = self.search(
            [("expiration_date", "<", fields.Datetime.now())], limit=GC_LIMIT
        )
        expired.unlink()
        return len(expired), len(expired) == GC_LIMIT
