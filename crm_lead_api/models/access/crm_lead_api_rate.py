# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from math import ceil

from odoo import api, fields, models
from odoo.tools import SQL

from ...http.headers import WINDOW, Rate
from ...tools.transaction import NO_WAIT, count_at_once


class CrmLeadApiRate(models.Model):
    """Count the requests of a client in its current minute, which begins with a
    request, in a table of its own: requests do not disturb users who edit the
    client."""

    _name = "crm.lead.api.rate"
    _description = "Lead API Rate"
    _log_access = False

    client_id = fields.Many2one(
        "crm.lead.api.client", required=True, ondelete="cascade"
    )
    start = fields.Datetime(required=True)
    calls = fields.Integer("Requests", required=True)

    _client_unique = models.UniqueIndex("(client_id)")

    @api.model
    def _count_request(self, client_id, limit):
        """Count a request in a transaction of its own, and return the :class:`Rate`;
        ``None`` for a client whose limit of requests in a minute is 0."""
        if not limit:
            return None
        query = SQL(
            """
            INSERT INTO %(table)s AS rate (client_id, start, calls)
                 SELECT %(client_id)s, %(now)s, 1 FROM %(no_wait)s
            ON CONFLICT (client_id) DO UPDATE
                    SET start = CASE WHEN %(is_over)s THEN EXCLUDED.start
                                     ELSE rate.start END,
                        calls = CASE WHEN %(is_over)s THEN 1
                                     ELSE rate.calls + 1 END
              RETURNING calls, %(window)s - EXTRACT(epoch FROM %(now)s - start)
            """,
            table=SQL.identifier(self._table),
            client_id=client_id,
            no_wait=NO_WAIT,
            # Not the transaction's time: other requests were counted since it began.
            now=SQL("clock_timestamp() AT TIME ZONE 'utc'"),
            # A start in the future was written before the clock went back.
            is_over=SQL(
                "EXCLUDED.start - rate.start"
                " NOT BETWEEN '0' AND make_interval(secs => %s)",
                WINDOW,
            ),
            window=WINDOW,
        )

        def count():
            self.env.cr.execute(query, log_exceptions=False)
            return self.env.cr.fetchone()

        requests, seconds = count_at_once(self.env, count)
        return Rate(limit, requests, max(ceil(seconds), 1))
