# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from odoo.addons.crm_lead_api.models.lead.res_partner_timeline import TimelineEntry

ICONS = {
    **dict.fromkeys(("booked", "confirmed"), "fa-calendar-o"),
    **dict.fromkeys(("arrived", "done"), "fa-calendar-check-o"),
    **dict.fromkeys(("no_show", "cancelled"), "fa-calendar-times-o"),
}


class CrmBooking(models.Model):
    """Tell the timeline of the customer about a booking."""

    _inherit = "crm.booking"

    def _get_timeline_entry(self):
        self.ensure_one()
        states = dict(self._fields["state"]._description_selection(self.env))
        parts = (
            *(self.code, states[self.state], self.service_names, self.seat_id.name),
            self.cancel_reason,
        )
        return TimelineEntry(
            self.start,
            self.env._("Booking"),
            self.lead_id.filtered(lambda lead: lead.has_access("read")),
            " · ".join(part for part in parts if part),
            icon=ICONS[self.state],
        )
