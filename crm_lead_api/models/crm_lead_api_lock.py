# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import zlib

from odoo import api, models
from odoo.tools import SQL


class CrmLeadApiLock(models.Model):
    """Guards what a new customer is known by against a second one in the same instant.

    A transaction of Odoo's sees the database as it was when it began, so waiting for
    somebody else is not enough: whoever waited would still not see the contact that
    was made meanwhile. Therefore not an advisory lock but a row that is written: to
    write one that another transaction has written since this one began is a
    serialization failure, upon which Odoo runs the request again, which then sees the
    contact. The rows are few and stay; two customers that share one by chance cost at
    most a repetition.
    """

    _name = "crm.lead.api.lock"
    _description = "Lead API Lock"
    _log_access = False

    SLOTS = 1 << 16

    @api.model
    def _lock(self, keys):
        """Hold the keys until the transaction ends.

        In one order, so that no two transactions wait for each other.

        :param keys: texts, such as phone numbers in E.164 form
        :raise SerializationFailure: one of them was held since this transaction began;
            Odoo runs the request again
        """
        slots = sorted({1 + zlib.crc32(key.encode()) % self.SLOTS for key in keys})
        if slots:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO %(table)s (id)
                         SELECT unnest(%(slots)s)
                    ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id
                    """,
                    table=SQL.identifier(self._table),
                    slots=slots,
                ),
                # A failure is no error here, and the log is no place for it.
                log_exceptions=False,
            )
