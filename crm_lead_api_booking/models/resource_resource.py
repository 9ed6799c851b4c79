# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ResourceResource(models.Model):
    """Let customers book a room, a chair or a doctor: a seat."""

    _inherit = "resource.resource"

    is_seat = fields.Boolean(
        "Takes Bookings",
        index="btree_not_null",
        help="Customers can be booked for this room, chair or doctor.",
    )
    booking_service_ids = fields.Many2many(
        "product.product",
        "crm_booking_seat_service_rel",
        string="Services",
        domain="[('sale_ok', '=', True), ('company_id', 'in', [company_id, False])]",
        help="The services that can be done here; leave the field empty for all.",
    )
    lacks_time_zone = fields.Boolean(compute="_compute_lacks_time_zone")

    @api.depends("calendar_id.tz", "company_id.lacks_time_zone")
    def _compute_lacks_time_zone(self):
        for resource in self:
            company = resource.company_id or self.env.company  # of a new seat
            calendar = resource.calendar_id or company.resource_calendar_id
            resource.lacks_time_zone = company._lacks_time_zone(calendar)

    def action_set_time_zone(self):
        """Set the time zone of the seat's working hours."""
        return self.company_id._set_time_zone(self._get_booking_calendar())

    @api.model
    def _find_seats(self, company):
        """Return the seats of a branch, the first one to be taken first.

        :return: with superuser rights
        """
        # sudo: a client, and who books by telephone, may not read all resources
        return self.sudo().search_fetch(
            [("is_seat", "=", True), ("company_id", "=", company.id)],
            ["name", "company_id", "calendar_id", "user_id", "is_seat"],
            order="name, id",
        )

    def _does(self, products):
        """Tell whether all services can be done at the seat."""
        self.ensure_one()
        # sudo: as for finding seats
        services = self.sudo().booking_service_ids
        return not services or products <= services

    def _get_booking_calendar(self):
        """Return the working hours of a seat: its own, or else its branch's."""
        self.ensure_one()
        return self.calendar_id or self.company_id.resource_calendar_id
