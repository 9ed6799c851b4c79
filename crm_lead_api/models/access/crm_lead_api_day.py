# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from http import HTTPStatus

from odoo import api, fields, models
from odoo.tools import SQL

FIGURE_DAYS = 30
LONGEST_REQUEST = timedelta(hours=1)


class CrmLeadApiDay(models.Model):
    """Count the requests of a client on a past day, so that figures of a month do not
    need a month's log, without dry runs, tests and requests that were sent again."""

    _name = "crm.lead.api.day"
    _description = "Lead API Requests of a Day"
    _log_access = False

    client_id = fields.Many2one(
        "crm.lead.api.client", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", ondelete="cascade", index=True)
    date = fields.Date("Day", required=True, index=True, help="In UTC.")
    calls = fields.Integer("Requests", required=True)
    refused = fields.Integer(required=True)

    _client_date_index = models.Index("(client_id, date)")

    @api.model
    def _get_next(self):
        """Return the first day whose requests are not counted yet, in UTC."""
        oldest = self._get_oldest()
        # sudo: the days of all clients
        last = self.sudo().search([], order="date desc", limit=1).date
        last = fields.Datetime.to_datetime(last)
        return max(last + timedelta(days=1), oldest) if last else oldest

    @api.model
    def _count_days(self):
        """Count the requests of the days that have ended, and forget old days."""
        self.search([("date", "<", self._get_oldest())]).unlink()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_lead_api_day
                            (client_id, company_id, date, calls, refused)
                     SELECT client_id, company_id, date::date, count(*),
                            count(*) FILTER (WHERE status >= %s)
                       FROM crm_lead_api_request
                      WHERE date >= %s AND date < %s
                        AND origin_id IS NULL AND state <> 'dry_run'
                        AND is_test IS NOT TRUE
                   GROUP BY client_id, company_id, date::date
                """,
                HTTPStatus.BAD_REQUEST,
                self._get_next(),
                # An entry is older than its commit.
                (fields.Datetime.now() - LONGEST_REQUEST).date(),
            )
        )

    @api.model
    def _get_oldest(self):
        # No date: Odoo would take the day's beginning in the reader's time zone.
        return fields.Datetime.today() - timedelta(days=FIGURE_DAYS)
