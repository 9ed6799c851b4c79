# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from odoo.addons.crm_lead_api.models.lead.res_partner_timeline import TimelineEntry


class CrmLeadPhoneCall(models.Model):
    """Tell the timeline of the customer about phone calls."""

    _inherit = "crm.lead.phone.call"

    def _get_timeline_entry(self):
        self.ensure_one()
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("direction", "outcome")
        }
        parts = (
            labels["direction"][self.direction],
            labels["outcome"].get(self.outcome),
            self.duration and self._format_duration(),
            self.agent_name,
            self.note,
        )
        return TimelineEntry(
            self.start_date,
            self.env._("Phone Call"),
            self.lead_id,
            " · ".join(part for part in parts if part),
            icon="fa-phone",
        )
