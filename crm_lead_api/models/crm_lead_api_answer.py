# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..exceptions import IdempotencyConflictError

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
    def _begin(self, key, data, others=()):
        """Take the key of a call, for this transaction and the time after it.

        Waits while another call with the same key is being worked on. When that one
        succeeds, PostgreSQL reports a serialization failure, upon which Odoo runs this
        call again, which then finds the answer; when it fails, this one goes ahead.

        :param str key: the caller's ``Idempotency-Key``; ``""`` compares by content
        :param dict data: the payload as it was sent
        :param others: payloads that mean the same call: as it was before somebody
            corrected it
        :return: the answer that is kept, with a body; or answers without one, to
            keep this call's in; or nothing, when the client does not want that
        :raise IdempotencyConflictError: the key is that of another payload
        """
        fingerprint = self._get_fingerprint(data)
        fingerprints = sorted({fingerprint, *map(self._get_fingerprint, others)})
        if key:
            keys = [f"key {hashlib.sha256(key.encode()).hexdigest()}"]
            days = self.env["ir.config_parameter"]._get_lead_api_int("answer_days")
            duration = timedelta(days=days)
        elif self.env.user._get_lead_api_client().replay_content:
            keys = [f"content {text}" for text in fingerprints]
            duration = timedelta(hours=CONTENT_HOURS)
        else:
            return self.browse()
        # sudo: what is kept is not for users to read, the caller's own included
        answers = self.sudo().browse()
        for key in keys:
            answer = self.sudo()._take(key, fingerprints, duration)
            if answer.body:
                if fingerprint not in answer.fingerprints.split():
                    raise IdempotencyConflictError()
                return answer
            answers |= answer
        return answers

    @api.model
    def _take(self, key, fingerprints, duration):
        """Return the answer of a key: one that is kept, or an empty one."""
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO %(table)s AS kept
                            (user_id, key, fingerprints, expiration_date)
                     VALUES (%(user_id)s, %(key)s, %(fingerprints)s, %(expiration)s)
                ON CONFLICT (user_id, key) DO UPDATE
                        SET fingerprints = EXCLUDED.fingerprints,
                            expiration_date = EXCLUDED.expiration_date,
                            body = NULL
                      WHERE kept.expiration_date < %(now)s
                  RETURNING id
                """,
                table=SQL.identifier(self._table),
                user_id=self.env.uid,
                key=key,
                fingerprints=" ".join(fingerprints),
                expiration=now + duration,
                now=now,
            ),
            # A failure is no error here, and the log is no place for it.
            log_exceptions=False,
        )
        if row := self.env.cr.fetchone():
            answer = self.browse(row)
            self._fields["body"]._insert_cache(answer, [None])
            return answer
        return self.search([("user_id", "=", self.env.uid), ("key", "=", key)])

    def _keep(self, body, entry):
        """Keep the answer to a call that succeeded for its repetitions.

        :param str body: in JSON
        :param entry: the call in the log, ``crm.lead.api.request``
        """
        self.write({"body": body, "request_id": entry.id})

    @api.model
    def _get_fingerprint(self, data):
        canonical = json.dumps(data, sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()

    @api.autovacuum
    def _gc_expired(self):
        expired = self.search(
            [("expiration_date", "<", fields.Datetime.now())], limit=GC_LIMIT
        )
        expired.unlink()
        return len(expired), len(expired) == GC_LIMIT
