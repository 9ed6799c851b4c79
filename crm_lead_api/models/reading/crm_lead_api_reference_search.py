# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from ...schemas.record_list import BY_ATTRIBUTE
from ...schemas.value import MAX_ID
from ...tools.text import fold, fold_accents, fold_accents_in_sql, fold_province

MAX_CANDIDATES = 10
MAX_WORDS = 10  # that are searched each by itself


class CrmLeadApiReference(models.AbstractModel):
    """Find records that a lead can name, by a code, a name, or a part of them."""

    _inherit = "crm.lead.api.reference"

    @api.model
    def _get_text_domain(self, reference, text, domain):
        """Return the domain of the records of a list that contain a text.

        :param domain: of the list
        """
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

    @api.model
    def _find_by_code(self, attribute, text, parents):
        """Find records by a code or, if no record has the code, by an exact name.

        Upper and lower case are the same. A name may be in any language of the
        database. A product's name may have its attributes, as in the list of services;
        "TP.HCM" and "Tỉnh Bắc Ninh" are names of provinces, too. Digits may also be an
        id, because forms send ids as texts.

        :param str attribute: of the payload
        :param str text: as sent
        :param dict parents: ids of the parents that a record must have, by attribute
        :return: usually one record; several: the text is ambiguous
        """
        reference = BY_ATTRIBUTE[attribute]
        model = self.env[reference.model]
        domain = self._get_domain(reference, parents)
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
        langs = [False]
        if model._fields[reference.name].translate:
            langs = [code for code, _name in self.env["res.lang"].get_installed()]
        records = model
        for lang in langs:
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

    @api.model
    def _find_provinces(self, domain, text, is_part=False):
        """Find provinces and cities by the name as people write it: "TP.HCM".

        :param domain: of the states
        :param bool is_part: the text may also be a part of the name
        """
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


def _find_variants(products, domain, text):
    """Find products by the name with the variant's attributes: ``Tiêm (1 ml)``.

    :param products: ``product.product``, empty
    :param domain: of the products
    """
    name = text.rpartition("(")[0].strip()
    if not name:
        return products
    variants = products.search(domain & Domain("name", "=ilike", escape_psql(name)))
    variants = variants.with_context(display_default_code=False)
    return variants.filtered(lambda each: fold(each.display_name) == fold(text))
