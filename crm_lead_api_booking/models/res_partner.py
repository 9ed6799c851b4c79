# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.crm_lead_api.models.lead.res_partner_timeline import MAX_ENTRIES

from .crm_booking import OPEN_STATES

SALESMAN = "sales_team.group_sale_salesman"


class ResPartner(models.Model):
    """Show the bookings of a contact, past and to come."""

    _inherit = "res.partner"

    booking_count = fields.Integer(
        "Number of Bookings", compute="_compute_booking_count", groups=SALESMAN
    )

    def _compute_booking_count(self):
        counts = dict(
            self.env["crm.booking"]
            ._with_tests_of(self)
            ._read_group([("partner_id", "in", self.ids)], ["partner_id"], ["__count"])
        )
        for partner in self:
            partner.booking_count = counts.get(partner._origin, 0)

    def action_view_bookings(self):
        """Open the bookings of the contact."""
        self.ensure_one()
        action = self.env["crm.booking"]._get_list_action()
        return {**action, "domain": [("partner_id", "=", self.id)], "context": {}}

    def _get_timeline_entries(self):
        bookings = self.env["crm.booking"]._with_tests_of(self)
        bookings = bookings.search(
            [("partner_id", "child_of", self.id)], limit=MAX_ENTRIES + 1
        )
        return [
            *super()._get_timeline_entries(),
            *(booking._get_timeline_entry() for booking in bookings),
        ]

    @api.model
    def _check_bookings_of_merged(self, partners):
        """Check that contacts can be merged: they have one open booking in a group.

        :raise UserError: two of them have open bookings
        """
        # sudo: bookings of other branches count, too
        bookings = self.env["crm.booking"].sudo()
        for _group, found in bookings._read_group(
            [("partner_id", "in", partners.ids), ("state", "in", OPEN_STATES)],
            ["group_id"],
            ["id:recordset"],
        ):
            if len(found) > 1:
                raise UserError(
                    self.env._(
                        "Each of these contacts has an open booking: %s. Cancel all "
                        "but one before you merge the contacts.",
                        ", ".join(found.mapped("code")),
                    )
                )
