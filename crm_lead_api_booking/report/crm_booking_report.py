# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.crm_lead_api.tools.day import get_sql_zone

from ..models.booking.crm_booking import STATES


class CrmBookingReport(models.Model):
    """Analyze who comes and who does not, with a row for each booking."""

    _name = "crm.booking.report"
    _description = "Booking Analysis"
    _auto = False
    _rec_name = "booking_id"
    _order = "start desc, id desc"
    _has_texts_of_clients = True
    _depends = {
        "crm.booking": [
            *("lead_id", "company_id", "seat_id", "user_id", "start", "state"),
            "is_lead_api_test",
        ],
        "crm.booking.service": ["booking_id", "product_id", "sequence"],
        "crm.lead": ["source_group_id", "source_id", "agent_email"],
        "res.company": ["partner_id", "resource_calendar_id"],
        "res.partner": ["tz"],
        "resource.calendar": ["tz"],
    }

    booking_id = fields.Many2one("crm.booking", readonly=True)
    start = fields.Datetime(readonly=True)
    hour = fields.Char(readonly=True, help="The hour of the branch's clock.")
    company_id = fields.Many2one("res.company", "Branch", readonly=True)
    seat_id = fields.Many2one("resource.resource", "Room or Doctor", readonly=True)
    product_id = fields.Many2one(
        "product.product",
        "Main Service",
        readonly=True,
        help="The first service of the booking.",
    )
    source_group_id = fields.Many2one("utm.source.group", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    user_id = fields.Many2one("res.users", "Booked by", readonly=True)
    agent_email = fields.Char(
        "Lead's Agent",
        readonly=True,
        help="Who took the request in the outside system.",
    )
    state = fields.Selection(STATES, readonly=True)
    no_show_rate = fields.Float(
        "No-Shows of Those Recorded (%)",
        readonly=True,
        aggregator="avg",
        help="100 if the customer did not come, 0 if the customer came. Bookings that "
        "are cancelled, to come, or without a record of either, do not count.",
    )
    done_rate = fields.Float(
        "Done of Those Closed (%)",
        readonly=True,
        aggregator="avg",
        help="Of all closed bookings: 100 if it was done, otherwise 0.",
    )

    def action_open_booking(self):
        """Open the booking's form."""
        return self.booking_id.get_formview_action()

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT booking.id,
                   booking.id AS booking_id,
                   booking.start,
                   to_char(
                       booking.start AT TIME ZONE 'utc'
                           AT TIME ZONE %s,
                       'HH24:00'
                   ) AS hour,
                   booking.company_id,
                   booking.seat_id,
                   service.product_id,
                   lead.source_group_id,
                   lead.source_id,
                   booking.user_id,
                   lead.agent_email,
                   booking.state,
                   CASE WHEN booking.state = 'no_show' THEN 100
                        WHEN booking.state IN ('arrived', 'done') THEN 0
                    END AS no_show_rate,
                   CASE WHEN booking.state = 'done' THEN 100
                        WHEN booking.state IN ('no_show', 'cancelled') THEN 0
                    END AS done_rate
              FROM crm_booking AS booking
              JOIN crm_lead AS lead ON lead.id = booking.lead_id
              JOIN res_company AS company ON company.id = booking.company_id
              JOIN res_partner AS partner ON partner.id = company.partner_id
              LEFT JOIN resource_calendar AS calendar
                ON calendar.id = company.resource_calendar_id
              LEFT JOIN LATERAL (
                   SELECT line.product_id
                     FROM crm_booking_service AS line
                    WHERE line.booking_id = booking.id
                    ORDER BY line.sequence, line.id
                    LIMIT 1
                   ) AS service ON TRUE
             WHERE booking.is_lead_api_test IS NOT TRUE
            """,
            get_sql_zone(SQL("calendar.tz"), SQL("partner.tz")),
        )
