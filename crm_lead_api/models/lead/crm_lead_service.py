# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import formatLang
from odoo.tools.sql import column_exists, create_column, table_exists

from ...tools.fields import PROPOSED

MARK = """
    UPDATE crm_lead_service AS service
       SET is_of_staff = NOT EXISTS (SELECT FROM crm_lead_api_client AS client
                                      WHERE client.user_id = service.write_uid)
"""
# A user other than a client's who writes one of these makes a service staff's own.
OF_STAFF = {"product_id", "quantity", "price_unit"}


class CrmLeadServiceMixin(models.AbstractModel):
    """Hold a service that a customer asks for, with its price. The inheriting model has
    a ``company_id``, and computes the price of a unit and its currency."""

    _name = "crm.lead.service.mixin"
    _description = "Service of a Customer"
    _order = "sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        string="Service",
        required=True,
        index=True,
        check_company=True,
        domain="[('sale_ok', '=', True)]",
    )
    quantity = fields.Float(default=1.0, digits="Product Unit", required=True)
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_price_unit", store=True, precompute=True
    )
    price_unit = fields.Float(
        "Unit Price",
        compute="_compute_price_unit",
        min_display_digits="Product Price",
        **PROPOSED,
    )
    price_subtotal = fields.Monetary(
        "Subtotal", compute="_compute_price_subtotal", store=True, precompute=True
    )

    def _compute_price_unit(self):
        raise NotImplementedError

    @api.depends("price_unit", "quantity", "currency_id")
    def _compute_price_subtotal(self):
        for service in self:
            service.price_subtotal = service.price_unit * service.quantity


class CrmLeadService(models.Model):
    """Hold a service of a lead."""

    _name = "crm.lead.service"
    _inherit = ["crm.lead.service.mixin"]
    _description = "Lead Service"

    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="lead_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(compute="_compute_currency_id")
    price_unit = fields.Float(help="From the lead's price list, in its currency.")
    is_of_staff = fields.Boolean(
        default=lambda self: not self.env.user._get_lead_api_client(), copy=False
    )

    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0)", "The quantity of a service must be positive."
    )

    @api.depends("lead_id.pricelist_id.currency_id", "lead_id.company_id.currency_id")
    def _compute_currency_id(self):
        for service in self:
            company = service.lead_id.company_id or self.env.company
            service.currency_id = (
                service.lead_id.pricelist_id.currency_id or company.currency_id
            )

    # Without the quantity, so that a change of it keeps a price that staff typed in.
    @api.depends("product_id", "lead_id.pricelist_id")
    def _compute_price_unit(self):
        # A price list reads the prices of all products of a group at once.
        groups = self.grouped(
            lambda each: (each.lead_id.pricelist_id, each.currency_id, each.quantity)
        )
        for (pricelist, currency, quantity), services in groups.items():
            prices = pricelist._get_products_price(
                services.product_id, quantity=quantity, currency=currency
            )
            for service in services:
                service.price_unit = prices.get(service.product_id.id, 0)

    def _auto_init(self):
        """Mark the services that are there before an update by who wrote them last."""
        cr, table = self.env.cr, self._table
        if table_exists(cr, table) and not column_exists(cr, table, "is_of_staff"):
            create_column(cr, table, "is_of_staff", "bool")
            self.pool.post_init(cr.execute, MARK)
        return super()._auto_init()

    @api.model_create_multi
    def create(self, vals_list):
        services = super().create(vals_list)
        services._note_change()
        return services

    def write(self, vals):
        names = vals.keys() & OF_STAFF
        if names and not self.env.user._get_lead_api_client():
            # A form also sends the prices that Odoo has computed.
            changed = self.filtered(
                lambda each: any(
                    each._fields[name].convert_to_write(each[name], each) != vals[name]
                    for name in names
                )
            )
            super(CrmLeadService, changed).write({"is_of_staff": True})
        self._note_change()  # the lead of before
        result = super().write(vals)
        self._note_change()
        return result

    def unlink(self):
        self._note_change()
        return super().unlink()

    def _filter_of_company(self, company):
        """Return the services that a company may use, and of which the user may read
        the product: a lead that was given to another branch keeps its services.

        :param company: the company or its id, or ``False`` for leads without a company
        """
        products = self.product_id._filtered_access("read")
        products = products.filtered_domain(products._check_company_domain(company))
        return self.filtered(lambda each: each.product_id in products)

    def _price_anew(self):
        """Take the prices of the price list, also where staff typed one in."""
        self.env.add_to_compute(self._fields["price_unit"], self)
        self.modified(["price_unit"])

    def _note_change(self):
        self.env["crm.lead"]._note_change("id", self.lead_id.ids)


class CrmLead(models.Model):
    """Price services anew when a lead's currency changes, keep prices that staff typed
    in when leads are merged, and copy only services that the lead's company may use."""

    _inherit = "crm.lead"

    def copy_data(self, default=None):
        vals_list, given = super().copy_data(default), default or {}
        for lead, vals in zip(self, vals_list, strict=True):
            # A lead that moved to another branch may keep records of the former branch.
            company = self.env["res.company"].browse(vals["company_id"])
            pricelist = lead.pricelist_id._filter_of_company(company)
            services = lead.service_ids._filter_of_company(company)
            currency = (pricelist or company or self.env.company).currency_id
            lines = services.copy_data()
            for service, line in zip(services, lines, strict=True):
                if service.currency_id != currency:
                    del line["price_unit"]
            commands = [Command.create(line) for line in lines]
            vals |= {"pricelist_id": pricelist.id, "service_ids": commands, **given}
            if not lead._has_typed_revenue():
                for name in {"expected_revenue", "service_revenue"} - given.keys():
                    del vals[name]
        return vals_list

    def write(self, vals):
        names = vals.keys()
        if {"pricelist_id", "service_ids"} <= names:
            # First, or the price list would replace prices that are typed in with it.
            moves = "company_id" in names
            first = names - {"service_ids"} if moves else {"pricelist_id"}
            self.write({name: vals[name] for name in names if name in first})
            vals = {name: vals[name] for name in names if name not in first}
        # Odoo takes another company with the other three, too.
        if vals.keys().isdisjoint(("company_id", "user_id", "team_id", "partner_id")):
            return super().write(vals)
        # sudo: who moves the lead may not see it any more
        services = self.sudo().service_ids
        before = {each: (each.currency_id, each.price_unit) for each in services}
        result = super().write(vals)
        changed = services.exists().filtered(
            # A price that has changed was typed in now, or is of another price list.
            lambda each: (
                each.currency_id != before[each][0]
                and each.price_unit == before[each][1]
            )
        )
        # As a dependency the currency would reset typed prices with each salesperson.
        changed._price_anew()
        return result

    def _merge_opportunity(self, *args, **kwargs):
        before = {
            each: (each.price_unit, each.currency_id, each.lead_id.pricelist_id)
            for each in self.service_ids
        }
        lead, lines = super()._merge_opportunity(*args, **kwargs), []
        for service in lead.service_ids.filtered(lambda each: each in before):
            price, currency, pricelist = before[service]
            present = service.price_unit, service.currency_id
            if present[1] == currency and pricelist == lead.pricelist_id:
                # A price that was typed in survives, unless it belongs to another
                # price list.
                if present[0] != price:
                    is_of_staff = service.is_of_staff  # who merges types no price in
                    service.write({"price_unit": price, "is_of_staff": is_of_staff})
            elif present != (price, currency):
                old, new = (
                    formatLang(self.env, amount, currency_obj=unit)
                    for amount, unit in ((price, currency), present)
                )
                name = service.product_id.display_name
                lines.append(Markup("<li>%s: %s → %s</li>") % (name, old, new))
        if lines:
            text = self.env._(
                "The merged leads had different price lists. Changed prices:"
            )
            body = Markup("<p>%s</p><ul>%s</ul>") % (text, Markup().join(lines))
            lead.message_post(body=body, subtype_xmlid="mail.mt_note")
        return lead
