# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..booking.crm_booking import OPEN_BOOKINGS

SPAN = {"date_from", "date_to", "resource_id", "calendar_id", "time_type"}


class ResourceCalendarLeaves(models.Model):
    """Warn of the bookings that time off, or a holiday, hits."""

    _inherit = "resource.calendar.leaves"

    booking_warning = fields.Text(
        "Bookings in This Time", compute="_compute_booking_warning"
    )

    @api.depends(*SPAN, "company_id")
    @api.depends_context("uid")  # for the customers' names
    def _compute_booking_warning(self):
        for leave in self:
            leave.booking_warning = leave._find_bookings()._describe_for_staff()

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._warn_of_bookings()
        return leaves

    def write(self, vals):
        result = super().write(vals)
        if SPAN & vals.keys():
            self._warn_of_bookings()
        return result

    def _find_bookings(self):
        """Return the open bookings to come in this time, with superuser rights."""
        # sudo: time off of a doctor hits the bookings of all branches
        leave = self.sudo()
        bookings, seat = leave.env["crm.booking"], leave.resource_id
        if not (leave.date_from and leave.date_to) or leave.time_type != "leave":
            return bookings
        if seat and not seat.is_seat:
            return bookings
        return bookings.search(
            (Domain("seat_id", "in", seat.ids) if seat else leave._get_seats_domain())
            & bookings._get_domain_to_come()
            & Domain("start", "<", leave.date_to)
            & Domain("stop", ">", leave.date_from),
            order="start, id",
        )

    def _get_seats_domain(self):
        """Return the domain of the bookings of all seats that a holiday closes."""
        company, calendar = self.company_id, self.calendar_id
        of_company = Domain("company_id", "=", company.id)
        is_general = not calendar or calendar == company.resource_calendar_id
        if calendar:
            calendars = [calendar.id, *([False] if is_general else [])]
            of_company &= Domain("seat_id.calendar_id", "in", calendars)
        if not is_general:
            return of_company
        branches = Domain("company_id", "child_of", company.id)
        return of_company | (branches & Domain("company_id", "!=", company.id))

    def _warn_of_bookings(self):
        """Show the bookings to the user, who may not have seen them in a form."""
        for leave in self:
            if text := leave.booking_warning:
                self.env.user._bus_send(
                    "simple_notification",
                    {
                        "type": "warning",
                        "title": self.env._("Bookings to be moved or cancelled"),
                        "message": text.replace("\n", "; "),
                        "sticky": True,
                    },
                )


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
        context={"active_test": False},  # without any, all could be done here
        help="The services that can be done here; leave the field empty for all.",
    )
    lacks_time_zone = fields.Boolean(compute="_compute_lacks_time_zone")

    @api.depends("calendar_id.tz", "company_id.lacks_time_zone")
    def _compute_lacks_time_zone(self):
        for resource in self:
            company = resource.company_id or self.env.company  # of a new seat
            calendar = resource.calendar_id or company.resource_calendar_id
            resource.lacks_time_zone = company._lacks_time_zone(calendar)

    def write(self, vals):
        self._check_bookings_to_come(vals)
        if user_id := vals.get("user_id"):
            others = self.filtered(lambda seat: seat.user_id.id != user_id)
            others.lock_for_update()  # as long as nobody books them at this moment
            others._check_other_user(self.env["res.users"].browse(user_id))
        return super().write(vals)

    def action_set_time_zone(self):
        """Set the time zone of the seat's working hours."""
        return self.company_id._set_time_zone(self._get_booking_calendar())

    def _check_bookings_to_come(self, vals):
        """Check that seats that are to be archived, or moved to another branch, have no
        open bookings to come, or raise a UserError that names them."""
        leaving = self.filtered(
            lambda seat: (
                vals.get("company_id", seat.company_id.id) != seat.company_id.id
                or not vals.get("active", True)
            )
        )
        # sudo: the bookings of all branches count
        bookings = self.env["crm.booking"].sudo()
        if bookings := bookings.search(
            Domain("seat_id", "in", leaving.ids) & bookings._get_domain_to_come(),
            order="start, id",
        ):
            raise UserError(
                self.env._(
                    "Move or cancel these bookings first:\n%s",
                    bookings._describe_for_staff(),
                )
            )

    def _check_other_user(self, user):
        """Check that a user would be at one place at a time with the bookings of the
        seats, or raise a UserError that names those that overlap."""
        # sudo: the bookings of all branches count
        bookings = self.env["crm.booking"].sudo()
        mine = bookings.search(Domain("seat_id", "in", self.ids) & OPEN_BOOKINGS)
        others = bookings.search(Domain("seat_user_id", "=", user.id) & OPEN_BOOKINGS)
        if clashing := mine.filtered(
            lambda each: any(
                other.start < each.stop and each.start < other.stop
                for other in (mine | others) - each
            )
        ):
            raise UserError(
                self.env._(
                    "%(user)s has other bookings at the times of these. Move or cancel "
                    "them first:\n%(bookings)s",
                    user=user.name,
                    bookings=clashing._describe_for_staff(),
                )
            )

    @api.model
    def _find_seats(self, company, products=None):
        """Return the seats of a branch, perhaps only those that do some services, with
        superuser rights; the first one is taken first."""
        # sudo: a client, and who books by telephone, may not read all resources
        # active: Odoo's list of a contact's leads hands on that all records are shown.
        usable = Domain("is_seat", "=", True) & Domain("active", "=", True)
        seats = self.sudo().search_fetch(
            usable & Domain("company_id", "=", company.id),
            ["name", "active", "company_id", "calendar_id", "user_id", "is_seat"],
            order="name, id",
        )
        return seats.filtered(lambda seat: not products or seat._can_do(products))

    def _can_do(self, products):
        """Tell whether all services can be done at the seat."""
        self.ensure_one()
        # sudo: as for finding seats
        services = self.sudo().booking_service_ids
        return not services or products <= services

    def _explain_refusal(self, products):
        """Return a sentence with the services that cannot be done at the seat; empty:
        all can, or there is no seat."""
        if not self or self._can_do(products):
            return ""
        refused = products - self.sudo().booking_service_ids  # sudo: as above
        services = ", ".join(refused.mapped("display_name"))
        return self.env._(
            "%(seat)s does not do: %(services)s", seat=self.name, services=services
        )

    def _get_booking_calendar(self):
        """Return the working hours of a seat: its own, or else its branch's."""
        self.ensure_one()
        return self.calendar_id or self.company_id.resource_calendar_id
