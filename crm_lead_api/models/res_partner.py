# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from datetime import date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import email_normalize, ormcache

from ..text import fold, fold_accents
from .customer_profile_mixin import PHONE_FIELDS, PHONE_KEY_FIELDS

ADDRESS_FIELDS = ("street", "district_id", "state_id", "country_id")
UNSENT_ADDRESS_FIELDS = ("street2", "city", "zip")
MAX_MATCHES = 100  # contacts with the same phone; more need a human being


class CustomerMatch(NamedTuple):
    """Whom a request is about, and why.

    :param method: what the customer was found by, a choice of ``crm.lead.match_method``
    :param value: that which matched: an id, a phone number, an e-mail address
    :param partner: the customer, ``res.partner``; empty when nobody was found
    :param candidates: all contacts that match, the best first
    """

    method: str
    value: str | bool
    partner: models.BaseModel
    candidates: models.BaseModel

    def to_lead_values(self):
        """Return what the lead keeps of it."""
        if others := self.candidates - self.partner:
            # A contact is not merged with its company or its addresses.
            others -= self.partner.parent_id | self.partner.child_ids
        return {
            "match_method": self.method,
            "match_value": self.value,
            "match_candidate_ids": [Command.set(others.ids)],
        }


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "customer.profile.mixin"]

    # Customers are found by it together with their name.
    _email_normalized_index = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )

    portrait_ids = fields.One2many(
        "crm.customer.portrait",
        "partner_id",
        string="Portraits",
        groups="sales_team.group_sale_salesman",
    )
    portrait_count = fields.Integer(
        compute="_compute_portrait_count", groups="sales_team.group_sale_salesman"
    )

    @api.depends("portrait_ids")
    def _compute_portrait_count(self):
        counts = dict(
            self.env["crm.customer.portrait"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.portrait_count = counts.get(partner._origin, 0)

    def unlink(self):
        # sudo: whoever may delete a contact deletes what it said of itself
        self.sudo().portrait_ids.unlink()
        return super().unlink()

    def _address_fields(self):
        return [*super()._address_fields(), "district_id"]

    def _prepare_display_address(self, without_company=False):
        """The district stands on a line of its own, above that of the city."""
        address_format, args = super()._prepare_display_address(without_company)
        if self.district_id:
            args["district_name"] = self.district_id.name
            address_format = re.sub(
                r"^(?=.*%\(city\)s)",
                "%(district_name)s\n",
                address_format,
                count=1,
                flags=re.MULTILINE,
            )
        return address_format, args

    def action_view_portraits(self):
        """Open all portraits of the contact, the newest first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_api.crm_customer_portrait_action"
        )
        return {
            **action,
            "domain": [("partner_id", "=", self.id)],
            "context": {"default_partner_id": self.id},
        }

    # ------------------------------------------------------------ lead API

    @api.model
    def _match_from_payload(self, payload, account):
        """Find the customer of a request.

        By the account that it names; else by any of its phones among all phones of
        contacts; else by its e-mail together with its name. Only contacts that the
        user may see, of the current company or of none. Of several that match, the one
        with the foremost of the sent phones is taken, a contact before an address of
        one, the oldest of equals.

        :param LeadRequest payload: a checked request
        :param account: the contact that the request names, else empty
        :rtype: CustomerMatch
        """
        by_phone, phone = self._find_by_phones(
            payload.get_phones(), self.env["res.country"].browse(payload.country_id)
        )
        if account:
            return CustomerMatch("account", str(account.id), account, by_phone)
        if by_phone:
            return CustomerMatch("phone", phone, by_phone[0], by_phone)
        by_email = self._find_by_email_and_name(
            payload.email_from, payload.contact_name
        )
        if by_email:
            return CustomerMatch("email", payload.email_from, by_email[0], by_email)
        return CustomerMatch("none", False, self.browse(), self.browse())

    @api.model
    def _find_by_phones(self, numbers, country):
        """Return the contacts that have one of the numbers as any of their phones.

        :param list[str] numbers: as anybody writes them
        :param country: ``res.country`` whose numbers need no prefix
        :return: the contacts, the best first, and the key that the best was found by
        """
        keys = []
        for number in numbers:
            keys += self._get_phone_search_keys(number, country)
        if not keys:
            return self.browse(), False
        partners = self.search_fetch(
            Domain.OR(Domain(name, "in", keys) for name in PHONE_KEY_FIELDS)
            & Domain(self._check_company_domain(self.env.company)),
            [*PHONE_KEY_FIELDS, "type"],
            order="id",
            limit=MAX_MATCHES,
        )

        def get_rank(partner):
            found = {partner[name] for name in PHONE_KEY_FIELDS}
            return min(keys.index(key) for key in found if key in keys)

        partners = partners.sorted(lambda p: (get_rank(p), p.type != "contact", p.id))
        return partners, partners and keys[get_rank(partners[0])]

    @api.model
    def _find_by_email_and_name(self, email, name):
        """Return the contacts with that e-mail and that name, the oldest first.

        Names are the same without regard to case, accents and spaces: agents often type
        Vietnamese without accents.
        """
        email = email_normalize(email)
        if not (email and name):
            return self.browse()
        partners = self.search_fetch(
            Domain("email_normalized", "=", email)
            & Domain(self._check_company_domain(self.env.company)),
            ["name"],
            order="id",
            limit=MAX_MATCHES,
        )
        return partners.filtered(
            lambda p: fold_accents(p.name or "") == fold_accents(name)
        )

    @api.model
    def _create_from_payload(self, payload):
        """Make the customer of a request that found nobody."""
        values = payload.to_partner_values()
        self._lock_identity(values)
        # What Odoo would find out: nobody logs in as a customer that is new.
        return self.create({**values, "partner_share": True})

    @ormcache("lang")
    def _get_creation_text(self, lang):
        return self._creation_message()

    def _fill_blanks(self, values):
        """Write those values whose field is empty: staff's own data stay.

        An address is filled up only where what is there agrees with it, so that no
        street of one town ends up in another, and not where Odoo would hand it on to
        the contact's company or its people; a phone that the contact has already is not
        repeated. The contact of a colleague stays untouched: only user administrators
        may change it.

        :param dict values: as for ``write``
        :return: what the values say differently: by subject of a proposal, values as
            for ``write``
        :rtype: dict[str, dict]
        """
        self.ensure_one()
        values = self._leave_out_known_phones(values)
        address = {name: values.pop(name) for name in ADDRESS_FIELDS if name in values}
        differences = {
            name: {name: value}
            for name, value in values.items()
            if not self._has_value(name, value)
        }
        blanks = {name: values[name] for name in differences if not self[name]}
        if not all(self._has_value(name, value) for name, value in address.items()):
            differences["address"] = {
                name: address.get(name, False)
                for name in (*ADDRESS_FIELDS, *UNSENT_ADDRESS_FIELDS)
            }
            if self._may_fill_address(address):
                blanks |= {name: v for name, v in address.items() if not self[name]}
        if not self.partner_share:
            return differences
        if blanks:
            self._lock_identity(blanks)
            self.write(blanks)
        return {
            subject: difference
            for subject, difference in differences.items()
            if not blanks.keys() & difference.keys()
        }

    def _leave_out_known_phones(self, values):
        country = self.env["res.country"].browse(values["country_id"])
        return {
            name: value
            for name, value in values.items()
            if name not in PHONE_FIELDS
            or not self._has_phone_key(self._get_phone_key(value, country))
        }

    def _has_phone_key(self, key):
        """Say whether any of the contact's phones is that one."""
        return any(self[name] == key for name in PHONE_KEY_FIELDS)

    def _may_fill_address(self, address):
        return not (
            self.parent_id
            or self.child_ids
            or any(self[name] for name in UNSENT_ADDRESS_FIELDS)
            or any(
                self[name] and not self._has_value(name, value)
                for name, value in address.items()
            )
        )

    def _has_value(self, name, value):
        """Say whether the contact's field says the same, apart from upper case."""
        current = self._read_for_write([name])[name]
        if name == "email" and current:
            return email_normalize(current) == email_normalize(value)
        if isinstance(current, str) and isinstance(value, str):
            return fold(current) == fold(value)
        return current == value

    def _read_for_write(self, names):
        """Return the contact's values of some fields as ``write`` takes them, of types
        that JSON has too."""
        values = self._convert_to_write({name: self[name] for name in names})
        return {
            name: fields.Date.to_string(value) if isinstance(value, date) else value
            for name, value in values.items()
        }

    def _lock_identity(self, values):
        """Let nobody else make or fill up a contact that is known by the same.

        :param dict values: that are about to be written
        """
        country = self.env["res.country"].browse(
            values.get("country_id", self.country_id.id)
        )
        keys = []
        for name in PHONE_FIELDS:
            if name in values:
                keys += self._get_phone_search_keys(values[name], country)[:1]
        if email := email_normalize(values.get("email")):
            keys.append(email)
        self.env["crm.lead.api.lock"]._lock(keys)
