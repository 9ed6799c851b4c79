# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from ...tools.follow_up import get_follow_ups
from ...tools.text import fold_accents
from ..lead.customer_profile_mixin import PHONE_FIELDS, PHONE_KEY_FIELDS
from .customer_directory import CustomerDirectory, Identity
from .customer_plan import Customer, CustomerPlan

ADDRESS_FIELDS = ("street", "district_id", "state_id", "country_id")
UNSENT_ADDRESS_FIELDS = ("street2", "city", "zip")
MAX_MATCHES = 100  # contacts with the same phone; more are for a human being to sort


class ResPartner(models.Model):
    """Find the customers of requests among the contacts, and create new contacts."""

    _inherit = "res.partner"

    @api.model
    def _plan_customers(self, payloads, accounts):
        """Find the customers of requests, and plan the contacts to be created.

        A customer is found by the account that the request names; else by any of its
        phones among all phones of contacts; else by its e-mail together with its name.
        Only contacts that the user may see count, of the current company or of none. Of
        several matches, the contact with the foremost of the sent phones is taken, a
        contact before an address of a contact, the oldest of equals.

        :param list[LeadRequest] payloads: checked requests
        :param accounts: the contact that each request names, else empty
        :rtype: CustomerPlan
        """
        identities = [
            self._get_identity(payload, account)
            for payload, account in zip(payloads, accounts, strict=True)
        ]
        directory = self._open_directory(identities)
        matches = self._read_together(map(directory.find, identities))
        plan = CustomerPlan(
            identities=identities,
            directory=directory,
            matches=matches,
            values=[payload.to_partner_values() for payload in payloads],
            late=self._find_dependent(identities, matches),
        )
        for position, match in enumerate(matches):
            values = plan.values[position]
            if position in plan.late or not match.partner:
                plan.lock_keys += self._get_lock_keys(values)
            if position not in plan.late and (partner := match.partner):
                plan.known[position] = blanks, _differences = partner._compare(values)
                plan.lock_keys += partner._get_lock_keys(blanks)
        return plan

    @api.model
    def _get_from_plan(self, plan):
        """Return the customers of requests, and create new contacts, as if one request
        came after the other.

        :param CustomerPlan plan: the plan, after its keys were locked
        :rtype: list[Customer]
        """
        news = [
            position
            for position, match in enumerate(plan.matches)
            if position not in plan.late and not match.partner
        ]
        contacts = self._create_planned([plan.values[each] for each in news])
        # Without the flush Odoo would write the computed fields in two parts.
        contacts.flush_recordset()
        made = dict(zip(news, contacts, strict=True))
        customers = []
        for position, match in enumerate(plan.matches):
            if position in plan.late:
                match = plan.directory.find(plan.identities[position])
                if not match.partner:
                    made[position] = self._create_planned([plan.values[position]])
            partner, differences = made.get(position, match.partner), {}
            if position not in made:
                blanks, differences = plan.known.get(position) or partner._compare(
                    plan.values[position]
                )
                if blanks:
                    # sudo: the client's user may write only contacts that it made
                    partner.sudo().write(blanks)
            if plan.late:
                plan.directory.add(partner)
            customers.append(Customer(partner, match, differences))
        return customers

    @api.model
    def _create_planned(self, vals_list):
        if vals_list and (lang := self._get_customer_lang()):
            vals_list = [{"lang": lang, **vals} for vals in vals_list]
        with get_follow_ups().making(self._name):
            return self.create(vals_list)

    @api.model
    def _get_identity(self, payload, account):
        country = self.env["res.country"].browse(payload.country_id)
        keys = [
            key
            for number in payload.get_phones()
            for key in self._get_phone_search_keys(number, country)
        ]
        return Identity(
            account,
            keys,
            payload.email_from,
            email_normalize(payload.email_from),
            fold_accents(payload.contact_name or ""),
        )

    @api.model
    def _open_directory(self, identities, companies=None):
        """Find the contacts that may match one of the identities.

        :param companies: the contacts belong to one of these companies, or to none;
            the current company if not given
        :rtype: CustomerDirectory
        """
        phones = [list(each.phone_keys) for each in identities if each.phone_keys]
        emails = [[each.email] for each in identities if each.email]
        domains = [_have_phones(_flatten(phones)), _have_emails(_flatten(emails))]
        limit = MAX_MATCHES * len(phones + emails)
        companies = companies or self.env.company
        partners = self._search_own(Domain.OR(domains), companies, limit)
        if len(partners) == limit:
            # A value that many contacts share must leave room for other matches.
            partners = self.union(
                *(self._search_own(_have_phones(keys), companies) for keys in phones),
                *(self._search_own(_have_emails(keys), companies) for keys in emails),
            )
        directory = CustomerDirectory(self.browse())
        directory.add(partners)
        return directory

    @api.model
    def _find_by_phone(self, phone, country, companies):
        """Find the customer with a phone, as :meth:`_plan_customers` does.

        :param str phone: in any notation
        :param country: ``res.country`` of a number without a prefix
        :param companies: ``res.company``, of which the contact has one, or none
        :return: the best match, perhaps empty
        """
        keys = self._get_phone_search_keys(phone, country)
        if not keys:
            return self.browse()
        identity = Identity(self.browse(), keys, False, False, "")
        return self._open_directory([identity], companies).find(identity).partner

    @api.model
    def _search_own(self, domain, companies, limit=MAX_MATCHES):
        """Search contacts of some companies or of none, the oldest first."""
        domain &= Domain(self._check_company_domain(companies))
        names = [*PHONE_KEY_FIELDS, "type", "name", "email_normalized"]
        return self.search_fetch(domain, names, order="id", limit=limit)

    @api.model
    def _read_together(self, matches):
        """Return the matches, with a common prefetch of all of their customers."""
        matches = list(matches)
        ids = [each for match in matches for each in match.partner.ids]
        return [
            match._replace(partner=match.partner.with_prefetch(ids))
            for match in matches
        ]

    @api.model
    def _find_dependent(self, identities, matches):
        """Return the positions of requests that share a key with an earlier request, so
        that they may have the same customer."""
        seen, positions = set(), set()
        for position, (identity, match) in enumerate(
            zip(identities, matches, strict=True)
        ):
            keys = identity.get_keys() | set(match.partner.ids)
            by_name = (identity.email, identity.name)
            by_email = (identity.email, None)
            if (keys | {by_name, by_email} if identity.email else keys) & seen:
                positions.add(position)
            seen |= keys
            if identity.email:
                # A new contact has the sent name; a contact that is completed, or not
                # known yet, may have another name.
                is_new = not match.partner and position not in positions
                seen.add(by_name if is_new else by_email)
        return positions

    def _compare(self, values, country=None):
        """Find the values that fill empty fields of the contact, and the values that
        differ from the contact; data that staff entered are kept.

        An address is completed only if its filled fields agree with the values, so that
        no street ends up in another town, and not if Odoo would copy the address to the
        contact's company or its people. A phone that the contact already has is left
        out. The contact of a colleague stays unchanged: only user administrators may
        change it.

        :param dict values: values of the contact, as for ``write``
        :param country: ``res.country`` of national phone numbers, if the values have no
            country
        :return: the values to write; and the different values, as for ``write``, by
            subject of a proposal
        :rtype: tuple[dict, dict[str, dict]]
        """
        self.ensure_one()
        values = self._leave_out_known_phones(values, country)
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
            return {}, differences
        return blanks, {
            subject: difference
            for subject, difference in differences.items()
            if not blanks.keys() & difference.keys()
        }

    def _leave_out_known_phones(self, values, country):
        country = country or self.env["res.country"].browse(values["country_id"])
        return {
            name: value
            for name, value in values.items()
            if name not in PHONE_FIELDS
            or not self._has_phone_key(self._get_phone_key(value, country))
        }

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

    def _get_lock_keys(self, values):
        """Return the keys to lock while a contact is created or completed.

        :param dict values: the values about to be written
        :return: texts, as for ``crm.lead.api.lock._lock``
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
        return keys


def _flatten(groups):
    return list({key for group in groups for key in group})


def _have_emails(emails):
    return Domain("email_normalized", "in", emails)


def _have_phones(keys):
    """Return the domain of contacts with any of the phones, in any phone field."""
    return Domain.OR(Domain(name, "in", keys) for name in PHONE_KEY_FIELDS)
