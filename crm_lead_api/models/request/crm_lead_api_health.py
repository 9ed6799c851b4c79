# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# The scheduled actions that the lead API needs
ACTIONS = (
    *("ir_cron_follow_up", "ir_cron_send_events"),
    *("ir_cron_watch", "ir_cron_forget_payloads"),
)
LATE = timedelta(minutes=10)  # normally the follow-up of a lead takes seconds


class CrmLeadApiHealth(models.AbstractModel):
    """Check that the work that follows the answers to requests gets done."""

    _name = "crm.lead.api.health"
    _description = "Lead API Health"

    @api.model
    def _find_stopped_actions(self):
        """Return the names of the scheduled actions that are missing or archived.

        Odoo archives an action that has failed for a week.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT data.name
                  FROM ir_model_data AS data
                  JOIN ir_cron AS action ON action.id = data.res_id
                 WHERE data.module = 'crm_lead_api' AND data.model = 'ir.cron'
                   AND action.active
                """
            )
        )
        return sorted(set(ACTIONS) - {name for (name,) in rows})

    @api.model
    def _find_backlog(self):
        """Return the count and the oldest date of the pending follow-up work."""
        [(count, date)] = self.env["crm.lead.api.follow.up"]._read_group(
            [("is_failed", "=", False)], aggregates=["__count", "date:min"]
        )
        return count, date

    @api.model
    def _is_late(self, date):
        """Tell whether work that has waited since a date is overdue."""
        return bool(date) and date < fields.Datetime.now() - LATE
