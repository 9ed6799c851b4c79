# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..exceptions import IdempotencyConflictError

CONTENT_HOURS = 24  # the contract's
DEFAULT_DAYS = 7
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
        help="The caller's Idempotency-Key, or what stands for the call's content.",
    )
    fingerprint = fields.Char(required=True, help="Equal for equal payloads.")
    status = fields.Integer(help="The HTTP status.")
    body = fields.Text(help="In JSON.")
    expiration_date = fields.Datetime(
        required=True, index=True, help="A call after it is a new one."
    )

    _unique_key = models.UniqueIndex("(user_id, key)")

    @api.model
    def _begin(self, key, data):
        """Take the key of a call, for this transaction and the time after it.

        Waits while another call with the same key is being worked on. When that one
        succeeds, PostgreSQL reports a serialization failure, upon which Odoo runs this
        call again, which then finds the answer; when it fails, this one goes ahead.

        :param str key: the caller's ``Idempotency-Key``; ``""`` compares by content
        :param dict data: the payload as it was sent
        :return: the answer that is kept, with a body; or an answer without one, to
            keep this call's in; or nothing, when the client does not want that
        :raise IdempotencyConflictError: the key is that of another payload
        """
        fingerprint = self._get_fingerprint(data)
        if key:
            duration = timedelta(days=self._get_days())
        elif self.env.user.lead_api_replay_content:
            # No key of a caller's has a space.
            key = f"content {fingerprint}"
            duration = timedelta(hours=CONTENT_HOURS)
        else:
            return self.browse()
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO %(table)s AS kept
                            (user_id, key, fingerprint, expiration_date)
                     VALUES (%(user_id)s, %(key)s, %(fingerprint)s, %(expiration)s)
                ON CONFLICT (user_id, key) DO UPDATE
                        SET fingerprint = EXCLUDED.fingerprint,
                            expiration_date = EXCLUDED.expiration_date,
                            body = NULL
                      WHERE kept.expiration_date < %(now)s
                  RETURNING id
                """,
                table=SQL.identifier(self._table),
                user_id=self.env.uid,
                key=key,
                fingerprint=fingerprint,
                expiration=now + duration,
                now=now,
            ),
            # A failure is no error here, and the log is no place for it.
            log_exceptions=False,
        )
        # sudo: what is kept is not for users to read, the caller's own included
        answers = self.sudo()
        if row := self.env.cr.fetchone():
            return answers.browse(row)
        kept = answers.search([("user_id", "=", self.env.uid), ("key", "=", key)])
        if kept.fingerprint != fingerprint:
            raise IdempotencyConflictError()
        return kept

    def _keep(self, status, body):
        """Keep an answer for the call's repetitions.

        :param int status: of HTTP
        :param str body: in JSON
        """
        self.write({"status": status, "body": body})

    @api.model
    def _get_fingerprint(self, data):
        canonical = json.dumps(data, sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()

    @api.model
    def _get_days(self):
        # sudo: parameters are for administrators
        parameters = self.env["ir.config_parameter"].sudo()
        return int(parameters.get_param("crm_lead_api.answer_days", DEFAULT_DAYS))

    @api.autovacuum
    def _gc_expired(self):
        expired = self.search(
            [("expiration_date", "<", fields.Datetime.now())], limit=GC_LIMIT
        )
        expired.unlink()
        return len(expired), len(expired) == GC_LIMIT
