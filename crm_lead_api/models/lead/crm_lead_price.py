# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import models
from odoo.tools import formatLang


class CrmLead(models.Model):
    """Price services anew when a lead's currency changes, and keep prices that staff
    typed in when leads are merged."""

    _inherit = "crm.lead"

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
        services = self.service_ids
        before = {each: (each.price_unit, each.currency_id) for each in services}
        pricelists = {each: each.lead_id.pricelist_id for each in services}
        lead = super()._merge_opportunity(*args, **kwargs)
        # A price that was typed in survives, unless it belongs to another price list.
        for service, (price, currency) in before.items():
            same = pricelists[service] == lead.pricelist_id
            if same and service.currency_id == currency and service.price_unit != price:
                service.price_unit = price
        lead._log_price_changes(before)
        return lead

    def _log_price_changes(self, before):
        """Tell in the chatter which services have another price than before."""

        def format_price(price, currency):
            return formatLang(self.env, price, currency_obj=currency)

        lines = [
            Markup("<li>%s: %s → %s</li>")
            % (
                service.product_id.display_name,
                format_price(*before[service]),
                format_price(service.price_unit, service.currency_id),
            )
            for service in self.service_ids
            if service in before
            and before[service] != (service.price_unit, service.currency_id)
        ]
        if lines:
            text = self.env._(
                "The merged leads had different price lists. Changed prices:"
            )
            body = Markup("<p>%s</p><ul>%s</ul>") % (text, Markup().join(lines))
            self.message_post(body=body, subtype_xmlid="mail.mt_note")
