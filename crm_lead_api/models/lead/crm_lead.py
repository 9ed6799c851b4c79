# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...schemas.stored_lead import get_ticket_ids
from ...tools.follow_up import get_follow_ups
from ...tools.joint_search import Search, search_together
from ...tools.phone_number import is_e164
from ..access.crm_lead_api_client import MANAGER_GROUP
from .crm_customer_portrait_tag import KINDS
from .customer_profile_mixin import PERSONAL_FIELDS, PHONE_FIELDS

# The lead API alone fills them: they decide who is told of the lead.
SYSTEM_FIELDS = {"lead_api_client_id", "lead_api_sent"}
# What its client may have to be told of
WATCHED_FIELDS = {
    *("active", "probability", "stage_id", "team_id", "user_id", "first_contact_date"),
}
TAG_FIELDS = {f"{kind}_tag_ids": kind for kind, _label in KINDS}
PORTRAIT_GROUPS = "sales_team.group_sale_salesman"
LINK = Markup('<a href="%s" target="_blank" rel="noopener noreferrer">%s</a>')
YES_NO = [("no", "No"), ("yes", "Yes")]


def _tags(label, kind):
    def search(self, operator, value):
        return _search_path(f"portrait_id.{kind}_ids.tag_id", operator, value)

    return fields.Many2many(
        "crm.customer.portrait.tag",
        string=label,
        compute="_compute_portrait_tags",
        search=search,
        groups=PORTRAIT_GROUPS,
    )


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
    lead_api_merged_client_ids = fields.Many2many(
        "crm.lead.api.client",
        "crm_lead_merged_client_rel",
        string="Clients of Merged Leads",
        copy=False,
        readonly=True,
        groups=MANAGER_GROUP,
        help="The outside systems that sent the leads which were merged into one.",
    )
    lead_api_sent = fields.Json(
        copy=False, help="Which attributes the outside system sent."
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

    first_contact_date = fields.Datetime(
        "First Contact",
        copy=False,
        readonly=True,
        help="When staff first wrote to the customer, or did an activity.",
    )

    lead_api_state = fields.Char(
        compute="_compute_lead_api_state",
        compute_sudo=True,
        help="The state of the lead as outside systems are told of it.",
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
    hobby_tag_ids = _tags("Hobbies", "hobby")
    pain_point_tag_ids = _tags("Pain Points", "pain_point")
    desire_tag_ids = _tags("Desires", "desire")
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

    # For callers that follow what changes
    _write_date_index = models.Index("(write_date, id)")

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

    @api.depends(
        *("stage_id.lead_api_state", "stage_id.team_ids", "stage_id.sequence"),
        *("team_id", "won_status", "first_contact_date"),
    )
    def _compute_lead_api_state(self):
        states = self.env["crm.stage"]._get_lead_api_states(self)
        for lead in self:
            # Not by the conversion to an opportunity: Odoo converts what it assigns
            # itself.
            state = states[lead]
            if lead.won_status in ("won", "lost"):
                state = lead.won_status
            elif state == "new" and lead.first_contact_date:
                state = "contacted"
            lead.lead_api_state = state

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
            for name, kind in TAG_FIELDS.items():
                lead[name] = lead.portrait_id[f"{kind}_ids"].tag_id

    def _read_group_groupby(self, alias, groupby_spec, query):
        """A lead is in the group of each of its services and tags, once."""
        if groupby_spec in TAG_FIELDS:
            lines = self.env["crm.customer.portrait.item"]
            parent, value, kind = "portrait_id", "tag_id", TAG_FIELDS[groupby_spec]
            key = self._field_to_sql(alias, parent, query)
        elif groupby_spec == "service_product_ids":
            lines = self.env["crm.lead.service"]
            parent, value, kind = "lead_id", "product_id", None
            key = SQL.identifier(alias, "id")
        else:
            return super()._read_group_groupby(alias, groupby_spec, query)
        self._check_field_access(self._fields[groupby_spec], "read")
        values = SQL(
            "(SELECT DISTINCT %s AS key, %s AS value FROM %s WHERE %s IN %s%s)",
            SQL.identifier(parent),
            SQL.identifier(value, to_flush=lines._fields[value]),
            SQL.identifier(lines._table),
            SQL.identifier(parent),
            query.subselect(key),
            SQL(" AND kind = %s", kind) if kind else SQL(),
        )
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
            # sudo: it is read for the cache; what of it is shown is Odoo's to check
            leads = self.sudo().with_context(active_test=False)
            partners = leads.partner_id | leads.match_candidate_ids
            partners |= (leads.user_id | leads.creator_id).partner_id
            (partners | leads.company_id.partner_id).mapped("name")
            named = {
                "lead_api_client_id": ("name", "active", "ticket_url"),
                "pricelist_id": ("name", "active", "currency_id", "company_id"),
                "source_group_id": ("name", "active"),
            }
            search_together(
                {
                    name: Search(records, Domain("id", "in", records.ids), names)
                    for name, names in named.items()
                    for records in (leads[name],)
                }
            )
        return super().web_read(specification)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_system_fields(vals)
        leads = super().create(vals_list)
        self.env["crm.lead.api.event"]._watch(leads, is_new=True)
        return leads

    def write(self, vals):
        self._check_system_fields(vals)
        if vals.keys() & WATCHED_FIELDS:
            self.env["crm.lead.api.event"]._watch(self)
        before = {lead: lead.partner_id for lead in self if "partner_id" in vals}
        result = super().write(vals)
        for lead, partner in before.items():
            if lead.partner_id != partner:
                lead._follow_customer()
        return result

    @api.model
    def _check_system_fields(self, vals):
        """Refuse values of fields that only a request may fill.

        :raise AccessError: the user is neither a client's nor the superuser
        """
        if vals.keys().isdisjoint(SYSTEM_FIELDS) or self.env.su:
            return
        if not self.env.user._get_lead_api_client():
            names = ", ".join(sorted(vals.keys() & SYSTEM_FIELDS))
            raise AccessError(
                self.env._("Only the lead API fills these fields: %s", names)
            )

    def unlink(self):
        # First, in the order of the follow-up, or one would wait for the other.
        # sudo: pending work is nobody's to see
        follow_ups = self.env["crm.lead.api.follow.up"].sudo()
        follow_ups.search([("lead_id", "in", self.ids)]).unlink()
        # No foreign key empties the link. sudo: the log is the administrator's
        self.sudo().lead_api_request_ids.lead_id = False
        return super().unlink()

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        if not self.first_contact_date and _is_contact(message):
            # sudo: who does an activity need not be allowed to write
            self.sudo().first_contact_date = message.date
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

    def _get_lead_api_state(self):
        """Return what outside systems are told of the lead, in words that stay the
        same whatever its stages are called.

        :return: ``new``, ``contacted``, ``qualified``, ``won`` or ``lost``
        """
        self.ensure_one()
        return self.lead_api_state

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
        if get_follow_ups():
            return force_void and not self.email_from
        update = super()._get_partner_email_update(force_void)
        return update and not self._is_proposed(["email"], self.email_from)

    def _get_partner_phone_update(self, force_void=True):
        if get_follow_ups():
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

    def _get_ticket_ids(self, client):
        """Return the tickets that a client may know of.

        :param client: ``crm.lead.api.client``; of leads of several clients that were
            merged, only its own
        :rtype: list[int]
        """
        # sudo: the log is the Lead API administrator's
        lead = self.sudo()
        tickets = get_ticket_ids(self.ticket_ref)
        if client.reads_all_leads or len(lead.lead_api_merged_client_ids) < 2:
            return tickets
        requests = lead.lead_api_request_ids
        own = requests.filtered(lambda request: request.client_id == client)
        return [ticket for ticket in tickets if str(ticket) in own.mapped("ticket_ref")]

    def _get_first_ticket(self):
        """Return the ticket that the lead came with, whatever was merged into it."""
        return (self.ticket_ref or "").split(", ")[0]


def _is_contact(message):
    """Say whether with a message on a lead staff have spoken to the customer: wrote to
    him, or did an activity."""
    message = message.sudo()  # sudo: what matters here is not for the poster to see
    if not message.mail_activity_type_id:
        is_note = message.is_internal or message.subtype_id.internal
        if message.message_type not in ("comment", "email") or is_note:
            return False
    # Odoo's own user is archived, and not among them.
    users = message.author_id.user_ids
    return any(not user.share and not user.lead_api_client_ids for user in users)


def _search_path(path, operator, value):
    """Search records by what a path of them leads to; those where it leads nowhere are
    found by ``False``."""
    if operator in Domain.NEGATIVE_OPERATORS:
        return NotImplemented  # Odoo negates what the positive one finds
    domain = Domain(path, operator, value)
    if operator == "in" and False in value:
        domain |= ~Domain(path, "any", Domain.TRUE)
    return domain
