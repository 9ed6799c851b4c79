# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...schemas import CustomerPortrait, LeadRequest, StoredLead
from ...schemas.customer import MAX_LEADS
from ...schemas.customer_portrait import KINDS
from ...tools.joint_search import Search, search_newest, search_together
from ...tools.mode import ALL, MODE
from ..lead.crm_lead import SERVICE_FIELDS
from ..lead.customer_profile_mixin import PHONE_FIELDS, PHONE_KEY_FIELDS

PARTNER_FIELDS = (
    *("name", "gender", "birthdate_date", "email", "street", "district_id"),
    *("state_id", "country_id", "user_id", "company_id", *PHONE_FIELDS),
    *PHONE_KEY_FIELDS,
)
LEAD_FIELDS = (
    *("partner_id", "portrait_id", "lead_api_client_id", "lead_api_sent", "type"),
    *("stage_id", "team_id", "user_id", "won_status", "first_contact_date"),
    *("lost_reason_id", "date_closed", "create_date", "write_date", "active"),
    *("probability", "has_text_ticket", *LeadRequest.get_lead_fields()),
)
PORTRAIT_FIELDS = (
    "partner_id",
    *(name for name in CustomerPortrait.model_fields if name not in KINDS),
)
ITEM_FIELDS = ("portrait_id", "kind", "sequence", "name")


class CrmLeadApiCustomerParts(models.AbstractModel):
    """Read contacts with their leads and portraits, by few statements, however many
    records there are."""

    _name = "crm.lead.api.customer.parts"
    _description = "Lead API Parts of a Customer"

    @api.model
    def _read(self, partners, words):
        """Return the leads and portraits of customers; read the contacts, too.

        :param partners: ``res.partner``, with the rights of the client's user
        :param list[str] words: the parts that are asked for
        :return: the values by the ids of customers
        :rtype: dict[str, dict[int, Any]]
        """
        # sudo: as for GET /lead, the domains limit leads and portraits
        portraits = self.env["crm.customer.portrait"].sudo()
        leads, _domain = self.env["crm.lead.api.reader"]._get_leads()
        searches = {
            "partners": Search(
                partners, Domain("id", "in", partners.ids), PARTNER_FIELDS
            )
        }
        if "leads" in words:
            searches["leads"] = self._search_leads(partners)
        if "portrait" in words:
            searches["portraits"] = self._search_portraits(partners)
        found = search_together(searches).records
        leads = found.get("leads", leads).sorted("id", reverse=True)
        portraits = found.get("portraits", portraits)
        self._read_related(partners, leads, portraits | leads.portrait_id)
        return {
            "portrait": {
                portrait.partner_id.id: CustomerPortrait.from_portrait(portrait)
                for portrait in portraits
            },
            "leads": {
                partner.id: [StoredLead.from_lead(lead) for lead in own]
                for partner, own in leads.grouped("partner_id").items()
            },
        }

    @api.model
    def _search_leads(self, partners):
        """Return the search for the newest leads of each customer."""
        client = self.env.user._get_lead_api_client()
        leads, domain = self.env["crm.lead.api.reader"]._get_leads()
        newest = search_newest(leads, domain, partners, MAX_LEADS)
        custom = client._get_schema().get_fields().values()
        return Search(leads, Domain("id", "in", newest), {*LEAD_FIELDS, *custom})

    @api.model
    def _search_portraits(self, partners):
        """Return the search for the newest portrait of each customer.

        As for salespeople: a client may read a portrait if it may read one of the
        portrait's leads, or if the portrait has no lead, because it was made by hand.
        """
        client = self.env.user._get_lead_api_client()
        # sudo: the domain limits the portraits; the client's user has no rights on the
        # portraits of staff
        portraits = self.env["crm.customer.portrait"].sudo()
        domain = Domain("company_id", "in", [*self.env.companies.ids, False])
        if not client.reads_all_leads:
            leads, readable = self.env["crm.lead.api.reader"]._get_leads()
            domain &= ~_has_lead(leads, Domain.TRUE) | _has_lead(leads, readable)
        newest = search_newest(portraits, domain, partners, 1)
        return Search(portraits, Domain("id", "in", newest), PORTRAIT_FIELDS)

    @api.model
    def _read_related(self, partners, leads, portraits):
        """Read the records that contacts, leads and portraits name, by a single
        statement."""
        # sudo: what a client may read of a lead includes what the lead names; the
        # salesperson's contact may belong to another company
        services = self.env["crm.lead.service"].sudo()
        items = self.env["crm.customer.portrait.item"].sudo()
        users = partners.sudo().user_id | leads.user_id
        of_leads = Domain("lead_id", "in", leads.ids)
        products = services.product_id
        named = (
            (partners.district_id, ["name"]),
            (partners.state_id, ["name"]),
            (partners.country_id, ["name", "code"]),
            (users, ["partner_id", "active"]),
            (leads.team_id, ["name"]),
            (leads.lost_reason_id, ["name"]),
            (portraits, PORTRAIT_FIELDS),
        )
        searches = {
            records._name: Search(records, Domain("id", "in", records.ids), fields)
            for records, fields in named
            if records
        }
        if users:
            searches["colleagues"] = Search(
                users.browse().partner_id.with_context(**{MODE: ALL}),
                Domain("user_ids", "in", users.ids),
                ["name", "email"],
            )
        if portraits:
            of_portraits = Domain("portrait_id", "in", portraits.ids)
            searches["items"] = Search(items, of_portraits, ITEM_FIELDS)
        if leads:

            def get_named(name):
                asked = services._search(of_leads)
                return Domain("id", "in", asked.subselect(name))

            searches["services"] = Search(
                services, of_leads, ["lead_id", *SERVICE_FIELDS]
            )
            is_product = get_named("product_id")
            searches["products"] = Search(
                products,
                is_product,
                ["product_tmpl_id", "default_code", "combination_indices", "active"],
            )
            searches["templates"] = Search(
                products.product_tmpl_id,
                Domain("product_variant_ids", "any", is_product),
                ["name", "active"],
            )
            searches["currencies"] = Search(
                services.currency_id, get_named("currency_id"), ["name"]
            )
        result = search_together(searches)
        _add_lines(result, leads, "service_ids", result.records.get("services"))
        _add_lines(result, portraits, "item_ids", result.records.get("items"))
        for product in result.records.get("products", ()):
            if not product.combination_indices:
                result.add_value(product, "product_template_attribute_value_ids", ())


def _has_lead(leads, domain):
    """Return the domain of portraits with a lead of a domain.

    Not by the field ``lead_ids``: PostgreSQL would read all leads.
    """

    def to_sql(_model, alias, _query):
        query = leads._search(domain)
        query.add_where(
            SQL(
                "%s = %s",
                SQL.identifier(query.table, "portrait_id"),
                SQL.identifier(alias, "id"),
            )
        )
        return SQL("EXISTS %s", query.subselect())

    return Domain.custom(to_sql=to_sql)


def _add_lines(result, records, name, lines):
    """Put the lines of records into Odoo's cache, in the order of lines."""
    if not records:
        return
    by_record = lines.sorted().grouped(records._fields[name].inverse_name)
    for record in records:
        own = by_record.get(record)
        result.add_value(record, name, own._ids if own else ())
