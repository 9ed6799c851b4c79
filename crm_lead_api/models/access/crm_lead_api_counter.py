# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2.errors import SerializationFailure

from odoo import api, models
from odoo.tools import SQL

# Do not wait for the disk: if the server crashes, losing a count does no harm.
NO_WAIT = SQL("set_config('synchronous_commit', 'off', true)")


class CrmLeadApiCounter(models.AbstractModel):
    """Share a count among all worker processes and servers."""

    _name = "crm.lead.api.counter"
    _description = "Lead API Counter"

    @api.model
    def _count_at_once(self, count):
        """Run a function in a transaction of its own, at the beginning of a request.

        The count stays however the request ends, and other requests that increase the
        same count wait for an instant, not for the whole request.

        :param count: function without parameters that runs quick statements: with
            ``log_exceptions=False``, because a failure is no error but leads to another
            attempt; and selecting from ``NO_WAIT``
        """
        while True:
            try:
                result = count()
                self.env.cr.commit()  # pylint: disable=invalid-commit
                return result
            except SerializationFailure:
                # Another transaction has counted meanwhile; one of the two succeeds.
                self.env.cr.rollback()
