# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ...exceptions import FieldError, PayloadError
from ...schemas.lead_change import ADD
from ...schemas.record_list import get_unknown
from ...tools.joint_search import Search, search_together

_lt = LazyTranslate(__name__, default_lang="en_US")

ARCHIVED = _lt("The record with this id is archived: send another one.")
NOT_INTERNAL = _lt("Send the id of an internal user, not of a portal user.")
NOT_IN_COUNTRY = _lt("Send a state of the country in country_id.")
NOT_IN_STATE = _lt("Send a district of the state in state_id.")
NOT_IN_GROUP = _lt("Send a source of the group in category_source_id.")
NOT_SELLABLE = _lt("This product is not for sale: send another one.")
NOT_OF_COMPANY = _lt("Send a record that the company in company_id may use.")
# Fields to read of the records that a request names, if the model has the field
ASKED_FIELDS = (
    *("active", "share", "company_id", "country_id", "state_id", "group_id"),
    *("currency_id", "code", "phone_code", "partner_id", "product_tmpl_id"),
    *("default_code", "combination_indices", "lead_api_lang"),
)
# Fields to read of the templates of services, for names and prices
TEMPLATE_FIELDS = (
    *("active", "company_id", "name", "type", "sale_ok", "list_price", "categ_id"),
    *("uom_id",),
)


class CrmLead(models.Model):
    """Find the records that a request names, and check that they go together."""

    _name = "crm.lead"
    _inherit = "crm.lead"

    @api.model
    def _find_payload_records(self, payload):
        """Find the records that a request names, by attribute.

        The search has the user's rights: records that the user may not see are unknown.

        :param LeadRequest payload: the payload, with or without errors
        :raise PayloadError: the payload has errors; the exception lists all of them
        """
        [(records, error)] = self._find_all_records([payload])
        if error:
            raise error
        return records

    @api.model
    def _find_all_records(self, payloads, present=None):
        """Find the records that payloads name.

        :param dict present: the records of attributes that are not sent, by attribute;
            without it these attributes have no records
        :return: for each payload the records by attribute, and the
            :class:`PayloadError` with all errors of the payload, or ``None``
        """
        wanted = defaultdict(set)
        for payload in payloads:
            for name, ids in payload.get_references().items():
                wanted[name].update(ids)
        models = payloads[0].get_models() if payloads else {}
        found = self._search_payload_records(
            {
                name: self.env[models[name]].browse(sorted(ids))
                for name, ids in wanted.items()
            }
        )
        usable = self._find_usable_ids(found)
        all_records = []
        for payload in payloads:
            errors = payload.get_errors()
            errors += self._find_unusable_records(payload, found, usable)
            records = {name: self.env[model] for name, model in models.items()}
            for name, unsent in (present or {}).items():
                records[name] = unsent.with_env(self.env)
            for name, ids in payload.get_references().items():
                # In the client's order, without duplicates.
                records[name] = (
                    records[name]
                    .browse(each for each in dict.fromkeys(ids) if each in usable[name])
                    .with_prefetch(found[name].ids)
                )
            errors += self._check_payload_records(payload, records)
            error = PayloadError(payload.sort_errors(errors)) if errors else None
            all_records.append((records, error))
        return all_records

    @api.model
    def _find_usable_ids(self, found):
        """Return the ids of the found records that are not archived, by attribute."""
        return {
            name: set(
                (each.filtered("active") if "active" in each._fields else each).ids
            )
            for name, each in found.items()
        }

    @api.model
    def _find_unusable_records(self, payload, found, usable):
        """Return an error for each record that a payload names in vain.

        :param dict found: records by attribute, also archived
        :param dict usable: see :meth:`_find_usable_ids`
        :rtype: list[FieldError]
        """
        return [
            FieldError(path, "archived", ARCHIVED)
            if record_id in found[name]._ids
            else FieldError(path, "unknown", get_unknown(name))
            for name in payload.get_references()
            for path, record_id in payload.get_reference_paths(name)
            if record_id not in usable[name]
        ]

    @api.model
    def _search_payload_records(self, wanted):
        """Search the records that requests name, also archived, by a single statement.

        The statement also reads the fields that are needed next.

        :param dict wanted: records by attribute; a record need not exist
        :return: the records that the user may see, by attribute
        """
        searches = {
            name: Search(records, self._get_wanted_domain(records), ASKED_FIELDS)
            for name, records in wanted.items()
        }
        if services := wanted.get("crm_line_ids") or wanted.get(ADD):
            is_asked_for = Domain("product_variant_ids", "in", services.ids)
            templates = self.env["product.template"]
            categories = self.env["product.category"]
            searches["templates"] = Search(templates, is_asked_for, TEMPLATE_FIELDS)
            searches["categories"] = Search(
                categories,
                # sudo: a client may know the categories of services
                Domain(
                    "id",
                    "in",
                    templates.sudo()._search(is_asked_for).subselect("categ_id"),
                ),
                categories._fields,
            )
        if pricelists := wanted.get("price_list_id"):
            currencies = self.env["res.currency"]
            searches["currencies"] = Search(
                currencies,
                # sudo: the currencies of price lists are no secret of the client's
                Domain(
                    "id",
                    "in",
                    pricelists.sudo()
                    ._search(Domain("id", "in", pricelists.ids), active_test=False)
                    .subselect("currency_id"),
                ),
                currencies._fields,
            )
        return search_together(searches).records

    @api.model
    def _get_wanted_domain(self, records):
        domain = Domain("id", "in", records.ids)
        if isinstance(records, self.pool["crm.lead.api.test.mixin"]):
            domain &= records._get_mode_domain()
        return domain

    @api.model
    def _check_payload_records(self, payload, records):
        """Return an error for each record that does not go with the other records.

        An addon overrides this method to add further checks of a request; all errors
        are answered at once, in the order of the schema's attributes.

        :param LeadRequest payload: the payload; wrong attributes are ``None``
        :param dict records: the usable records by attribute, or empty recordsets
        :rtype: list[FieldError]
        """
        errors = []

        def check(name, wrong, message):
            errors.extend(
                FieldError(path, "mismatch", message)
                for path, record_id in payload.get_reference_paths(name)
                if record_id in wrong.ids
            )

        def check_parent(name, parent_name, parent_field, message):
            record, parent = records[name], records[parent_name]
            # A parent that a change sends alone must go with the lead's record.
            is_sent = name in payload.get_sent_fields() or payload.get_reference_paths(
                parent_name
            )
            if is_sent and record and parent and record[parent_field] != parent:
                errors.append(FieldError(name, "mismatch", message))

        check("user_id", records["user_id"].filtered("share"), NOT_INTERNAL)
        check_parent("state_id", "country_id", "country_id", NOT_IN_COUNTRY)
        check_parent("district_id", "state_id", "state_id", NOT_IN_STATE)
        check_parent("source_id", "category_source_id", "group_id", NOT_IN_GROUP)
        lists = [name for name in ("crm_line_ids", ADD) if name in records]
        for name in lists:
            check(name, records[name].filtered(lambda s: not s.sale_ok), NOT_SELLABLE)
        if company := records["company_id"]:
            no_company = company.browse()
            custom = payload.get_fields().keys() & records.keys()
            for name in ("account_id", "price_list_id", *lists, *custom):
                if "company_id" not in records[name]._fields:
                    continue
                # Most records have this company, or none, which is always right.
                others = records[name].filtered(
                    lambda record: record.company_id not in (company, no_company)
                )
                if others:
                    domain = others._check_company_domain(company)
                    others -= others.filtered_domain(domain)
                check(name, others, NOT_OF_COMPANY)
        return errors
