# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import format_datetime


class CrmBooking(models.Model):
    """Serve the screens of bookings."""

    _inherit = "crm.booking"

    is_open = fields.Boolean(compute="_compute_is_open")
    has_begun = fields.Boolean(compute="_compute_is_open")

    def _compute_is_open(self):
        now = fields.Datetime.now()
        for booking in self:
            booking.is_open = booking._is_open()
            booking.has_begun = bool(booking.start and booking.start <= now)

    def _format_start(self):
        """Return the start for people, on the branch's clock."""
        self.ensure_one()
        zone = self.company_id._get_booking_zone().zone
        return format_datetime(self.env, self.start, tz=zone, dt_format="short")

    def _get_list_action(self):
        """Return the action that opens a list of bookings."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_api_booking.crm_booking_action"
        )
        modes = ("list", "kanban", "calendar", "form")
        return {**action, "views": [(False, mode) for mode in modes]}

    def action_send_calendar(self):
        """Open a message to the customer, with the calendar file and its link."""
        self.ensure_one()
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{self.code}.ics",
                "raw": self._get_calendar_file(),
                "mimetype": "text/calendar",
                "res_model": self.lead_id._name,
                "res_id": self.lead_id.id,
            }
        )
        # In the customer's language
        booking = self.with_context(lang=self.partner_id.lang or self.env.lang)
        body = (
            self.env["ir.qweb"]
            .with_context(lang=booking.env.lang)
            ._render(
                "crm_lead_api_booking.crm_booking_message",
                {"booking": booking, "start": booking._format_start()},
            )
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Message to the Customer"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self.lead_id._name,
                "default_res_ids": self.lead_id.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": self.partner_id.ids,
                "default_subject": booking._get_calendar_title(),
                "default_body": body,
                "default_attachment_ids": attachment.ids,
            },
        }

    def action_download_calendar(self):
        """Download the calendar file."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": self._get_calendar_url(),
            "target": "download",
        }
