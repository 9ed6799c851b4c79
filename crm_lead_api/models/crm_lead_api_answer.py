# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..call import get_fingerprint

CONTENT_HOURS = 24  # the contract's
GC_LIMIT = 10_000  # records that a run of the clean-up deletes at once


class CrmLeadApiAnswer(models.Model):
    """The answer to a call that succeeded, kept for the call's repetitions.

    It is written in the transaction of the lead: there is one if and only if there is
    the other. A call that failed leaves none, so that it can be mended and sent again.
    """

    _name = "crm.lead.api.answer"
    _description = "Lead API Answer"
    _order = "id desc"
    _log_access = False

    user_id = fields.Many2one(
        "res.users", string="Caller", required=True, ondelete="cascade"
    )
    key = fields.Char(
        required=True,
        help="A hash of the caller's Idempotency-Key, or of the call's content.",
    )
    fingerprints = fields.Char(
        required=True,
        help="Of the payload, equal for equal ones; and of the one before somebody "
        "corrected it.",
    )
    body = fields.Text(help="In JSON.")
    request_id = fields.Many2one(
        "crm.lead.api.request",
        string="First Request",
        index="btree_not_null",
        ondelete="set null",
    )
    expiration_date = fields.Datetime(
        required=True, index=True, help="A call after it is a new one."
    )

    _unique_key = models.UniqueIndex("(user_id, key)")

    @api.model
    def _begin(self, calls):
        """Take the keys of calls, for this transaction and the time after it.

        Waits while another call with the same key is being worked on. When that one
        succeeds, PostgreSQL reports a serialization failure, upon which Odoo runs this
        call again, which then finds the answer; when it fails, this one goes ahead.

        :param list[Call] calls: those without an ``Idempotency-Key`` are compared by
            content; what was sent before somebody corrected it means the same call
        :return: for each call the answers that are its own: those with a body are kept
            from earlier; those without one are to keep this call's; none, when the
            client does not want that
        """
        days = self.env["ir.config_parameter"]._get_lead_api_int("answer_days")
        by_content = self.env.user._get_lead_api_client().replay_content
        wanted, all_keys = {}, []
        for call in calls:
            payloads = (call.data, *call.get_earlier_payloads())
            fingerprints = sorted(set(map(get_fingerprint, payloads)))
            duration = timedelta(hours=CONTENT_HOURS)
            keys = []
            if call.idempotency_key:
                digest = hashlib.sha256(call.idempotency_key.encode()).hexdigest()
                keys, duration = [f"key {digest}"], timedelta(days=days)
            elif by_content:
                keys = [f"content {text}" for text in fingerprints]
            for key in keys:
                wanted.setdefault(key, (" ".join(fingerprints), duration))
            all_keys.append(keys)
        # sudo: what is kept is not for users to read, the caller's own included
        answers = self.sudo()._take(wanted)
        ids = [answer.id for answer in answers.values()]
        return [
            self.sudo().browse(answers[key].id for key in keys).with_prefetch(ids)
            for keys in all_keys
        ]

    @api.model
    def _take(self, wanted):
        """Return the answers of keys: those that are kept, or empty ones.

        In one order, so that no two transactions wait for each other.

        :param dict wanted: fingerprints and duration by key
        :return: one answer by key
        """
        if not wanted:
            return {}
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO %(table)s AS kept
                            (user_id, key, fingerprints, expiration_date)
                     VALUES %(rows)s
                ON CONFLICT (user_id, key) DO UPDATE
                        SET fingerprints = EXCLUDED.fingerprints,
                            expiration_date = EXCLUDED.expiration_date,
                            body = NULL
                      WHERE kept.expiration_date < %(now)s
                  RETURNING key, id
                """,
                table=SQL.identifier(self._table),
                rows=SQL(", ").join(
                    SQL("%s", (self.env.uid, key, fingerprints, now + duration))
                    for key, (fingerprints, duration) in sorted(wanted.items())
                ),
                now=now,
            ),
            # A failure is no error here, and the log is no place for it.
            log_exceptions=False,
        )
        taken = {
            key: self.browse(answer_id) for key, answer_id in self.env.cr.fetchall()
        }
        for answer in taken.values():
            self._fields["body"]._insert_cache(answer, [None])
        if kept := [key for key in wanted if key not in taken]:
            answers = self.search_fetch(
                [("user_id", "=", self.env.uid), ("key", "in", kept)],
                ["key", "fingerprints", "body", "request_id"],
            )
            taken |= {answer.key: answer for answer in answers}
        return taken

    def _is_of(self, call):
        """Say whether the answer is to a payload like the call's."""
        return call.fingerprint in self.fingerprints.split()

    @api.autovacuum
    def _gc_expired(self):
        expired = self.search(
            [("expiration_date", "<", fields.Datetime.now())], limit=GC_LIMIT
        )
        expired.unlink()
        return len(expired), len(expired) == GC_LIMIT
