# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL, LazyTranslate, email_normalize, escape_psql

from ..exceptions import FieldError, PayloadError
from ..phone_number import is_e164
from .crm_lead_api_request import MANAGER_GROUP
from .customer_profile_mixin import PERSONAL_FIELDS, PHONE_FIELDS

_lt = LazyTranslate(__name__, default_lang="en_US")

UNKNOWN = _lt("There is no record with this id that this token may use.")
ARCHIVED = _lt("The record with this id is archived: send another one.")
NOT_INTERNAL = _lt("Send the id of an internal user, not of a portal user.")
NOT_IN_COUNTRY = _lt("Send a state of the country in country_id.")
NOT_IN_STATE = _lt("Send a district of the state in state_id.")
NOT_IN_GROUP = _lt("Send a source of the group in category_source_id.")
NOT_SELLABLE = _lt("This product is not for sale: send another one.")
NOT_OF_COMPANY = _lt("Send one that the company in company_id may use.")

# Of several leads that are merged into one, the first that is not empty is kept.
MERGED_FIELDS = [
    *("gender", "birthdate_date", "overseas_vietnamese"),
    *("facebook_account", "zalo_account", "send_info_facebook", "send_info_zalo"),
    *("work_online", "online_counseling", "shuttle_bus", "agent_email", "creator_id"),
    *("lead_api_client_id", "source_group_id", "pricelist_id"),
]
TAG_FIELDS = {
    "hobby_tag_ids": "hobby",
    "pain_point_tag_ids": "pain_point",
    "desire_tag_ids": "desire",
}
PORTRAIT_GROUPS = "sales_team.group_sale_salesman"
LINK = Markup('<a href="%s" target="_blank" rel="noopener noreferrer">%s</a>')
YES_NO = [("no", "No"), ("yes", "Yes")]


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "customer.profile.mixin"]

    # Where the lead comes from
    ticket_ref = fields.Char(
        "Ticket",
        index="trigram",
        copy=False,
        help="The ticket's number in the system that sent the lead; of leads that were "
        "merged all numbers, with commas between them.",
    )
    ticket_links = fields.Html(
        "Tickets", compute="_compute_ticket_links", compute_sudo=True
    )
    lead_api_request_ids = fields.One2many(
        "crm.lead.api.request",
        "lead_id",
        string="Lead API Requests",
        groups=MANAGER_GROUP,
    )
    lead_api_client_id = fields.Many2one(
        "crm.lead.api.client",
        string="Lead API Client",
        index="btree_not_null",
        copy=False,
        readonly=True,
        help="The outside system that sent the lead.",
    )
    agent_email = fields.Char(
        index="btree_not_null",
        help="The call-centre agent, who need not be a user of Odoo.",
    )
    creator_id = fields.Many2one(
        "res.users",
        string="Requested By",
        index="btree_not_null",
        help="The user who created the request in the system that sent it.",
    )
    source_group_id = fields.Many2one(
        "utm.source.group",
        index="btree_not_null",
        help="The kind of source: social network, referral, advertising…",
    )

    # What the customer wants
    pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Price List",
        check_company=True,
        help="The prices of the services come from it; another one sets them anew.",
    )
    service_ids = fields.One2many(
        "crm.lead.service", "lead_id", string="Services", copy=True
    )
    service_product_ids = fields.Many2many(
        "product.product",
        string="Services Asked For",
        compute="_compute_service_product_ids",
        search="_search_service_product_ids",
    )
    service_amount = fields.Monetary(
        "Services Total",
        compute="_compute_service_amount",
        store=True,
        currency_field="company_currency",
        help="In the company's currency, at the rate of the day the lead came in.",
    )
    service_revenue = fields.Monetary(
        "Expected Revenue from Services",
        compute="_compute_expected_revenue",
        store=True,
        copy=True,
        currency_field="company_currency",
        help="The expected revenue as the services last gave it; one that differs was "
        "set by hand.",
    )
    expected_revenue = fields.Monetary(
        compute="_compute_expected_revenue", store=True, readonly=False, default=None
    )
    work_online = fields.Selection(YES_NO, help="The customer works online.")
    online_counseling = fields.Selection(
        YES_NO, help="The customer wants to be counseled by video or chat."
    )
    shuttle_bus = fields.Selection(
        YES_NO, help="The customer wants to be fetched by the shuttle bus."
    )

    # Channels
    send_info_facebook = fields.Selection(
        [("not_send", "Not sent"), ("sent", "Sent")],
        string="Info by Facebook",
        help="Whether the customer got the information by Facebook.",
    )
    send_info_zalo = fields.Selection(
        [
            ("no_acc", "No account"),
            ("not_response", "Sent, no response"),
            ("sent", "Responded"),
        ],
        string="Info by Zalo",
        help="Whether the customer got the information by Zalo, and answered.",
    )

    # Portrait
    portrait_id = fields.Many2one(
        "crm.customer.portrait",
        string="Customer Portrait",
        index="btree_not_null",
        copy=False,
        domain="[('partner_id', '=', partner_id)]",
    )
    portrait_card = fields.Html(
        "Portrait",
        compute="_compute_portrait_card",
        sanitize=False,
        groups=PORTRAIT_GROUPS,
        help="Of the lead, else the customer's newest.",
    )
    hobby_tag_ids = fields.Many2many(
        "crm.customer.portrait.tag",
        string="Hobbies",
        compute="_compute_portrait_tags",
        search="_search_hobby_tag_ids",
        groups=PORTRAIT_GROUPS,
    )
    pain_point_tag_ids = fields.Many2many(
        "crm.customer.portrait.tag",
        string="Pain Points",
        compute="_compute_portrait_tags",
        search="_search_pain_point_tag_ids",
        groups=PORTRAIT_GROUPS,
    )
    desire_tag_ids = fields.Many2many(
        "crm.customer.portrait.tag",
        string="Desires",
        compute="_compute_portrait_tags",
        search="_search_desire_tag_ids",
        groups=PORTRAIT_GROUPS,
    )

    show_empty_fields = fields.Boolean(
        store=False, help="Show also what nobody said, to fill it in."
    )

    # Customer: how the contact was found
    match_method = fields.Selection(
        [
            ("account", "Account"),
            ("phone", "Phone"),
            ("email", "E-mail and name"),
            ("none", "Nobody found: new contact"),
        ],
        string="Customer Found By",
        copy=False,
        help="What the caller sent that told who the customer is.",
    )
    match_value = fields.Char("Found By Value", copy=False)
    match_candidate_ids = fields.Many2many(
        "res.partner",
        "crm_lead_match_candidate_rel",
        string="Other Matching Contacts",
        copy=False,
        help="Contacts that have one of the phones, or the e-mail and the name, too.",
    )
    is_match_doubtful = fields.Boolean(compute="_compute_is_match_doubtful")
    wrong_phones = fields.Char(
        "Phones That Look Wrong",
        compute="_compute_wrong_phones",
        help="They are kept, and compared, as they were sent.",
    )
    proposal_ids = fields.One2many(
        "crm.lead.proposal", "lead_id", string="Proposed Changes of the Contact"
    )
    # As the rest of the address
    district_id = fields.Many2one(
        compute="_compute_partner_address_values", store=True, readonly=False
    )

    @api.depends("ticket_ref", "lead_api_client_id", "lead_api_request_ids.ticket_ref")
    def _compute_ticket_links(self):
        for lead in self:
            tickets = (lead.ticket_ref or "").split(", ")
            client, clients = lead.lead_api_client_id, {}
            if len(tickets) > 1:  # of leads that were merged
                entries = lead.lead_api_request_ids
                clients = {entry.ticket_ref: entry.client_id for entry in entries}
                if entries.client_id - client:
                    client = client.browse()  # the log forgets which ticket is whose
            links = [
                LINK % (url, ticket)
                for ticket in tickets
                if (url := clients.get(ticket, client)._get_ticket_url(ticket))
            ]
            lead.ticket_links = Markup(", ").join(links)

    @api.depends("service_ids.price_subtotal", "service_ids.currency_id", "company_id")
    def _compute_service_amount(self):
        for lead in self:
            company = lead.company_id or self.env.company
            date = fields.Date.to_date(lead.create_date) or fields.Date.today()
            lead.service_amount = sum(
                service.currency_id._convert(
                    service.price_subtotal, company.currency_id, company, date
                )
                for service in lead.service_ids
            )

    @api.depends("service_amount")
    def _compute_expected_revenue(self):
        for lead in self:
            if lead.expected_revenue == lead.service_revenue:
                lead.expected_revenue = lead.service_amount
                lead.service_revenue = lead.service_amount
            else:
                lead.expected_revenue = lead.expected_revenue
                lead.service_revenue = lead.service_revenue

    @api.depends("service_ids.product_id")
    def _compute_service_product_ids(self):
        for lead in self:
            lead.service_product_ids = lead.service_ids.product_id

    def _search_service_product_ids(self, operator, value):
        return _search_path("service_ids.product_id", operator, value)

    @api.depends_context("lang", "tz", "uid", "allowed_company_ids")
    @api.depends("portrait_id", "partner_id")
    def _compute_portrait_card(self):
        history = self.env["crm.customer.portrait"]._get_history(self.partner_id)
        newest = {portrait.partner_id: portrait for portrait in history}
        for lead in self:
            portrait = lead.portrait_id
            if portrait not in history:
                portrait = newest.get(lead.partner_id, portrait.browse())
            lead.portrait_card = bool(portrait) and portrait._render_card(
                *history[portrait]
            )

    @api.depends("portrait_id.item_ids.tag_id")
    def _compute_portrait_tags(self):
        for lead in self:
            items = lead.portrait_id.item_ids
            for name, kind in TAG_FIELDS.items():
                lead[name] = items.filtered_domain([("kind", "=", kind)]).tag_id

    def _search_hobby_tag_ids(self, operator, value):
        return _search_path("portrait_id.hobby_ids.tag_id", operator, value)

    def _search_pain_point_tag_ids(self, operator, value):
        return _search_path("portrait_id.pain_point_ids.tag_id", operator, value)

    def _search_desire_tag_ids(self, operator, value):
        return _search_path("portrait_id.desire_ids.tag_id", operator, value)

    def _read_group_groupby(self, alias, groupby_spec, query):
        # A lead is in the group of each of its services and tags, once.
        if groupby_spec in TAG_FIELDS:
            self._check_field_access(self._fields[groupby_spec], "read")
            key = self._field_to_sql(alias, "portrait_id", query)
            values = SQL(
                "(SELECT DISTINCT portrait_id AS key, tag_id AS value"
                " FROM crm_customer_portrait_item"
                " WHERE kind = %s AND portrait_id IN %s)",
                TAG_FIELDS[groupby_spec],
                query.subselect(key),
                to_flush=self.env["crm.customer.portrait.item"]._fields["tag_id"],
            )
        elif groupby_spec == "service_product_ids":
            key = SQL.identifier(alias, "id")
            values = SQL(
                "(SELECT DISTINCT lead_id AS key, product_id AS value"
                " FROM crm_lead_service WHERE lead_id IN %s)",
                query.subselect(key),
                to_flush=self.env["crm.lead.service"]._fields["product_id"],
            )
        else:
            return super()._read_group_groupby(alias, groupby_spec, query)
        values_alias = query.make_alias(alias, groupby_spec)
        condition = SQL("%s = %s", key, SQL.identifier(values_alias, "key"))
        query.add_join("LEFT JOIN", values_alias, values, condition)
        return SQL.identifier(values_alias, "value")

    @api.depends("partner_id", "match_candidate_ids.active")
    def _compute_is_match_doubtful(self):
        for lead in self:
            # Those that were merged or archived meanwhile are settled.
            lead.is_match_doubtful = lead.match_candidate_ids - lead.partner_id

    @api.depends("phone_key", "phone2_key", "phone3_key")
    def _compute_wrong_phones(self):
        for lead in self:
            lead.wrong_phones = ", ".join(
                lead[name]
                for name in PHONE_FIELDS
                if lead[name] and not is_e164(lead[f"{name}_key"])
            )

    def web_read(self, specification):
        if "proposal_ids" in specification:
            # For the form: all partners and addresses at once, instead of one by one.
            self.fetch(list(specification))
            self.proposal_ids.mapped("new_text")
            leads = self.sudo().with_context(active_test=False)
            partners = leads.partner_id | leads.match_candidate_ids
            partners |= (leads.user_id | leads.creator_id).partner_id
            (partners | leads.company_id.partner_id).mapped("name")
        return super().web_read(specification)

    def write(self, vals):
        before = {lead: lead.partner_id for lead in self if "partner_id" in vals}
        result = super().write(vals)
        for lead, partner in before.items():
            if lead.partner_id != partner:
                lead._follow_customer()
        return result

    def action_open_portrait(self):
        """Open the portrait that the lead came with."""
        return self.portrait_id.get_formview_action()

    def action_add_portrait(self):
        """Open an empty portrait of the lead's customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add a Portrait"),
            "res_model": "crm.customer.portrait",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
                "default_lead_ids": [Command.link(self.id)],
            },
        }

    def action_open_lead_api_requests(self):
        """Open the calls that made the lead, or repeated one of those."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_api.crm_lead_api_request_action"
        )
        return {**action, "domain": [("lead_id", "=", self.id)], "context": {}}

    def _follow_customer(self):
        """What came in with a lead was said by the customer whom staff have now put
        there; it proposes nothing to whom it was taken for."""
        if self.partner_id:
            self.portrait_id.partner_id = self.partner_id
        # sudo: staff may not edit proposals, only decide on them
        self.proposal_ids.sudo().filtered(
            lambda p: p.state == "pending" and p.partner_id != self.partner_id
        ).unlink()

    def action_merge_contacts(self):
        """Open Odoo's own merge with the customer and the others that match."""
        self.ensure_one()
        contacts = self.partner_id | self.match_candidate_ids
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge Contacts"),
            "res_model": "base.partner.merge.automatic.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                "active_model": "res.partner",
                "active_ids": contacts[:3].ids,  # Odoo merges no more at once
            },
        }

    # Odoo asks these two before it copies between lead and contact: to the lead with
    # force_void, to the contact without. A request changes nothing on the contact, and
    # takes from it only what the caller did not say. Later nothing is copied that staff
    # are to decide about: Odoo's form would do so even when it is only closed.

    def _get_partner_email_update(self, force_void=True):
        if self.env.context.get("lead_api_keep_contact"):
            return force_void and not self.email_from
        update = super()._get_partner_email_update(force_void)
        return update and not self._is_proposed(["email"], self.email_from)

    def _get_partner_phone_update(self, force_void=True):
        if self.env.context.get("lead_api_keep_contact"):
            return force_void and not self.phone
        update = super()._get_partner_phone_update(force_void)
        return update and not (
            self._is_proposed(PHONE_FIELDS, self.phone)
            # The contact may have the phone at another place.
            or (self.phone and self.partner_id._has_phone_key(self.phone_key))
        )

    def _is_proposed(self, subjects, value):
        """Say whether the lead proposes, or proposed, the value for its contact."""
        return any(
            proposal.partner_id == self.partner_id
            and proposal.subject in subjects
            and proposal.new_values[proposal.subject] == value
            for proposal in self.sudo().proposal_ids  # sudo: not all may read them
        )

    def _prepare_address_values_from_partner(self, partner):
        values = super()._prepare_address_values_from_partner(partner)
        source = partner if any(partner[name] for name in values) else self
        return {**values, "district_id": source.district_id}

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        values = super()._prepare_customer_values(partner_name, is_company, parent_id)
        values["district_id"] = self.district_id.id
        if not is_company:
            names = (*PHONE_FIELDS, *PERSONAL_FIELDS)
            values |= {name: self[name] for name in names}
        return values

    def _merge_get_fields(self):
        return super()._merge_get_fields() + MERGED_FIELDS

    def _merge_get_fields_specific(self):
        def get_phone(name, leads):
            return leads._get_distinct_phones().get(name, False)

        return {
            **super()._merge_get_fields_specific(),
            **dict.fromkeys(PHONE_FIELDS, get_phone),
            "portrait_id": lambda name, leads: leads.portrait_id.sorted("id")[-1:].id,
            "ticket_ref": lambda name, leads: leads._get_tickets(),
            "district_id": lambda name, leads: leads._get_merged_district().id,
            "match_candidate_ids": lambda name, leads: leads.match_candidate_ids,
        }

    def _merge_data(self, fnames=None):
        data = super()._merge_data(fnames)
        if self[:1].pricelist_id:
            # To write it again would set all prices anew, also those typed in.
            data.pop("pricelist_id", None)
        return data

    def _get_distinct_phones(self):
        """Return the first three different phones of several leads, by field."""
        phones = {}
        for lead in self:
            for name in PHONE_FIELDS:
                phones.setdefault(lead[f"{name}_key"], lead[name])
        phones.pop(False, None)
        return dict(zip(PHONE_FIELDS, phones.values(), strict=False))

    def _get_tickets(self):
        tickets = ", ".join(
            ref for ref in self.sorted("id").mapped("ticket_ref") if ref
        )
        return ", ".join(dict.fromkeys(tickets.split(", ")))

    def _get_merged_district(self):
        """Return the district of the lead whose address Odoo keeps."""
        address = self._merge_get_fields_address()
        source = self.filtered(
            lambda lead: all(lead[name] == value for name, value in address.items())
        )
        return source[:1].district_id

    def _merge_dependences(self, opportunities):
        # A price that was typed in survives, unless it is of another price list.
        services = opportunities.filtered(
            lambda lead: lead.pricelist_id == self.pricelist_id
        ).service_ids
        with self.env.protecting([services._fields["price_unit"]], services):
            opportunities.service_ids.lead_id = self
        # sudo: staff may not edit proposals, only decide on them
        opportunities.proposal_ids.sudo().lead_id = self
        # sudo: the log is the Lead API administrator's
        opportunities.sudo().lead_api_request_ids.lead_id = self
        return super()._merge_dependences(opportunities)

    # ------------------------------------------------------------ lead API

    @api.model
    def _create_from_payload(self, payload):
        """Make a lead, with its customer, services and portrait, from a request.

        :param LeadRequest payload: may have errors, they are reported together with
            those that show only here
        :raise PayloadError: something in the payload is wrong
        :raise AccessError: the user may not create such a lead
        """
        self.check_access("create")
        records = self._find_payload_records(payload)
        company = records["company_id"]
        # The contact is staff's: Odoo would push the lead's phone and e-mail to it.
        self = self.with_company(company).with_context(lead_api_keep_contact=True)
        Partner = self.env["res.partner"]
        match = Partner._match_from_payload(
            payload, records["account_id"].with_env(self.env)
        )
        if match.partner:
            partner = match.partner
            differences = partner._fill_blanks(payload.to_partner_values())
        else:
            partner, differences = Partner._create_from_payload(payload), {}
        portrait = self.env["crm.customer.portrait"]._create_from_payload(
            payload, partner
        )
        lead = self.create(
            {
                **self._prepare_payload_values(payload, records),
                **match.to_lead_values(),
                "partner_id": partner.id,
                "portrait_id": portrait.id,
                # sudo: clients are the Lead API administrator's
                "lead_api_client_id": self.env.user.sudo().lead_api_client_ids[:1].id,
            }
        )
        self.env["crm.lead.proposal"]._create_from_differences(lead, differences)
        # While the context still keeps computed fields from reaching the contact.
        self.env.flush_all()
        return lead

    @api.model
    def _prepare_payload_values(self, payload, records):
        """Return the values of a request's lead, without customer and portrait.

        :param LeadRequest payload: a checked request
        :param dict records: what :meth:`_find_payload_records` found
        """
        agent = self._find_agent(payload.agent_email)
        team, lead_type = self._find_payload_team(agent)
        services = records["crm_line_ids"].with_env(self.env)
        quantities = Counter(payload.crm_line_ids)
        return {
            **payload.to_lead_values(),
            "name": f"{payload.contact_name} - {', '.join(services.mapped('name'))}",
            "type": lead_type,
            "user_id": agent.id,
            "team_id": team.id,
            "service_ids": [
                Command.create(
                    {
                        "sequence": sequence,
                        "product_id": service.id,
                        "quantity": quantities[service.id],
                    }
                )
                for sequence, service in enumerate(services)
            ],
        }

    @api.model
    def _find_agent(self, email):
        """Return the user of the current company with that login or e-mail, if any."""
        known_by = Domain("login", "=ilike", escape_psql(email))
        if normalized := email_normalize(email):
            known_by |= Domain("partner_id.email_normalized", "=", normalized)
        users = self.env["res.users"].search(
            known_by
            & Domain("share", "=", False)
            & Domain("company_ids", "in", self.env.company.ids),
            order="id",
        )
        return (
            users.filtered(lambda user: user.login.lower() == email.lower())[:1]
            or users[:1]
        )

    @api.model
    def _find_payload_team(self, agent):
        """Return (team, type) for a lead of that agent, in the current company.

        The agent's team, else the client's, else the first.

        Staff look for leads where the Leads feature puts them: it is on or off for the
        whole database, and then for each team.
        """
        use_leads = self.env.user.has_group("crm.group_use_lead")
        # sudo: clients are the Lead API administrator's
        default_team = self.env.user.sudo().lead_api_client_ids.team_id.filtered(
            lambda team: team.active and team.company_id <= self.env.company
        )
        teams = self.env["crm.team"].with_context(default_team_id=default_team.id)
        team = teams._get_default_team_id(
            user_id=agent.id,
            domain=[("use_leads" if use_leads else "use_opportunities", "=", True)],
        )
        is_lead = use_leads and (not team or team.use_leads)
        return team, "lead" if is_lead else "opportunity"

    def _get_staff_url(self):
        """Return the address of the lead's form in the CRM app."""
        self.ensure_one()
        action = (
            "crm.crm_lead_all_leads"
            if self.type == "lead"
            else "crm.crm_lead_action_pipeline"
        )
        get_id = self.env["ir.model.data"]._xmlid_to_res_id
        return (
            f"{self.get_base_url()}/web#id={self.id}&model={self._name}&view_type=form"
            f"&action={get_id(action)}&menu_id={get_id('crm.crm_menu_root')}"
        )

    # ------------------------------------------------------------ checking a payload

    @api.model
    def _find_payload_records(self, payload):
        """Return the records that a request names, by attribute.

        Searched with the user's rights, so that what it may not see does not exist.

        :param LeadRequest payload: with or without errors
        :raise PayloadError: with all that is wrong in the payload
        """
        errors = payload.get_errors()
        records = {
            name: self.env[model] for name, model in payload.get_models().items()
        }
        for name, ids in payload.get_references().items():
            model = records[name].with_context(active_test=False)
            found = model.search([("id", "in", ids)])
            usable = found.filtered("active") if "active" in model._fields else found
            for path, record_id in payload.get_reference_paths(name):
                if record_id not in found.ids:
                    errors.append(FieldError(path, "unknown", UNKNOWN))
                elif record_id not in usable.ids:
                    errors.append(FieldError(path, "archived", ARCHIVED))
            # In the caller's order; only once each.
            records[name] = records[name].browse(
                record_id for record_id in dict.fromkeys(ids) if record_id in usable.ids
            )
        errors += self._check_payload_records(payload, records)
        if errors:
            raise PayloadError(payload.sort_errors(errors))
        return records

    @api.model
    def _check_payload_records(self, payload, records):
        """Return an error for each record that does not go with the others.

        :param dict records: by attribute, empty where there is none that can be used
        :rtype: list[FieldError]
        """
        errors = []

        def check(name, wrong, message):
            errors.extend(
                FieldError(path, "mismatch", message)
                for path, record_id in payload.get_reference_paths(name)
                if record_id in wrong.ids
            )

        def differs(name, parent_name, parent_field):
            record, parent = records[name], records[parent_name]
            return record.filtered(lambda r: parent and r[parent_field] != parent)

        check("user_id", records["user_id"].filtered("share"), NOT_INTERNAL)
        check(
            "state_id", differs("state_id", "country_id", "country_id"), NOT_IN_COUNTRY
        )
        check(
            "district_id", differs("district_id", "state_id", "state_id"), NOT_IN_STATE
        )
        check(
            "source_id",
            differs("source_id", "category_source_id", "group_id"),
            NOT_IN_GROUP,
        )
        services = records["crm_line_ids"]
        check("crm_line_ids", services.filtered(lambda s: not s.sale_ok), NOT_SELLABLE)
        if company := records["company_id"]:
            for name in ("account_id", "price_list_id", "crm_line_ids"):
                domain = records[name]._check_company_domain(company)
                wrong = records[name] - records[name].filtered_domain(domain)
                check(name, wrong, NOT_OF_COMPANY)
        return errors


def _search_path(path, operator, value):
    """Search records by what a path of them leads to; those where it leads nowhere are
    found by ``False``."""
    if operator in Domain.NEGATIVE_OPERATORS:
        return NotImplemented  # Odoo negates what the positive one finds
    domain = Domain(path, operator, value)
    if operator == "in" and False in value:
        domain |= ~Domain(path, "any", Domain.TRUE)
    return domain
