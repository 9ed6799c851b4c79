# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ...schemas import LeadRequest

# Attributes that a client may leave out, by the field with the default
DEFAULT_FIELDS = {
    "company_id": "company_id",
    "pricelist_id": "price_list_id",
    "source_group_id": "category_source_id",
    "source_id": "source_id",
    "campaign_id": "campaign_id",
    "country_id": "country_id",
}


class CrmLeadApiClient(models.Model):
    """Read the payloads of a client, with its own attributes, codes and defaults."""

    _inherit = "crm.lead.api.client"

    def _get_schema(self, schema=LeadRequest):
        """Extend a route's schema with the client's custom attributes.

        An addon that accepts further attributes overrides this method::

            class InsuredLead(Schema):
                insurance_no: Line | None = about("…", field="insurance_no")

            def _get_schema(self, schema=LeadRequest):
                if issubclass(schema, LeadRequest):
                    schema = extend(schema, InsuredLead)
                return super()._get_schema(schema)

        The value of an attribute with a ``field`` is written to that field of
        ``crm.lead``, and read from there, unchanged. For other attributes override
        ``crm.lead._prepare_payload_values`` and ``crm.lead._get_custom_values``; for
        checks in the database, ``crm.lead._check_payload_records``.

        :param schema: of a route, of a customer or of rights: a class of ``schemas``
        :return: a subclass of the schema, or the schema itself
        """
        if issubclass(schema, LeadRequest):
            return self._add_custom_attributes(schema)
        return schema

    def _add_custom_attributes(self, schema):
        # sudo: only administrators may read attributes, but a client may know its own
        return self.sudo().attribute_ids._add_to_schema(schema)

    def _get_defaults(self):
        """Return the client's default records, by attribute of a lead."""
        return {
            attribute: self[name]
            for name, attribute in DEFAULT_FIELDS.items()
            if self[name]
        }

    def _parse(self, schema, data, unknown_codes=None):
        """Parse a payload; see :meth:`_parse_all`.

        A schema without codes has no defaults either.
        """
        if not schema.takes_codes:
            return schema.parse(data)
        [payload] = self._parse_all(schema, [data], unknown_codes)
        return payload

    def _parse_all(self, schema, payloads, unknown_codes=None):
        """Parse payloads, with the client's defaults for missing attributes.

        :param schema: subclass of :class:`Schema`
        :param list[dict] payloads: the payloads as sent
        :param unknown_codes: set; ``(attribute, code)`` of unknown codes is added to it
        :return: instances of the schema, with or without errors
        """
        payloads = [
            {name: value for name, value in data.items() if schema.is_sent(value)}
            for data in payloads
        ]
        unknown = set() if unknown_codes is None else unknown_codes
        defaults = {}
        if schema.takes_defaults:
            defaults = {name: each.id for name, each in self._get_defaults().items()}
        max_items = self.env["ir.config_parameter"]._get_lead_api_int("max_items")
        codes = self.env["crm.lead.api.code"]
        resolvers = codes._get_resolvers(self, payloads, unknown)
        return [
            schema.parse(data, max_items, resolve, defaults)
            for data, resolve in zip(payloads, resolvers, strict=True)
        ]
