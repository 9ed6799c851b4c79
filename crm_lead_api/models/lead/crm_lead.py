# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...schemas.stored_lead import get_ticket_ids
from ...tools.joint_search import Search, search_together
from ...tools.search_path import search_path
from ..access.crm_lead_api_client import MANAGER_GROUP

# Filled by the lead API alone: they decide which data of the lead a client may read.
SYSTEM_FIELDS = {"lead_api_client_id", "lead_api_sent"}
# Changes of these fields may have to be sent to the lead's client
WATCHED_FIELDS = {
    *("active", "probability", "stage_id", "team_id", "user_id", "first_contact_date"),
}
LINK = Markup('<a href="%s" target="_blank" rel="noopener noreferrer">%s</a>')
YES_NO = [("no", "No"), ("yes", "Yes")]


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "customer.profile.mixin"]

    # Origin of the lead
    ticket_ref = fields.Char(
        "Ticket",
        index="trigram",
        copy=False,
        help="The ticket's number in the system that sent the lead; after a merge the "
        "numbers of all leads, with commas between them.",
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
        copy=False, help="The attributes that the outside system sent."
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
        help="The state of the lead for outside systems.",
    )

    # Services and wishes of the customer
    pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Price List",
        check_company=True,
        help="The prices of the services come from this price list; choosing another "
        "price list sets them anew.",
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
        help="The sum of the services when the expected revenue was last set from it; "
        "an expected revenue that differs was typed in.",
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
        help="The customer got the information by Facebook, or not.",
    )
    send_info_zalo = fields.Selection(
        [
            ("no_acc", "No account"),
            ("not_response", "Sent, no response"),
            ("sent", "Responded"),
        ],
        string="Info by Zalo",
        help="The customer got the information by Zalo and answered, or not.",
    )

    show_empty_fields = fields.Boolean(
        store=False, help="Show the fields without a value, too, to fill them in."
    )

    # For clients that poll for changed leads
    _write_date_index = models.Index("(write_date, id)")

    # Computed like the rest of the address
    district_id = fields.Many2one(
        compute="_compute_partner_address_values", store=True, readonly=False
    )

    @api.depends("ticket_ref", "lead_api_client_id", "lead_api_request_ids.ticket_ref")
    def _compute_ticket_links(self):
        for lead in self:
            tickets = (lead.ticket_ref or "").split(", ")
            client, clients = lead.lead_api_client_id, {}
            if len(tickets) > 1:  # tickets of merged leads
                entries = lead.lead_api_request_ids
                clients = {entry.ticket_ref: entry.client_id for entry in entries}
                if entries.client_id - client:
                    client = client.browse()  # unknown for tickets not in the log
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
            # The conversion to an opportunity does not count: Odoo also converts leads
            # that it assigns itself.
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
        return search_path("service_ids.product_id", operator, value)

    def web_read(self, specification):
        if "proposal_ids" in specification:
            # For the form: all partners and addresses at once, instead of one by one.
            self.fetch(list(specification))
            self.proposal_ids.mapped("new_text")
            # sudo: only fills the cache; Odoo checks the rights to show a record
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

        :raise AccessError: the user has no client, and is not the superuser
        """
        if vals.keys().isdisjoint(SYSTEM_FIELDS) or self.env.su:
            return
        if not self.env.user._get_lead_api_client():
            names = ", ".join(sorted(vals.keys() & SYSTEM_FIELDS))
            raise AccessError(
                self.env._("Only the lead API fills these fields: %s", names)
            )

    def unlink(self):
        # Before the leads, in the order of the follow-up job, to avoid a deadlock.
        # sudo: no user may see pending work
        follow_ups = self.env["crm.lead.api.follow.up"].sudo()
        follow_ups.search([("lead_id", "in", self.ids)]).unlink()
        # No foreign key empties the link. sudo: no user may write the log
        self.sudo().lead_api_request_ids.lead_id = False
        return super().unlink()

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        if not self.first_contact_date and _is_contact(message):
            # sudo: a user without the right to write may do an activity
            self.sudo().first_contact_date = message.date
        return result

    def action_open_lead_api_requests(self):
        """Open the requests that made the lead, and their repetitions."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_api.crm_lead_api_request_action"
        )
        return {**action, "domain": [("lead_id", "=", self.id)], "context": {}}

    def _get_lead_api_state(self):
        """Return the lead's state for clients, which does not depend on stage names.

        :return: ``new``, ``contacted``, ``qualified``, ``won`` or ``lost``
        """
        self.ensure_one()
        return self.lead_api_state

    def _get_ticket_ids(self, client):
        """Return the tickets that a client may know of.

        :param client: ``crm.lead.api.client``; if leads of several clients were merged,
            the result has only the tickets of this client
        :rtype: list[int]
        """
        # sudo: only Lead API administrators may read the log
        lead = self.sudo()
        tickets = get_ticket_ids(self.ticket_ref)
        if client.reads_all_leads or len(lead.lead_api_merged_client_ids) < 2:
            return tickets
        requests = lead.lead_api_request_ids
        own = requests.filtered(lambda request: request.client_id == client)
        return [ticket for ticket in tickets if str(ticket) in own.mapped("ticket_ref")]

    def _get_first_ticket(self):
        """Return the lead's first ticket, without the tickets of merged leads."""
        return (self.ticket_ref or "").split(", ")[0]


def _is_contact(message):
    """Tell whether a message on a lead is a contact of staff with the customer: a
    message to the customer, or an activity."""
    message = message.sudo()  # sudo: the poster may not read all fields used here
    if not message.mail_activity_type_id:
        is_note = message.is_internal or message.subtype_id.internal
        if message.message_type not in ("comment", "email") or is_note:
            return False
    # Odoo's own user is archived, and so not among the users.
    users = message.author_id.user_ids
    return any(not user.share and not user.lead_api_client_ids for user in users)
