# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2.errors import SerializationFailure

from odoo import api, models
from odoo.tools import SQL

# Not to wait for the disk: a crash of the server may lose a count, which is no harm.
NO_WAIT = SQL("set_config('synchronous_commit', 'off', true)")


class CrmLeadApiCounter(models.AbstractModel):
    """Counts what all worker processes and servers count together."""

    _name = "crm.lead.api.counter"
    _description = "Lead API Counter"

    @api.model
    def _count_at_once(self, count):
        """Run a function in a transaction of its own, at the beginning of a request.

        What is counted stays counted however the request ends, and whoever counts the
        same waits for an instant, not for the whole request.

        :param count: function without parameters that runs quick statements, with
            ``log_exceptions=False``: that it fails and is run again is no error;
            they select from ``NO_WAIT``
        """
        while True:
            try:
                result = count()
                self.env.cr.commit()  # pylint: disable=invalid-commit
                return result
            except SerializationFailure:
                # Somebody else has counted meanwhile: one of us always gets on.
                self.env.cr.rollback()
