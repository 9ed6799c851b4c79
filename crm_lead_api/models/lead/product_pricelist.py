# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError


class ProductPricelist(models.Model):
    """Keep the prices of leads in the currency of their price list."""

    _inherit = "product.pricelist"

    def write(self, vals):
        currency_id = vals.get("currency_id")
        changed = self.filtered(
            lambda each: currency_id and each.currency_id.id != currency_id
        )
        result = super().write(vals)
        if changed:
            # sudo: leads of all users
            leads = self.env["crm.lead"].sudo()._find_linked(["pricelist_id"], changed)
            leads.service_ids._price_anew()
        return result

    def _filter_of_company(self, company):
        """Return the price lists that leads and quotations of a company may have.

        :param company: the company or its id, or ``False`` for leads without a company
        """
        domain = self._check_company_domain(company)
        # sudo: the user may not see lists of another company
        return self.sudo().filtered_domain(domain).sudo(self.env.su)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_leads(self):
        """Refuse the deletion where the prices of leads would change their currency,
        and leads would forget where their prices are from."""
        # sudo: leads of all users
        if self.env["crm.lead"].sudo()._find_linked(["pricelist_id"], self):
            raise UserError(
                self.env._("Leads have this price list: archive it instead.")
            )
