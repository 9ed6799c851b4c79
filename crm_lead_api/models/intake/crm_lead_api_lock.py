# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

KEPT_HOURS = 24  # longer than any transaction
GC_LIMIT = 10_000


class CrmLeadApiLock(models.Model):
    """Lock the keys of a new customer, so that no other request creates it meanwhile.

    A transaction of Odoo's sees the database as it was when it began. With an advisory
    lock, a transaction that waited would still not see the contact that another
    transaction created. So a lock is a row that is written: if another transaction has
    written the row since this transaction began, PostgreSQL raises a serialization
    failure. Odoo then runs the request again, and the new transaction sees the contact.
    """

    _name = "crm.lead.api.lock"
    _description = "Lead API Lock"
    _log_access = False

    key = fields.Char(
        required=True, help="A hash of a phone number, an e-mail, a word."
    )
    date = fields.Datetime(required=True, index=True)

    _key_unique = models.UniqueIndex("(key)")

    @api.model
    def _lock(self, keys):
        """Lock the keys until the transaction ends.

        A request locks all of its keys at once, in one order, so that no two
        transactions wait for each other.

        :param keys: texts, such as phone numbers in E.164 form
        :raise SerializationFailure: another transaction has locked one of the keys
            since this transaction began; Odoo runs the request again
        """
        digests = sorted({hashlib.sha256(key.encode()).hexdigest() for key in keys})
        if digests:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO %(table)s AS held (key, date)
                         SELECT unnest(%(keys)s), %(now)s
                    ON CONFLICT (key) DO UPDATE SET date = EXCLUDED.date
                    """,
                    table=SQL.identifier(self._table),
                    keys=digests,
                    now=fields.Datetime.now(),
                ),
                # A failure is expected here, and does not belong in the log.
                log_exceptions=False,
            )

    @api.autovacuum
    def _gc_released(self):
        """Delete the keys that no transaction can still hold."""
        oldest = fields.Datetime.now() - timedelta(hours=KEPT_HOURS)
        old = self.search([("date", "<", oldest)], limit=GC_LIMIT).try_lock_for_update()
        old.unlink()
        return len(old), len(old) == GC_LIMIT
