# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from ...tools.text import fold_accents
from ..lead.customer_profile_mixin import (
    PERSONAL_FIELDS,
    PHONE_FIELDS,
    PHONE_KEY_FIELDS,
)
from .customer_directory import CustomerDirectory, CustomerMatch, CustomerPlan, Identity

ADDRESS_FIELDS = ("street", "district_id", "state_id", "country_id")
UNSENT_ADDRESS_FIELDS = ("street2", "city", "zip")
MAX_MATCHES = 100  # contacts with the same phone; more are for a human being to sort


class ResPartner(models.Model):
    """Find the customers of requests among the contacts, and create new contacts."""

    _inherit = "res.partner"

    @api.model
    def _plan_customers(self, payloads, accounts) -> CustomerPlan:
        """Find the customers of checked requests, and plan the contacts to be created.

        A customer is found by the account that the request names; else by any of its
        phones among all phones of contacts; else by its e-mail together with its name.
        Only contacts that the user may see count, of the current company or of none. Of
        several matches, the contact with the foremost of the sent phones is taken, a
        contact before an address of a contact, the oldest of equals.
        """
        identities = [
            self._get_identity(payload, account)
            for payload, account in zip(payloads, accounts, strict=True)
        ]
        directory = self._load_candidates(identities)
        matches = [directory.find(identity) for identity in identities]
        found = [each for match in matches for each in match.partner.ids]
        plan = CustomerPlan(
            identities=identities,
            directory=directory,
            matches=[
                match._replace(partner=match.partner.with_prefetch(found))
                for match in matches
            ],
            values=[payload.to_partner_values() for payload in payloads],
            dependent=self._find_dependent(identities, matches),
        )
        for position, match in enumerate(plan.matches):
            values, partner = plan.values[position], match.partner
            if position in plan.dependent or not partner:
                plan.lock_keys += self._get_lock_keys(values)
            else:
                plan.known[position] = partner._compare(values)
                plan.lock_keys += partner._get_lock_keys(plan.known[position][0])
        return plan

    @api.model
    def _get_from_plan(self, plan):
        """Deprecated: call, and override :meth:`_apply_customer_plan` instead."""
        return self._apply_customer_plan(plan)

    @api.model
    def _apply_customer_plan(self, plan) -> list[CustomerMatch]:
        """Create the new contacts of a plan, whose keys are locked already, complete
        the others, and return all customers, as if one request came after the other."""
        news = [
            position
            for position, match in enumerate(plan.matches)
            if position not in plan.dependent and not match.partner
        ]
        contacts = self._create_customers([plan.values[each] for each in news])
        # Without the flush Odoo would write the computed fields in two parts.
        contacts.flush_recordset()
        made = dict(zip(news, contacts, strict=True))
        customers = []
        for position, match in enumerate(plan.matches):
            if position in plan.dependent:
                match = plan.directory.find(plan.identities[position])
                if not match.partner:
                    made[position] = self._create_customers([plan.values[position]])
            partner, differences = made.get(position, match.partner), {}
            if position not in made:
                fill_values, differences = plan.known.get(position) or partner._compare(
                    plan.values[position]
                )
                if fill_values:
                    # sudo: the client's user may write only contacts that it made
                    partner.sudo().write(fill_values)
            if plan.dependent:
                plan.directory.add(partner)
            customers.append(match._replace(partner=partner, differences=differences))
        return customers

    @api.model
    def _create_customers(self, vals_list):
        """Create contacts, in the language that the client has chosen, or else the
        default of another addon, or else the language of the current company."""
        lang = vals_list and self.env.user._get_lead_api_client().customer_lang
        if vals_list and not lang:
            # Odoo itself keeps a default: the first language of the database.
            kept = self.env["ir.default"]._get_model_defaults(self._name).get("lang")
            if self.default_get(["lang"]).get("lang") == kept:
                # sudo: the client's user need not see the contact of its company
                lang = self.env.company.sudo().partner_id.lang
        if lang and self.env["res.lang"]._get_data(code=lang):
            vals_list = [{"lang": lang, **vals} for vals in vals_list]
        return self.create(vals_list)

    def _prepare_copied_values(self, values):
        """Return the values that Odoo copies to a new lead, by the lead's field: those
        that the lead's values lack; of the address all or none."""
        names = {"email_from": "email", "phone": "phone"}
        if values.keys().isdisjoint(ADDRESS_FIELDS):
            names |= {name: name for name in ADDRESS_FIELDS}
        present = self._read_for_write(names.values())
        return {name: present[own] for name, own in names.items() if name not in values}

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
    def _load_candidates(self, identities, companies=None) -> CustomerDirectory:
        """Find the contacts that may match one of the identities, of some companies, by
        default of the current one, or of none."""
        domains = [self._get_phones_domain(each.phone_keys) for each in identities]
        domains += [
            Domain("email_normalized", "=", each.email)
            for each in identities
            if each.email
        ]
        limit = MAX_MATCHES * len(domains)
        companies = companies or self.env.company
        partners = self._search_in_companies(Domain.OR(domains), companies, limit)
        if len(partners) == limit:
            # A value that many contacts share must leave room for other matches.
            partners = self.union(
                *(self._search_in_companies(each, companies) for each in domains)
            )
        # A company of the database itself is nobody's customer.
        own = partners._filter_own_companies()
        directory = CustomerDirectory(self.browse(), own)
        directory.add(partners - own)
        return directory

    @api.model
    def _find_by_phone(self, phone, country, companies):
        """Find the customer with a phone in any notation, as :meth:`_plan_customers`
        does: the best match, perhaps empty, of some companies or of none.

        :param country: ``res.country`` of a number without a prefix
        """
        keys = self._get_phone_search_keys(phone, country)
        identity = Identity(self.browse(), keys, False, False, "")
        return self._load_candidates([identity], companies).find(identity).partner

    @api.model
    def _find_account(self, account_id, companies):
        """Find the contact with an id that a client has sent, or the contact that it
        was merged into, as far as the user may see it, of some companies or of none."""
        domain = Domain(self._check_company_domain(companies))
        partner = self.search(Domain("id", "=", account_id) & domain)
        if not partner:
            stayed = self.env["crm.lead.api.merged.account"]._follow([account_id])
            partner = self.search(Domain("id", "in", list(stayed.values())) & domain)
        return partner

    @api.model
    def _search_in_companies(self, domain, companies, limit=MAX_MATCHES):
        """Search contacts of some companies or of none, the oldest first."""
        domain &= Domain(self._check_company_domain(companies))
        names = [*PHONE_KEY_FIELDS, "type", "name", "email_normalized", "is_company"]
        return self.search_fetch(domain, names, order="id", limit=limit)

    def _filter_own_companies(self):
        """Return the contacts of companies of the database."""
        companies = self.filtered("is_company")
        if not companies:  # people cost no statement
            return companies
        # sudo: a client may not see all companies
        own = self.env["res.company"].sudo().with_context(active_test=False)
        own = own.search_fetch([("partner_id", "in", companies.ids)], ["partner_id"])
        return companies & own.partner_id

    @api.model
    def _find_dependent(self, identities, matches):
        """Return the positions of requests that share a key with an earlier request, so
        that they may have the same customer."""
        seen, positions = set(), set()
        for position, (identity, match) in enumerate(
            zip(identities, matches, strict=True)
        ):
            keys = {*identity.phone_keys, *identity.account.ids, *match.partner.ids}
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

    def _compare(self, values, country=None) -> tuple[dict, dict[str, dict]]:
        """Find the values to write into empty fields of the contact, and the different
        values, as for ``write``, by subject of a proposal; data that staff entered are
        kept.

        An address is completed only if its filled fields agree with the values, so that
        no street ends up in another town, and not if Odoo would copy the address to the
        contact's company or its people. A phone that the contact already has is left
        out. The contact of a colleague stays unchanged: only user administrators may
        change it. The contact of a company of the database has nothing of a customer,
        and the contact of another company nothing that only a person has.

        :param country: ``res.country`` of national phone numbers, if the values have no
            country
        """
        self.ensure_one()
        if self._filter_own_companies():
            return {}, {}
        country = country or self.env["res.country"].browse(values.get("country_id"))
        personal = ("name", *PERSONAL_FIELDS) if self.is_company else ()
        values = {
            name: value
            for name, value in values.items()
            if name not in personal
            and (
                name not in PHONE_FIELDS
                or not self._has_phone_key(self._get_phone_key(value, country))
            )
        }
        address = {name: values.pop(name) for name in ADDRESS_FIELDS if name in values}
        differences = {
            name: {name: value}
            for name, value in values.items()
            if not self._has_value(name, value)
        }
        fill_values = {name: values[name] for name in differences if not self[name]}
        if not all(self._has_value(name, value) for name, value in address.items()):
            differences["address"] = {
                name: address.get(name, False)
                for name in (*ADDRESS_FIELDS, *UNSENT_ADDRESS_FIELDS)
            }
            if self._may_fill_address(address):
                fill_values |= {
                    name: v for name, v in address.items() if not self[name]
                }
        if not self.partner_share:
            return {}, differences
        return fill_values, {
            subject: difference
            for subject, difference in differences.items()
            if not fill_values.keys() & difference.keys()
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
        """Return the keys to lock while values are written to a contact."""
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
