# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from ...exceptions import FieldError
from ...schemas import CustomerPortrait, LeadRequest
from ...schemas.customer_portrait import KINDS
from ...schemas.lead import FIELDS
from ...schemas.query import DEFAULT_LIMIT
from ...schemas.record_list import BY_ATTRIBUTE, BY_PATH, CHOICES, REFERENCES, UNKNOWN
from ...schemas.value import MAX_ID
from ...tools.text import fold, fold_accents, fold_accents_in_sql, fold_province

PORTRAIT = "customer_portrait"
# Fields of the lead with the records of an attribute, besides those of the schema
RECORD_FIELDS = {"account_id": "partner_id", "crm_line_ids": "service_ids"}
# Records of an example that let the next attributes have a value, too
USEFUL_EXAMPLES = {
    "category_source_id": Domain("source_ids", "!=", False),
    "country_id": Domain("state_ids", "!=", False),
    "user_id": Domain("email", "!=", False),
}
MAX_CANDIDATES = 10
MAX_WORDS = 10  # that are searched each by itself


class CrmLeadApiReference(models.AbstractModel):
    """List the records that a lead can name, as far as the user may use them, and find
    them by a code, a name, or a part of them."""

    _name = "crm.lead.api.reference"
    _description = "Lead API Reference"

    # ------------------------------------------------------------ lists

    def _get_page(self, path, query) -> tuple[list[dict], str | None]:
        """Return the items of a page of a reference list, and the cursor of the next
        page or ``None``.

        :raise PayloadError: the query names a record that the user may not use
        """
        query.add_errors(
            [
                FieldError(name, "unknown", UNKNOWN)
                for name, ids in query.get_references().items()
                if not self.env[query.get_models()[name]].search([("id", "in", ids)])
            ]
        )
        query.check()
        if path == CHOICES:
            return self._get_choices(query), None
        reference = BY_PATH[path]
        limit = query.limit or DEFAULT_LIMIT
        domain = self._get_list_domain(reference, query.model_dump())
        if query.q:
            domain &= self._get_text_domain(reference, query.q, domain)
        if query.cursor:
            domain &= Domain("id", ">", int(query.cursor))
        records = self.env[reference.model].search(domain, order="id", limit=limit + 1)
        page = records[:limit]
        cursor = str(page[-1].id) if len(records) > limit else None
        return self._to_items(reference, page, query), cursor

    def _get_domain(self, reference, parents):
        """Return the domain of the records of a list that a lead can name, with the ids
        of the parents that they must have, by attribute."""
        model = self.env[reference.model]
        domain = reference.domain
        if "active" in model._fields:
            domain &= Domain("active", "=", True)
        if reference.model == "res.users":
            companies = parents.get("company_id") or self.env.companies.ids
            # sudo: a client may not read the other clients
            clients = self.env["crm.lead.api.client"].sudo()
            clients = clients.with_context(active_test=False)
            clients = clients.search([("user_id", "!=", False)])
            domain &= Domain("id", "not in", clients.user_id.ids)
            return domain & Domain("company_ids", "in", companies)
        for attribute, name in reference.parents.items():
            if not (parent := parents.get(attribute)):
                continue
            if name == "company_id":
                company = self.env["res.company"].browse(parent)
                domain &= Domain(model._check_company_domain(company))
            else:
                domain &= Domain(name, "=", parent)
        return domain

    def _get_list_domain(self, reference, parents):
        """Return the domain of the records in a list; see :meth:`_get_domain`. A lead
        can name any product for sale, but only some are services: the products of the
        client's category for services or, without it, of the type "Service"."""
        domain = self._get_domain(reference, parents)
        if reference.model == "product.product":
            client = self.env.user._get_lead_api_client()
            if category := client.service_category_id:
                return domain & Domain("categ_id", "child_of", category.id)
            return domain & Domain("type", "=", "service")
        return domain

    def _to_items(self, reference, records, query):
        code, *_others = *reference.codes, None
        model, name, prices, items = reference.model, reference.name, {}, []
        pricelist = self.env["product.pricelist"].browse(query.price_list_id)
        if model == "product.product":
            # Variants differ by their attributes. The code is an attribute of its own.
            records = records.with_context(display_default_code=False)
            name = "display_name"
            prices = pricelist and pricelist._get_products_price(records, quantity=1)
        for record in records:
            item = {"id": record.id, "code": code and record[code] or None}
            item["name"] = record[name] or ""
            for attribute, field in reference.parents.items():
                item[attribute] = record[field].id or None
            if model == "res.users":
                item["email"] = record.email or record.login
            elif model == "product.pricelist":
                item["currency"] = record.currency_id.name
            elif prices:
                item["price"] = prices[record.id]
                item["currency"] = pricelist.currency_id.name
            items.append(item)
        return items

    def _get_choices(self, query):
        """Return the values of the closed lists, with their labels."""
        client = self.env.user._get_lead_api_client()
        schema, items = client._get_schema(), []
        for path, values in schema.get_choices().items():
            labels = self._get_choice_labels(schema, path)
            items += [
                {"attribute": path, "code": value, "name": labels.get(value, value)}
                for value in values
            ]
        wanted = fold_accents(query.q or "")
        return [
            item
            for item in items
            if any(wanted in fold_accents(text) for text in item.values())
        ]

    def _find_field(self, schema, path):
        """Return Odoo's field for an attribute of leads, by its path, or ``None``."""
        attribute, _dot, rest = path.partition(".")
        if attribute == PORTRAIT and rest:
            name = rest.partition(".")[0]
            name = f"{KINDS[name]}_ids" if name in KINDS else name
            return self.env["crm.customer.portrait"]._fields.get(name)
        if not issubclass(schema, LeadRequest):
            return None
        names = schema.get_field_names() | RECORD_FIELDS
        return self.env["crm.lead"]._fields.get(names.get(attribute))

    def _get_label(self, schema, path):
        """Return the name of an attribute for people, or ``None``."""
        if path == "state_id":  # Odoo's Vietnamese label is that of a status
            return self.env._("State")
        field = self._find_field(schema, path)
        return field and field._description_string(self.env)

    def _get_choice_labels(self, schema, path) -> dict[str, str]:
        """Return the labels of the values that an attribute may have, by value."""
        field = self._find_field(schema, path)
        if not field or field.type != "selection":
            return {}
        return dict(field._description_selection(self.env))

    # ------------------------------------------------------------ example

    def _get_example(self, schema, records=None) -> dict:
        """Return a lead that the client can send unchanged, with ids of this database.
        Without a client the ids are from the contract's example. An attribute is left
        out if the database has no record for it."""
        example = schema.get_example()
        example["customer_portrait"] = CustomerPortrait.get_example()
        del example["account_id"]  # a new customer has no account
        if client := self.env.user._get_lead_api_client():
            records = records or self._find_examples(client)
            for attribute in BY_ATTRIBUTE:
                example.pop(attribute, None)
            example |= {name: record.id for name, record in records.items()}
            if services := records.get("crm_line_ids"):
                example["crm_line_ids"] = services.ids
            if user := records.get("user_id"):
                example["agent_email"] = user.email or user.login
            example |= self._find_custom_examples(schema, records["company_id"])
        return {name: example[name] for name in schema.model_fields if name in example}

    def _find_missing(self, schema, example) -> list[str]:
        """Return the required attributes that an example has no record for."""
        required = filter(schema.is_required, schema.model_fields)
        return [name for name in required if name not in example]

    def _find_custom_examples(self, schema, company):
        """Return ids for attributes that are stored unchanged in fields of the lead."""
        examples, fields = {}, self.env["crm.lead"]._fields
        for attribute, name in schema.get_fields().items():
            if name not in fields or not fields[name].relational:
                continue
            model = self.env[fields[name].comodel_name]
            if not model.has_access("read"):
                continue
            domain = Domain.TRUE
            if "company_id" in model._fields:
                domain = Domain(model._check_company_domain(company))
            if record := model.search(domain, order="id", limit=1):
                is_list = attribute in schema.get_lists()
                examples[attribute] = record.ids if is_list else record.id
        return examples

    def _find_examples(self, client):
        """Find records that match each other, the client's defaults first."""
        defaults = client._get_defaults()
        company = defaults.get("company_id") or self.env.company
        records = {"company_id": company}
        agents = self._get_domain(BY_ATTRIBUTE["user_id"], {"company_id": company.id})
        is_owner = Domain("id", "=", client.owner_id.id)
        if owner := self.env["res.users"].search(agents & is_owner):
            records["user_id"] = owner
        country = defaults.get("country_id") or company.country_id
        if country.state_ids:  # or the example would have no state, which is required
            records["country_id"] = country
        for reference in REFERENCES:
            if not reference.path or reference.attribute in records:
                continue
            parents = {name: record.id for name, record in records.items()}
            if reference.parents.keys() - parents.keys():
                continue
            domain = self._get_list_domain(reference, parents)
            useful = domain & USEFUL_EXAMPLES.get(reference.attribute, Domain.TRUE)
            model = self.env[reference.model]
            # Records of the company alone before records of all companies
            order = "company_id, id" if "company_id" in model._fields else "id"
            if record := (
                defaults.get(reference.attribute)
                or model.search(useful, order=order, limit=1)
                or model.search(domain, order=order, limit=1)
            ):
                records[reference.attribute] = record
        return records

    # ------------------------------------------------------------ search

    def _get_text_domain(self, reference, text, domain):
        """Return the domain of the records of a list, and of a domain, with a text."""
        # Not the display name: its query is slow for products until PostgreSQL knows
        # their number.
        names = (reference.name, *reference.codes)
        found = Domain.OR(Domain(name, "ilike", escape_psql(text)) for name in names)
        if fold_accents(text):
            found |= _contains_folded(reference.name, text)
        words = re.findall(r"\w+", text)
        if reference.model == "product.product" and 0 < len(words) <= MAX_WORDS:
            # A name is answered with the variant's attributes, which are searched with
            # all rights, as Odoo reads them for display names.
            found |= Domain.AND(
                _contains_folded("name", word)
                | Domain(
                    "product_template_attribute_value_ids",
                    "any!",
                    _contains_folded("name", word),
                )
                for word in words
            )
        if reference.model == "res.country.state":
            provinces = self._find_provinces(domain, text, is_part=True)
            found |= Domain("id", "in", provinces.ids)
        return found

    def _find_by_code(self, attribute, text, parents, kept=None):
        """Find records by a code or, if no record has the code, by an exact name:
        usually one; several: the text is ambiguous.

        Upper and lower case are the same. A name may be in any language of the
        database. A product's name may have its attributes, as in the list of services;
        "TP.HCM" and "Tỉnh Bắc Ninh" are names of provinces, too. Digits may also be an
        id, because forms send ids as texts.

        :param dict parents: ids of the parents that a record must have, by attribute
        :param kept: ids of the records to find, also archived, with any parents
        """
        reference = BY_ATTRIBUTE[attribute]
        model = self.env[reference.model].with_context(active_test=kept is None)
        domain = self._get_domain(reference, parents)
        if kept is not None:
            domain = Domain("id", "in", kept)
        pattern = escape_psql(text.strip())
        identified = model
        if text.isdecimal() and int(text) <= MAX_ID:
            identified = model.search(domain & Domain("id", "=", int(text)))
        for name in reference.codes:
            if records := model.search(
                domain & Domain(name, "=ilike", pattern), limit=MAX_CANDIDATES
            ):
                return records | identified
        if identified:
            return identified
        if attribute == "account_id":
            return model  # many people have the same name
        records = model
        for lang in self._get_name_langs(reference):
            translated = model.with_context(lang=lang)
            found = translated.search(
                domain & Domain(reference.name, "=ilike", pattern), limit=MAX_CANDIDATES
            )
            if reference.model == "product.product" and not found:
                found = _find_variants(translated, domain, text)
            records |= found
        if reference.model == "res.country.state" and not records:
            records = self._find_provinces(domain, text)[:MAX_CANDIDATES]
        return records

    def _find_meant(self, attribute, text, parents, lead):
        """Find records as :meth:`_find_by_code`; of several, a change means those of
        the province, company or other parent that its lead has; without any, what the
        lead has, or the client last wrote, even if it was archived since.

        :param lead: that is changed, or ``None``
        """
        records = self._find_by_code(attribute, text, parents)
        if not lead or len(records) == 1:
            return records
        if not records:
            kept = lead._get_kept_ids({attribute: (FIELDS | RECORD_FIELDS)[attribute]})
            return self._find_by_code(attribute, text, {}, kept[attribute])
        names = (*BY_ATTRIBUTE[attribute].parents, "company_id")
        own = {name: parents.get(name) or lead[FIELDS[name]].id for name in names}
        return self._find_by_code(attribute, text, own) or records

    def _find_known_texts(self, attribute, texts) -> set[str]:
        """Return the texts that are a code or a name of any record of a list, for
        :meth:`_find_by_code`: one statement for each language, however many texts."""
        reference, known = BY_ATTRIBUTE[attribute], set()
        names = (reference.name, *reference.codes)
        # A product's name may have its attributes.
        keys = {text: {text.lower(), _get_product_name(text).lower()} for text in texts}
        wanted = [key for each in keys.values() for key in each if key]
        for lang in self._get_name_langs(reference):
            records = (
                self.env[reference.model]
                .with_context(lang=lang)
                .search_fetch(
                    self._get_domain(reference, {})
                    & Domain.OR(_is_one_of(name, wanted) for name in names),
                    names,
                )
            )
            known |= {
                record[name].lower()
                for record in records
                for name in names
                if record[name]
            }
        return {text for text, each in keys.items() if each & known}

    def _get_name_langs(self, reference):
        """Return the languages in which the names of a list are searched."""
        if not self.env[reference.model]._fields[reference.name].translate:
            return [False]
        return [code for code, _name in self.env["res.lang"].get_installed()]

    def _find_provinces(self, domain, text, is_part=False):
        """Find provinces by the name, or a part, as people write it: "TP.HCM"."""
        states = self.env["res.country.state"]
        if not (wanted := fold_province(text)):
            return states
        return states.search(domain).filtered(
            lambda state: (
                wanted in fold_province(state.name)
                if is_part
                else wanted == fold_province(state.name)
            )
        )


def _contains_folded(name, text):
    """Return the domain of records whose field contains a text, apart from accents."""
    pattern = f"%{escape_psql(fold_accents(text))}%"
    return Domain.custom(
        to_sql=lambda model, alias, query: SQL(
            "%s LIKE %s",
            fold_accents_in_sql(model._field_to_sql(alias, name, query)),
            pattern,
        )
    )


def _is_one_of(name, texts):
    """Return the domain of records whose field is one of the texts in lower case."""
    return Domain.custom(
        to_sql=lambda model, alias, query: SQL(
            "lower(%s) = ANY(%s)", model._field_to_sql(alias, name, query), texts
        )
    )


def _get_product_name(text):
    """Return the name in a name with the variant's attributes, or ``""``."""
    return text.rpartition("(")[0].strip()


def _find_variants(products, domain, text):
    """Find products by the name with the variant's attributes: ``Tiêm (1 ml)``."""
    if not (name := _get_product_name(text)):
        return products
    variants = products.search(domain & Domain("name", "=ilike", escape_psql(name)))
    variants = variants.with_context(display_default_code=False)
    return variants.filtered(lambda each: fold(each.display_name) == fold(text))
