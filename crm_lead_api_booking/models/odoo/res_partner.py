# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace

from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.crm_lead_api.models.lead.res_partner import MAX_ENTRIES, STAFF


class ResPartner(models.Model):
    """Show the bookings of a contact, past and to come."""

    _inherit = "res.partner"

    booking_count = fields.Integer(
        "Number of Bookings", compute="_compute_booking_count", groups=STAFF
    )
    no_show_count = fields.Integer(
        "No-Shows",
        compute="_compute_no_show_count",
        compute_sudo=True,  # for who books in another branch, too
        groups=STAFF,
        help="How often the customer did not come, at any branch.",
    )

    def _compute_no_show_count(self):
        missed = Domain("state", "=", "no_show")
        bookings = self.env["crm.booking"]
        for partner, count in bookings._count_of(self, "partner_id", missed).items():
            partner.no_show_count = count

    def _compute_booking_count(self):
        bookings = self.env["crm.booking"]
        for partner, count in bookings._count_of(self, "partner_id").items():
            partner.booking_count = count

    def unlink(self):
        self._mark_meetings()  # PostgreSQL empties the bookings' link
        return super().unlink()

    def action_book(self):
        """Open the dialog with the free times, for the contact."""
        self.ensure_one()
        return self.env["crm.booking.wizard"]._open(
            partner_id=self.id, phone=self.phone
        )

    def action_view_bookings(self):
        """Open the bookings of the contact."""
        self.ensure_one()
        return self.env["crm.booking"]._get_list_action([("partner_id", "=", self.id)])

    def _get_timeline_entries(self):
        """Add the appointments at branches that the user may not see: their time, state
        and branch, which a lead tells, too."""
        entries = super()._get_timeline_entries()
        bookings = self.env["crm.booking"]._with_tests_of(self)
        if not bookings.has_access("read"):
            return entries
        of_people = Domain("partner_id", "child_of", self.id)
        of_group = Domain("group_id", "in", self.env.companies.root_id.ids)
        # sudo: as for the lead's line of earlier appointments
        everywhere = bookings.sudo().search(of_people & of_group, limit=MAX_ENTRIES)
        visible = everywhere.sudo(False)._filtered_access("read")
        for booking in everywhere - visible:
            state = booking._format_value("state", booking.state)
            text = f"{state} · {booking.company_id.name}"
            entry = booking._get_timeline_entry()
            entries.append(replace(entry, lead=entry.lead.browse(), text=text))
        return entries

    def _mark_meetings(self):
        """Let the meetings of the contacts' bookings follow, soon."""
        # sudo: bookings of other branches, too
        bookings = self.env["crm.booking"].sudo()
        domain = [("partner_id", "in", self.ids), ("meeting_id", "!=", False)]
        bookings.search(domain)._mark_meetings()
