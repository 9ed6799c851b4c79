# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ...exceptions import FORBIDDEN, AnswerError, FieldError
from ...schemas import Customer, CustomerPortrait, CustomersResponse, StoredLead
from ...schemas.customer import MAX_CUSTOMERS, MAX_LEADS
from ...schemas.record_list import get_unknown
from ...tools.domain import has_newest_id
from ...tools.phone_number import is_e164
from ...translate import _lt
from ..lead.customer_profile_mixin import PHONE_FIELDS

NO_RIGHT = _lt("An administrator has to let this client look customers up.")
NO_PHONE = _lt(
    "This is no phone number of the country: send one such as 0968 011 111, or with "
    "the country code, +84 968 011 111."
)


class CrmLeadApiCustomerReader(models.AbstractModel):
    """Find the customers that a client looks up, and read what the client may know."""

    _name = "crm.lead.api.customer.reader"
    _description = "Lead API Customer Reader"

    def _look_up(self, received, query) -> CustomersResponse:
        """Look customers up, and keep who looked at whom.

        :raise AnswerError: the client may not look customers up (403)
        :raise PayloadError: the query has errors
        """
        client = received.client
        if not client.looks_up_customers:
            raise AnswerError(*FORBIDDEN, NO_RIGHT)
        # National numbers are of the client's default company, if it has one.
        companies = client.company_id | self.env.user.company_id | self.env.companies
        reader = self.with_context(allowed_company_ids=companies.ids)
        account, country = reader._find_named(query, client)
        query = reader._check(query, country)
        findings = reader._find(query, account, country)
        customers = reader._read(findings, country, query.include)
        reader.env["crm.lead.api.look.up"]._keep(received, query, customers)
        return CustomersResponse.from_customers(customers)

    def _find_named(self, query, client):
        """Return the named account, and the country of national numbers, if any."""
        partners, country = self.env["res.partner"], self.env["res.country"]
        if country_id := query.country_id or client.country_id.id:
            country = country.search_fetch([("id", "=", country_id)])
        else:
            # sudo: the country of its company is no secret of the client's
            country = self.env.company.sudo().partner_id.country_id.with_env(self.env)
        if not query.account_id:
            return partners, country
        return partners._find_account(query.account_id, self.env.companies), country

    def _check(self, query, country):
        """Check a query, and return it with the country of its national numbers."""
        partners = self.env["res.partner"]
        errors = [
            FieldError(path, "format", NO_PHONE)
            for path, number in query.get_reference_paths("phone")
            if not partners._parse_phone(number, country)
        ]
        if query.country_id and not country:
            message = get_unknown("country_id")
            errors.append(FieldError("country_id", "unknown", message))
        query.add_errors(errors)
        query.check()
        return query.model_copy(update={"country_id": country.id or None})

    def _find(self, query, account, country):
        """Find the customers as the customer of a lead is found: return the best, each
        a :class:`CustomerMatch`, whose phones are in E.164 form."""
        partners = self.env["res.partner"]
        identity = partners._get_identity(query, account)
        directory = partners._load_candidates([identity], self.env.companies)
        numbers = {}  # by each key that a contact with the number may have
        for phone in query.get_phones():
            number, *others = partners._get_phone_search_keys(phone, country)
            for key in (number, *others):
                numbers.setdefault(key, number)
        return [
            finding._replace(value=numbers[finding.value])
            if finding.method == "phone"
            else finding
            for finding in directory.find_all(identity)[:MAX_CUSTOMERS]
        ]

    def _read(self, findings, country, words) -> list[Customer]:
        """Read the customers of findings, with the parts that are asked for; ``None``:
        with all parts."""
        partners = self.env["res.partner"].union(*(each.partner for each in findings))
        if not partners:
            return []
        client = self.env.user._get_lead_api_client()
        schema = client._get_schema(Customer)
        words = schema.get_parts() if words is None else words
        parts = self._read_parts(partners, words)
        customers = []
        for finding, partner in zip(findings, partners, strict=True):
            phones = self._get_numbers(partner, country)
            customer = schema.from_partner(
                partner, finding.method, finding.value, phones
            )
            for word in words:
                default = schema.model_fields[word].get_default()
                setattr(customer, word, parts.get(word, {}).get(partner.id, default))
            customers.append(customer)
        return customers

    def _read_parts(self, partners, words):
        """Return the parts of customers, by word and by the ids of customers; a
        customer without a value gets the default of the schema. An addon that adds a
        part to the schema :class:`Customer` reads the part here, for all customers at
        once, if its word is asked for. The contacts have the rights of the client's
        user."""
        parts = {}
        for model in self.env["crm.lead.api.record.mixin"]._get_record_models():
            parts |= model._read_parts(partners, words)
        if "leads" in words:
            leads, domain = self.env["crm.lead.api.reader"]._get_leads()
            newest = has_newest_id(leads, domain, partners, MAX_LEADS)
            found = leads.search_fetch(newest, order="id desc").grouped("partner_id")
            parts["leads"] = {
                partner.id: [StoredLead.from_record(lead) for lead in own]
                for partner, own in found.items()
            }
        if "portrait" in words:
            parts["portrait"] = {
                portrait.partner_id.id: CustomerPortrait.from_portrait(portrait)
                for portrait in self._find_portraits(partners)
            }
        return parts

    def _find_portraits(self, partners):
        """Return the newest portrait of each customer. As for salespeople: a client may
        read a portrait of a lead that it may read, or made by hand, without a lead."""
        client = self.env.user._get_lead_api_client()
        # sudo: the domain limits the portraits; the client's user has no rights on the
        # portraits of staff
        portraits = self.env["crm.customer.portrait"].sudo()
        domain = Domain("company_id", "in", [*self.env.companies.ids, False])
        if not client.reads_all_leads:
            leads, readable = self.env["crm.lead.api.reader"]._get_leads()
            domain &= Domain("is_shared", "=", True) | _has_lead(leads, readable)
        return portraits.search_fetch(has_newest_id(portraits, domain, partners, 1))

    def _get_numbers(self, partner, country):
        """Return the phones of a contact in E.164 form, each once; texts that are no
        numbers are left out."""
        country = partner.country_id or country
        keys = [
            partner._get_phone_key(partner[name], country) or ""
            for name in PHONE_FIELDS
        ]
        return list(dict.fromkeys(filter(is_e164, keys)))


def _has_lead(leads, domain):
    """Return the domain of portraits that have a lead of a domain, or had it. Not by
    the fields ``lead_ids`` and ``former_lead_id``: PostgreSQL would read all leads."""

    def to_sql(_model, alias, _query):
        query = leads._search(domain)
        query.add_where(
            SQL(
                "(%s = %s OR %s = %s)",
                SQL.identifier(query.table, "portrait_id"),
                SQL.identifier(alias, "id"),
                SQL.identifier(query.table, "id"),
                SQL.identifier(alias, "former_lead_id"),
            )
        )
        return SQL("EXISTS %s", query.subselect())

    return Domain.custom(to_sql=to_sql)
