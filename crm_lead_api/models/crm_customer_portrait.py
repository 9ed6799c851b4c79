# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import format_date

from ..fields import FloatTime


class CrmCustomerPortrait(models.Model):
    """What one lead told of its customer; a newer one never changes an older one."""

    _name = "crm.customer.portrait"
    _description = "Customer Portrait"
    _order = "id desc"

    # They go with the contact, but not by the database alone: what does is not found by
    # Odoo's privacy look-up.
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company
    )
    lead_ids = fields.One2many("crm.lead", "portrait_id", string="Leads")

    # Circumstances
    revenue_source = fields.Char("Finances / Income")
    term_goals = fields.Text("Goals")
    social_influence = fields.Text()
    behavior_on_the_internet = fields.Text("Behavior on the Internet")
    affected_by = fields.Selection(
        [
            ("family", "Family"),
            ("friend", "Friend"),
            ("co_worker", "Co-Worker"),
            ("community", "Community"),
            ("electronic_media", "Electronic media"),
            ("other", "Other"),
        ],
        string="Influenced By",
    )
    transport = fields.Selection(
        [
            ("bicycle", "Bicycle"),
            ("scooter", "Scooter"),
            ("bus", "Bus"),
            ("car", "Car"),
            ("other", "Other"),
        ],
        string="Means of Transport",
    )

    # Working day, in hours: 8.5 is 08:30
    work_start_time = FloatTime("Work Starts")
    work_end_time = FloatTime("Work Ends")
    break_start_time = FloatTime("Lunch Break Starts")
    break_end_time = FloatTime("Lunch Break Ends")

    # Lists
    item_ids = fields.One2many("crm.customer.portrait.item", "portrait_id")
    hobby_ids = fields.One2many(
        "crm.customer.portrait.item",
        "portrait_id",
        string="Hobbies",
        domain=[("kind", "=", "hobby")],
        context={"default_kind": "hobby"},
    )
    pain_point_ids = fields.One2many(
        "crm.customer.portrait.item",
        "portrait_id",
        string="Pain Points",
        domain=[("kind", "=", "pain_point")],
        context={"default_kind": "pain_point"},
    )
    desire_ids = fields.One2many(
        "crm.customer.portrait.item",
        "portrait_id",
        string="Desires",
        domain=[("kind", "=", "desire")],
        context={"default_kind": "desire"},
    )

    @api.depends("partner_id.name", "create_date")
    def _compute_display_name(self):
        for portrait in self:
            date = format_date(self.env, portrait.create_date)
            name = portrait.partner_id.name or ""
            portrait.display_name = f"{name} ({date})" if date else name

    @api.model
    def _create_from_payload(self, payload, partner):
        """Make the portrait that came with a request.

        :param LeadRequest payload: a checked request
        :param partner: the customer, ``res.partner``
        :return: the portrait; empty when the request says nothing of it
        """
        portrait = payload.customer_portrait
        if not (portrait and (values := portrait.to_portrait_values())):
            return self.browse()
        return self.create({**values, "partner_id": partner.id})
