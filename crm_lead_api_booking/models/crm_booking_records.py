# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter

from odoo import api, models
from odoo.tools import LazyTranslate

from odoo.addons.crm_lead_api.exceptions import FieldError
from odoo.addons.crm_lead_api.models.intake.crm_lead_records import (
    NOT_OF_COMPANY,
    NOT_SELLABLE,
)
from odoo.addons.crm_lead_api.schemas.lead_change import ADD

_lt = LazyTranslate(__name__, default_lang="en_US")

SERVICES = ("crm_line_ids", ADD)


class CrmBooking(models.Model):
    """Find the records that a request for a booking, or a query, names."""

    _inherit = "crm.booking"

    @api.model
    def _find_records(self, payload, company=None):
        """Find the records that a request names, by a single statement.

        The search has the rights of the client's user: records that it may not see are
        unknown.

        :param payload: instance of a schema with ``company_id``, ``seat_id``,
            ``price_list_id`` or services; each may be missing
        :param company: the branch, if the request does not name it
        :return: the records by attribute, and the errors
        :rtype: tuple[dict, list[FieldError]]
        """
        models = payload.get_models()
        wanted = {
            name: self.env[models[name]].browse(sorted(set(ids)))
            for name, ids in payload.get_references().items()
        }
        leads = self.env["crm.lead"]
        found = leads._search_payload_records(wanted) if wanted else {}
        usable = leads._find_usable_ids(found)
        errors = leads._find_unusable_records(payload, found, usable)
        records = {name: self.env[model] for name, model in models.items()}
        for name in wanted:
            records[name] = found[name] & found[name].browse(usable[name])
        company = records.get("company_id") or company
        return records, errors + self._check_records(payload, records, company)

    @api.model
    def _check_records(self, payload, records, company):
        """Return an error for each record that does not go with the branch."""
        errors = []
        for name in ("price_list_id", *SERVICES):
            for path, record_id in (
                payload.get_reference_paths(name) if records.get(name) else ()
            ):
                record = records[name].browse(record_id)
                if record not in records[name]:
                    continue
                if name in SERVICES and not record.sale_ok:
                    errors.append(FieldError(path, "mismatch", NOT_SELLABLE))
                elif company and not record.filtered_domain(
                    record._check_company_domain(company)
                ):
                    errors.append(FieldError(path, "mismatch", NOT_OF_COMPANY))
        return errors

    @api.model
    def _get_prices(self, pricelist, quantities, currency):
        """Return the prices of services for a unit, for their quantities.

        :param pricelist: ``product.pricelist``, perhaps empty
        :param dict quantities: by product
        :rtype: dict[int, float]
        """
        prices = {}
        products = self.env["product.product"].union(*quantities)
        for quantity, same in products.grouped(quantities.get).items():
            prices |= pricelist._get_products_price(
                same, quantity=quantity, currency=currency
            )
        return prices

    @api.model
    def _count_services(self, records, ids):
        """Return the quantity of each service, in the order of a request.

        :param records: the found services
        :param list[int] ids: as sent; one sent twice has quantity 2
        :rtype: dict[product.product, float]
        """
        return {
            records.browse(product_id).with_prefetch(records.ids): float(count)
            for product_id, count in Counter(ids).items()
        }
