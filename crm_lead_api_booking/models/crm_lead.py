# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from odoo.addons.crm_lead_api.tools.mode import ALL, MODE

BEFORE_QUALIFIED = ("new", "contacted")


class CrmLead(models.Model):
    """Show the bookings of a lead, and mark it as qualified when the customer comes."""

    _inherit = "crm.lead"

    booking_ids = fields.One2many(
        "crm.booking", "lead_id", string="Bookings", context={MODE: ALL}
    )
    booking_count = fields.Integer(
        "Number of Bookings", compute="_compute_booking_count"
    )
    first_arrival_date = fields.Datetime(
        "First Arrival",
        copy=False,
        readonly=True,
        help="When the customer first arrived for a booking.",
    )

    def _compute_booking_count(self):
        counts = dict(
            self.env["crm.booking"]
            ._with_tests_of(self)
            ._read_group([("lead_id", "in", self.ids)], ["lead_id"], ["__count"])
        )
        for lead in self:
            lead.booking_count = counts.get(lead._origin, 0)

    @api.depends("first_arrival_date")
    def _compute_lead_api_state(self):
        result = super()._compute_lead_api_state()
        for lead in self:
            if lead.first_arrival_date and lead.lead_api_state in BEFORE_QUALIFIED:
                lead.lead_api_state = "qualified"
        return result

    def _get_booking_currency(self):
        """Return the currency of the lead's services."""
        company = self.company_id or self.env.company
        return (
            self.service_ids[:1].currency_id
            or self.pricelist_id.currency_id
            or company.currency_id
        )

    def _get_booking_prices(self, products, currency):
        """Return the prices of services for a unit: those of the lead, which staff may
        have typed in, or else those of the lead's price list.

        :rtype: dict[int, float]
        """
        own = {
            line.product_id.id: line.price_unit
            for line in self.service_ids
            if line.currency_id == currency
        }
        others = products.filtered(lambda product: product.id not in own)
        if not others:
            return own
        quantities = dict.fromkeys(others, 1.0)
        prices = self.env["crm.booking"]._get_prices(
            self.pricelist_id, quantities, currency
        )
        return {**prices, **own}

    def _merge_get_fields_specific(self):
        return {
            **super()._merge_get_fields_specific(),
            "first_arrival_date": lambda name, leads: min(
                leads.filtered(name).mapped(name), default=False
            ),
        }

    def _merge_dependences(self, opportunities):
        # sudo: as Odoo does for the messages of merged leads
        bookings = opportunities.sudo().booking_ids
        lines = bookings.service_ids
        prices = [lines._fields[name] for name in ("price_unit", "currency_id")]
        with self.env.protecting(prices, lines):  # as they were agreed on
            bookings.lead_id = self
        return super()._merge_dependences(opportunities)

    def unlink(self):
        self.check_access("unlink")
        # PostgreSQL would delete the bookings without their meetings. sudo: bookings of
        # other branches, too
        self.sudo().booking_ids.unlink()
        return super().unlink()

    def action_view_bookings(self):
        """Open the bookings of the lead, past and to come."""
        self.ensure_one()
        action = self.env["crm.booking"]._get_list_action()
        context = {"default_lead_id": self.id}
        return {**action, "domain": [("lead_id", "=", self.id)], "context": context}

    def action_book(self):
        """Open the dialog with the free starts of the next day that has any."""
        self.ensure_one()
        return self.env["crm.booking.wizard"]._open(self)
