# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import json
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.json_body import to_json
from ...tools.mode import TEST, is_in_test_mode
from .received_request import get_fingerprint

CONTENT_HOURS = 24  # of the contract, for requests that are compared by content
GC_LIMIT = 10_000  # answers that a clean-up deletes at once


class KeptAnswer(NamedTuple):
    """Hold the answer under one key of a request.

    :param id: of the ``crm.lead.api.answer``
    :param fingerprints: hashes of the payloads that get this answer
    :param body: in JSON; ``None``: there is no answer yet
    :param etag: of the lead in the body
    :param lead_id: the lead in the log; after a merge, the remaining lead
    :param has_lead: the lead still exists
    :param partner_id: the contact, if it still exists
    :param phones: the phone numbers of the log's entry
    """

    id: int
    fingerprints: str = ""
    body: str | None = None
    etag: str | None = None
    lead_id: int | None = None
    has_lead: bool = False
    partner_id: int | None = None
    phones: str | None = None

    def is_of(self, received) -> bool:
        """Tell whether the answer belongs to the payload of a request."""
        return received.fingerprint in self.fingerprints.split()

    def get_lead_state(self) -> str | None:
        """Return ``deleted`` or ``merged`` if the lead in the answer is gone, else
        ``None``."""
        sent = json.loads(self.body)["data"]["id_lead"]
        if not sent:  # an answer about a phone call may have no lead
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
    fingerprints = fields.Char(
        required=True,
        help="Hashes of the payload, equal for equal payloads; also of the payload "
        "before a correction.",
    )
    body = fields.Text(help="In JSON.")
    etag = fields.Char("ETag", help="Of the lead in the body.")
    request_id = fields.Many2one(
        "crm.lead.api.request",
        string="First Request",
        index="btree_not_null",
        ondelete="set null",
    )
    expiration_date = fields.Datetime(
        required=True, index=True, help="A request after this date is a new request."
    )

    _unique_key = models.UniqueIndex("(user_id, key)")

    @api.model
    def _begin(self, requests):
        """Reserve the keys of requests, in this transaction and after it.

        Waits while another request with the same key is served. If the other request
        succeeds, PostgreSQL reports a serialization failure, Odoo runs this request
        again, and it finds the answer; if the other request fails, this request goes
        ahead.

        :param list[ReceivedRequest] requests: requests without ``Idempotency-Key`` are
            compared by content; a corrected payload also matches the earlier payloads
        :return: for each request the answers under its keys, kept or still empty; none
            if the client wants no replay
        :rtype: list[list[KeptAnswer]]
        """
        days = self.env["ir.config_parameter"]._get_lead_api_int("answer_days")
        by_content = self.env.user._get_lead_api_client().replay_content
        # Equal requests with a test token and with another token are no repetitions.
        prefix = f"{TEST} " if is_in_test_mode(self.env) else ""
        wanted, all_keys = {}, []
        for received in requests:
            earlier = map(get_fingerprint, received.get_earlier_payloads())
            fingerprints = sorted({received.fingerprint, *earlier})
            duration = timedelta(hours=CONTENT_HOURS)
            keys = []
            if received.idempotency_key:
                # A key has no space: no address and key look like another pair.
                text = f"{received.route} {received.idempotency_key}".lstrip()
                text = f"{prefix}{text}"
                digest = hashlib.sha256(text.encode()).hexdigest()
                keys, duration = [f"key {digest}"], timedelta(days=days)
            elif by_content and received.is_compared_by_content:
                route = received.route and f" {received.route}"
                keys = [f"{prefix}content {text}{route}" for text in fingerprints]
            for key in keys:
                wanted.setdefault(key, (" ".join(fingerprints), duration))
            all_keys.append(keys)
        answers = self._take(wanted)
        return [[answers[key] for key in keys] for keys in all_keys]

    # By SQL: other addons must not change the kept answers. A conflict is expected
    # here, and not worth an error in Odoo's log.

    @api.model
    def _take(self, wanted):
        """Return the kept answers under keys, or new empty answers.

        The keys are sorted, so that no two transactions wait for each other.

        :param dict wanted: fingerprints and duration by key
        :rtype: dict[str, KeptAnswer]
        """
        if not wanted:
            return {}
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_lead_api_answer AS kept
                            (user_id, key, fingerprints, expiration_date)
                     VALUES %(rows)s
                ON CONFLICT (user_id, key) DO UPDATE
                        SET fingerprints = EXCLUDED.fingerprints,
                            expiration_date = EXCLUDED.expiration_date,
                            body = NULL, request_id = NULL
                      WHERE kept.expiration_date < %(now)s
                  RETURNING key, id
                """,
                rows=SQL(", ").join(
                    SQL("%s", (self.env.uid, key, fingerprints, now + duration))
                    for key, (fingerprints, duration) in sorted(wanted.items())
                ),
                now=now,
            ),
            log_exceptions=False,
        )
        taken = {key: KeptAnswer(row_id) for key, row_id in self.env.cr.fetchall()}
        return taken | self._find_kept([key for key in wanted if key not in taken])

    @api.model
    def _find_kept(self, keys):
        """Return the answers that are kept under keys of the user.

        Neither the log's entry nor the lead is locked: a repetition and people who work
        on the lead do not wait for each other.

        :rtype: dict[str, KeptAnswer]
        """
        if not keys:
            return {}
        self.env.cr.execute(
            SQL(
                """
                SELECT answer.key, answer.id, answer.fingerprints, answer.body,
                       answer.etag,
                       request.lead_id, lead.id IS NOT NULL, partner.id, request.phones
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
        return {key: KeptAnswer(*values) for key, *values in self.env.cr.fetchall()}

    @api.model
    def _keep(self, bodies):
        """Keep the answers to requests for their repetitions.

        :param dict bodies: the body, the ETag or ``None``, and the id of the log's
            entry, by id of the answer
        """
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
                    SQL("%s", (row_id, *values)) for row_id, values in bodies.items()
                ),
            ),
            log_exceptions=False,
        )

    @api.model
    def _renew(self, received, answers):
        """Reserve the keys of a request that is no repetition any more anew.

        Another transaction that has renewed an answer since this one began is a
        serialization failure: Odoo runs the request again.

        :param ReceivedRequest received: the request
        :param list[KeptAnswer] answers: the kept answers under its keys
        :return: empty answers, which are kept as long as those of a new request
        :rtype: list[KeptAnswer]
        """
        self._release(answers)
        [renewed] = self._begin([received])
        return renewed

    @api.model
    def _release(self, answers):
        """Release keys, such as those of failed requests, which can be corrected and
        sent again."""
        if answers:
            self.env.cr.execute(
                SQL(
                    "DELETE FROM crm_lead_api_answer WHERE id = ANY(%s)",
                    [answer.id for answer in answers],
                ),
                log_exceptions=False,
            )

    @api.model
    def _forget_portraits(self, portraits):
        """Erase the personal data from the kept answers about portraits, because a
        person is being erased."""
        is_of_lead = Domain("request_id.lead_id", "in", portraits.lead_ids.ids)
        is_of_person = Domain("request_id.lead_id", "=", False) & Domain(
            "request_id.partner_id", "in", portraits.partner_id.ids
        )
        self.search(is_of_lead | is_of_person)._forget_content()

    def _forget_content(self):
        """Erase the personal data from kept answers.

        The ids stay, so that a repetition makes no second lead.
        """
        kept = self._get_kept_attributes()
        for answer in self.filtered("body"):
            body = json.loads(answer.body)
            data = body["data"]
            body["data"] = {name: data[name] for name in data if name in kept}
            if portrait := data.get("customer_portrait"):
                body["data"]["customer_portrait"] = {
                    name: [] if isinstance(value, list) else None
                    for name, value in portrait.items()
                }
            answer.body = to_json(body)

    @api.model
    def _get_kept_attributes(self):
        """Return the attributes that stay in an answer without personal data.

        An addon adds the ids of its records.

        :rtype: set[str]
        """
        return {"customer_portrait", "id_lead", "link_lead_detail", "id_note"}

    @api.autovacuum
    def _gc_expired(self):
        expired = self.search(
            [("expiration_date", "<", fields.Datetime.now())], limit=GC_LIMIT
        )
        expired.unlink()
        return len(expired), len(expired) == GC_LIMIT
