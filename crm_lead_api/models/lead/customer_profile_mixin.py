# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from bisect import bisect
from datetime import date, datetime

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize, email_normalize_all

from ...tools.domain import search_in_sql
from ...tools.phone_number import (
    format_dialled,
    format_e164,
    is_e164,
    is_filler,
    normalize_text,
    parse_phone,
)
from ...tools.social_address import get_facebook_url, get_zalo_url
from ...tools.text import fold

PHONE_FIELDS = ("phone", "phone2", "phone3")
PHONE_KEY_FIELDS = tuple(f"{name}_key" for name in PHONE_FIELDS)
OF_KEY = {"compute": "_compute_phone_keys", "store": True, "index": "btree_not_null"}
PHONE_ATTRIBUTES = ("phone_no1", "phone_no2", "phone_no3")  # of a request
PERSONAL_FIELDS = (
    *("gender", "birthdate_date", "overseas_vietnamese"),
    *("facebook_account", "zalo_account"),
)
GENDERS = [("male", "Male"), ("female", "Female"), ("other", "Other")]
# The lowest age of each band, in years
AGE_BANDS = (0, 18, 25, 35, 45, 55)


class CustomerProfileMixin(models.AbstractModel):
    """Add a customer's details to the lead, as the client sent them, and to the
    contact, as staff keep them. Both have ``phone``, ``country_id`` and
    ``company_id``."""

    _name = "customer.profile.mixin"
    _description = "Customer Profile"

    # Phones
    phone2 = fields.Char("Second Phone")
    phone3 = fields.Char("Third Phone")
    phone_key = fields.Char(
        help="The phone in international form (E.164), or as written if it is no "
        "phone number. Customers are found by it.",
        **OF_KEY,
    )
    phone2_key = fields.Char("Second Phone Key", **OF_KEY)
    phone3_key = fields.Char("Third Phone Key", **OF_KEY)

    phone_search = fields.Char(
        "Phone in Any Notation",
        compute="_compute_phone_search",
        search="_search_phone_search",
        help="Finds a whole number, with the country code or without.",
    )

    phone_end = fields.Char(
        "Phone or Its Last Digits",
        compute="_compute_phone_search",
        search="_search_phone_end",
        help="Finds a whole number, or four of its last digits and more.",
    )

    # Person; fields are named as in OCA's partner_contact_gender, _birthdate
    gender = fields.Selection(GENDERS)
    birthdate_date = fields.Date("Date of Birth")
    age = fields.Integer(compute="_compute_age", help="In years.")
    age_band = fields.Selection(
        [
            ("0", "Under 18"),
            ("18", "18 to 24"),
            ("25", "25 to 34"),
            ("35", "35 to 44"),
            ("45", "45 to 54"),
            ("55", "55 and over"),
        ],
        compute="_compute_age",
        search="_search_age_band",
    )
    district_id = fields.Many2one(
        "res.country.district",
        index="btree_not_null",
        domain="[('state_id', '=?', state_id)]",
        help="The unit below the state: in Vietnam the commune or ward.",
    )
    overseas_vietnamese = fields.Selection(
        [
            ("no", "No"),
            ("marketing", "Marketing - Overseas Vietnamese"),
            ("branch", "Branch - Overseas Vietnamese"),
        ],
        help="The customer lives abroad or not, and the channel by which you met.",
    )

    # Channels
    facebook_account = fields.Char(
        index="btree_not_null", help="As it was sent: a name or an address."
    )
    zalo_account = fields.Char(
        index="btree_not_null", help="As sent: mostly a phone number."
    )
    facebook_url = fields.Char(compute="_compute_social_urls")
    zalo_url = fields.Char(compute="_compute_social_urls")

    @api.depends("phone", "phone2", "phone3", "country_id", "company_id")
    def _compute_phone_keys(self):
        for record in self:
            country = record.country_id or record.company_id.country_id
            for name in PHONE_FIELDS:
                record[f"{name}_key"] = self._get_phone_key(record[name], country)

    @api.depends("phone")
    def _compute_phone_search(self):
        for record in self:
            record.phone_search = record.phone_end = record.phone

    @api.model
    def _search_phone_search(self, operator, value):
        if operator not in ("ilike", "=") or not isinstance(value, str):
            return NotImplemented
        return self._get_phones_domain(
            self._get_phone_search_keys(value, self.env.company.country_id)
        )

    @api.model
    def _search_phone_end(self, operator, value):
        domain = self._search_phone_search(operator, value)
        if domain is NotImplemented or operator != "ilike":
            return domain
        digits = value.replace(" ", "")
        if len(digits) >= 4 and digits.isascii() and digits.isdigit():
            for name in PHONE_KEY_FIELDS:
                domain |= Domain(name, "=like", f"%{digits}")
        return domain

    @api.model
    def _get_phones_domain(self, keys):
        return Domain.OR(Domain(name, "in", keys) for name in PHONE_KEY_FIELDS)

    @api.depends("birthdate_date")
    def _compute_age(self):
        today = fields.Date.context_today(self)
        for record in self:
            age = record.birthdate_date and (
                relativedelta(today, record.birthdate_date).years
            )
            is_born = age is not False and record.birthdate_date <= today
            record.age = is_born and age
            record.age_band = is_born and str(AGE_BANDS[bisect(AGE_BANDS, age) - 1])

    def _search_age_band(self, operator, value):
        return search_in_sql("age_band", operator, value)

    @api.depends("facebook_account", "zalo_account", "country_id")
    def _compute_social_urls(self):
        for record in self:
            account = record.zalo_account
            key = self._get_phone_key(account, record.country_id)
            phone_key = key if key and is_e164(key) else False
            record.zalo_url = get_zalo_url(account, phone_key)
            record.facebook_url = get_facebook_url(record.facebook_account)

    @api.onchange("district_id")
    def _onchange_district_id(self):
        if self.district_id:
            self.state_id = self.district_id.state_id

    @api.onchange("state_id")
    def _onchange_district_state(self):
        if self.district_id.state_id != self.state_id:
            self.district_id = False

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != "age_band":
            return super()._field_to_sql(alias, field_expr, query)
        birthdate = self._field_to_sql(alias, "birthdate_date", query)
        today = fields.Date.context_today(self)
        cases = [
            SQL(
                "WHEN %s <= %s THEN %s",
                birthdate,
                today - relativedelta(years=band),
                str(band),
            )
            for band in reversed(AGE_BANDS)
        ]
        return SQL("(CASE %s END)", SQL(" ").join(cases))

    def _phone_get_number_fields(self):
        return [*super()._phone_get_number_fields(), "phone2", "phone3"]

    @api.model
    def _get_phone_key(self, number, country):
        """Return the normal form of a phone number, which equal numbers share: in E.164
        form, or else the text without separators.

        :param country: ``res.country`` whose numbers need no prefix; the country of the
            current company is tried next
        """
        if not number:
            return False
        if phone := self._parse_phone(number, country):
            return format_e164(phone)
        return normalize_text(number)

    @api.model
    def _get_phone_search_keys(self, number, country):
        """Return the keys that a contact with the number may have, the likeliest first:
        in E.164 form, and as dialled in its country, the key of a contact without a
        known country. Any other text is compared as sent, unless it is a filler."""
        if phone := self._parse_phone(number, country):
            return [format_e164(phone), format_dialled(phone)]
        text = normalize_text(number)
        return [] if is_filler(text) else [text]

    def _parse_phone(self, number, country):
        phone = country and parse_phone(number, country.code)
        # The company's country comes second: to read it, its contact must be read.
        # sudo: the log also has requests of users who have lost their rights
        return phone or parse_phone(number, self.env.company.sudo().country_id.code)

    def _get_distinct_phones(self):
        """Return the first three different phones of several records, by field."""
        phones = {}
        for record in self:
            for name in PHONE_FIELDS:
                phones.setdefault(record[f"{name}_key"], record[name])
        phones.pop(False, None)
        return dict(zip(PHONE_FIELDS, phones.values(), strict=False))

    def _has_value(self, name, value):
        """Tell whether the field has the value, regardless of case."""
        current = self._read_for_write([name])[name]
        if name in ("email", "email_from") and current:
            return email_normalize(value) in email_normalize_all(current)
        if isinstance(current, str) and isinstance(value, str):
            return fold(current) == fold(value)
        return current == value

    def _read_for_write(self, names):
        """Return values of the record as ``write`` takes them, in types that JSON has,
        too; of several linked records, also of archived ones, the ids."""
        record = self.with_context(active_test=False)
        values = self._convert_to_write({name: record[name] for name in names})
        return {name: self._to_json(name, value) for name, value in values.items()}

    @api.model
    def _to_json(self, name, value):
        """Return a value for ``write`` in types that JSON has, too."""
        # Not by strftime, which until Python 3.12 writes the year 1 without its zeros
        if isinstance(value, datetime):
            return value.isoformat(" ", "seconds")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, float):  # as Odoo rounds it
            return self._fields[name].convert_to_cache(value, self)
        if self._fields[name].type == "many2many":
            # Of the command to set the records, whose order means nothing
            return sorted(set(value[0][2])) if value else []
        return value

    def _get_staff_url(self):
        return get_staff_url(self, self._get_staff_action())


def get_staff_url(record, action: str) -> str:
    """Return the address of a record's form in the CRM app, by an action's XML id."""
    record.ensure_one()
    get_id = record.env["ir.model.data"]._xmlid_to_res_id
    # Of no record: Odoo's website has its own address for records of its company.
    base_url = record.browse().get_base_url()
    return (
        f"{base_url}/web#id={record.id}&model={record._name}"
        f"&view_type=form&action={get_id(action)}&menu_id={get_id('crm.crm_menu_root')}"
    )
