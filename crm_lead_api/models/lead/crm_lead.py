# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from copy import deepcopy

from lxml.builder import E
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...schemas.lead import FIELDS
from ...schemas.ticket import find_numbers, find_texts
from ...tools.action import get_list_action
from ...tools.domain import search_path
from ...tools.phone_number import is_e164
from ...tools.social_address import get_zalo_url
from ..access.crm_lead_api_client import MANAGER_GROUP
from .crm_lead_proposal import ADDRESS, ADDRESS_ORDER

# Filled by the lead API alone: they decide which data of the lead a client may read and
# change.
SYSTEM_FIELDS = {
    *("lead_api_client_id", "lead_api_sent", "lead_api_values", "lead_api_tickets")
}
# Changes of these fields may have to be sent to the lead's client
WATCHED_FIELDS = {
    *("active", "probability", "stage_id", "team_id", "user_id", "first_contact_date")
}
COMPANIES = "crm_lead_api.crm_lead_api_group_companies"
# Of fields that merges of leads fill in
OF_MERGES = {"copy": False, "readonly": True, "groups": MANAGER_GROUP}
YES_NO = [("no", "No"), ("yes", "Yes")]
LINK = Markup('<a href="%s" target="_blank" rel="noopener noreferrer">%s</a>')


class CrmLead(models.Model):
    """Hold what staff know of a lead: its origin, tickets, services and next call."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "customer.profile.mixin", "crm.lead.api.test.mixin"]
    _has_texts_of_clients = True

    # Origin of the lead
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
        context={"active_test": False},
        help="The outside systems that sent the leads which were merged into one.",
        **OF_MERGES,
    )
    lead_api_merged_ids = fields.Json(
        "Ids of Merged Leads",
        help="The ids that the leads had which were merged into this one.",
        **OF_MERGES,
    )
    lead_api_known_ids = fields.Json(
        "Accounts and Companies of Merged Leads",
        help="Outside systems may go on sending those of the leads which were merged "
        "into this one.",
        **OF_MERGES,
    )
    lead_api_sent = fields.Json(
        copy=False, help="The attributes that the outside system sent."
    )
    lead_api_values = fields.Json(
        "Values of the Client",
        copy=False,
        help="The values that the outside system last wrote, by field: values that "
        "differ now were changed by staff.",
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

    # Tickets: the numbers that outside systems have for the lead
    ticket_ref = fields.Char(
        "Ticket",
        index="trigram",
        copy=False,
        help="The ticket's number in the system that sent the lead; after a merge the "
        "numbers of all leads, with commas between them.",
    )
    has_text_ticket = fields.Boolean(
        copy=False,
        readonly=True,
        help="A client has sent the ticket, or one of them, as a text.",
    )
    lead_api_tickets = fields.Json(
        "Tickets by Client",
        copy=False,
        help="After a merge: the tickets of each outside system, by the id of its "
        "client.",
    )
    ticket_links = fields.Html(
        "Tickets", compute="_compute_ticket_links", compute_sudo=True
    )

    # State
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

    # Wishes of the customer
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

    # Services and their sum
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
        compute="_compute_services",
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

    # List of the leads that wait for a phone call
    call_name = fields.Char(
        "Customer to Call",
        compute="_compute_call_name",
        help="The contact's name, or else the name of the company or the title.",
    )
    phone_zalo_url = fields.Char(compute="_compute_phone_zalo_url")
    first_service = fields.Char(
        compute="_compute_services",
        help="The first of the services, and the number of further services.",
    )
    untitled_service_ids = fields.Many2many(
        "product.product",
        string="Further Services",
        compute="_compute_services",
        help="The services that are not in the title.",
    )
    call_check = fields.Char(
        "To Check",
        compute="_compute_call_check",
        help="What to ask the customer about: changes that the request proposes, and "
        "other contacts that match.",
    )

    show_empty_fields = fields.Boolean(
        store=False, help="Show the fields without a value, too, to fill them in."
    )

    # Computed like the rest of the address
    district_id = fields.Many2one(
        compute="_compute_partner_address_values", store=True, readonly=False
    )

    # For clients that poll for changed leads
    _write_date_index = models.Index("(write_date, id)")
    _merged_ids_index = models.Index("USING gin (lead_api_merged_ids)")

    @api.depends("ticket_ref", "lead_api_client_id", "lead_api_tickets")
    def _compute_ticket_links(self):
        for lead in self:
            tickets = (lead.ticket_ref or "").split(", ")
            client, clients = lead.lead_api_client_id, {}
            if len(tickets) > 1:  # tickets of merged leads
                merged = lead.lead_api_merged_client_ids
                known = lead._get_tickets_by_client()
                clients = {
                    ticket: own
                    for own in merged
                    for ticket in known.get(str(own.id), ())
                }
                if merged - client:
                    client = client.browse()  # unknown for tickets that staff wrote
            links = [
                LINK % (url, ticket)
                for ticket in tickets
                if (url := clients.get(ticket, client)._get_ticket_url(ticket))
            ]
            lead.ticket_links = Markup(", ").join(links)

    @api.depends(
        *("stage_id.lead_api_state", "stage_id.team_ids", "stage_id.sequence"),
        *("stage_id.fold", "team_id", "won_status", "first_contact_date"),
    )
    def _compute_lead_api_state(self):
        firsts = self.env["crm.stage"]._find_first_stages()
        for lead in self:
            first = firsts.get(lead.team_id.id, firsts[False])
            is_new = lead.stage_id.id in (False, first)
            # The conversion to an opportunity does not count: Odoo also converts leads
            # that it assigns itself.
            state = lead.stage_id.lead_api_state or ("new" if is_new else "qualified")
            if lead.won_status in ("won", "lost"):
                state = lead.won_status
            elif state == "new" and lead.first_contact_date:
                state = "contacted"
            lead.lead_api_state = state

    @api.depends("service_ids.product_id.name", "service_ids.sequence", "name")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_services(self):
        readable = self.service_ids.product_id._filtered_access("read")
        for lead in self:
            services = lead.service_ids.product_id
            lead.service_product_ids = services & readable
            lead.first_service = _shorten(services)
            lead.untitled_service_ids = (services & readable).filtered(
                lambda service, title=lead.name or "": service.name not in title
            )

    def _search_service_product_ids(self, operator, value):
        return search_path("service_ids.product_id", operator, value)

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
            is_typed = lead._has_typed_revenue()
            for name in ("expected_revenue", "service_revenue"):
                lead[name] = lead[name] if is_typed else lead.service_amount

    @api.depends("contact_name", "partner_name", "partner_id.name", "name")
    def _compute_call_name(self):
        for lead in self:
            lead.call_name = (
                lead.contact_name
                or lead.partner_id.name
                or lead.partner_name
                or lead.name
            )

    @api.depends("phone_key")
    def _compute_phone_zalo_url(self):
        for lead in self:
            key = lead.phone_key
            lead.phone_zalo_url = key and is_e164(key) and get_zalo_url(key, key)

    @api.depends("proposal_ids.state", "is_match_doubtful")
    def _compute_call_check(self):
        for lead in self:
            texts = []
            if any(each.state == "pending" for each in lead.proposal_ids):
                texts.append(self.env._("Proposed changes"))
            if lead.is_match_doubtful:
                texts.append(self.env._("Other contacts match"))
            lead.call_check = " · ".join(texts)

    @api.model
    def default_get(self, fields):
        # Nobody's default fills in these fields, neither of the context nor saved.
        hidden = {*SYSTEM_FIELDS, "portrait_id"}
        return super().default_get([name for name in fields if name not in hidden])

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_system_fields(vals)
        leads = super().create(vals_list)
        self._drop_change("id", leads.ids)
        self.env["crm.lead.api.event"]._watch(leads, is_new=True)
        return leads

    def write(self, vals):
        self._check_system_fields(vals)
        if {"user_id", "service_ids"} <= vals.keys() and "company_id" not in vals:
            # Who gives the lead away may not change its services afterwards.
            self.write({"service_ids": vals["service_ids"]})
            vals = {name: vals[name] for name in vals if name != "service_ids"}
        if vals.keys() & WATCHED_FIELDS:
            self.env["crm.lead.api.event"]._watch(self)
        for lead in self if "portrait_id" in vals else ():
            if lead.portrait_id.id != vals["portrait_id"]:
                # sudo: who may change the lead may replace its portrait
                lead.portrait_id.sudo().former_lead_id = lead
        before = {lead: lead.partner_id for lead in self if "partner_id" in vals}
        logged = self._get_logged_fields(vals)
        old = {lead: lead._read_for_write(logged) for lead in self if logged}
        result = super().write(vals)
        if vals.get("first_contact_date"):
            self.env["crm.stage"]._move_after("contact", self)
        for lead, values in old.items():
            lead._log_changes(values)
        for lead, partner in before.items():
            if lead.partner_id != partner:
                lead._update_after_customer_change()
        self._drop_change("id", self.ids)
        return result

    def unlink(self):
        # No foreign key empties the link. sudo: no user may write the log
        self.sudo().lead_api_request_ids.lead_id = False
        return super().unlink()

    @api.model
    def _get_logged_fields(self, names):
        """Return the fields of which the chatter tells, where Odoo itself does not."""
        client = self.env.user._get_lead_api_client()
        if not client or client.is_quiet:
            return []
        fields = {*FIELDS.values(), "service_ids"}
        return sorted((fields & set(names)) - self._track_get_fields())

    def _log_changes(self, old):
        """Tell in the chatter what the client has changed, by the values before."""
        present = self._read_for_write(old)
        new = {name: value for name, value in present.items() if value != old[name]}
        if new:
            self._message_log()._write_bodies(
                lambda lang: self.with_context(lang=lang)._describe_change(old, new)
            )

    def _describe_change(self, old, new):
        """Return the values that a client has changed, old and new, each in a line."""
        client, subjects = self.env.user._get_lead_api_client(), {}
        for name in new:
            subject = ADDRESS if name in ADDRESS_ORDER else name
            subjects.setdefault(subject, []).append(name)
        texts = [self.env._("%s has changed:", client.name)]
        for subject, names in subjects.items():
            change = self.env["crm.lead.proposal"].new(
                {
                    "lead_id": self.id,
                    "subject": subject,
                    "old_values": {name: old[name] for name in names},
                    "new_values": {name: new[name] for name in names},
                }
            )
            before, after = change.old_text or "–", change.new_text or "–"
            texts.append(f"{change._get_detail_name()}: {before} → {after}")
        return Markup("<p>%s</p>") % Markup("<br/>").join(texts)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Hide Odoo's buttons for companies, which an administrator may switch on."""
        arch, view = super()._get_view(view_id, view_type, **options)
        for name, condition in self._get_company_buttons().items():
            for button in arch.findall(f".//button[@name='{name}']"):
                shown = E.t(groups=COMPANIES)
                hidden = E.t(deepcopy(button), groups=f"!{COMPANIES}")
                before = button.get("invisible") or "False"
                hidden[0].set("invisible", f"{condition} or {before}")
                button.addprevious(shown)
                button.addprevious(hidden)
                shown.append(button)
        return arch, view

    @api.model
    def _get_company_buttons(self):
        """Return the names of Odoo's buttons for companies, and the leads that do not
        have them. An addon overrides this method to add buttons."""
        return {"iap_enrich": "lead_api_client_id"}

    def web_read(self, specification):
        doubtful = specification.get("doubtful_partner_ids")
        if doubtful and len(self) == 1:
            # The web client does not know the lead before the lead is read.
            context = {**(doubtful.get("context") or {}), "match_lead_id": self.id}
            doubtful = {**doubtful, "context": context}
            specification = {**specification, "doubtful_partner_ids": doubtful}
        try:
            return super().web_read(specification)
        except AccessError as error:
            # Odoo suggests another company by the same attribute.
            is_saving = self.env.context.get("lead_api_is_saving")
            is_explained = is_saving or getattr(error, "context", None)
            colleague = not is_explained and self._get_colleague_in_charge()
            if not colleague:
                raise
            owner = colleague["owner"]
            refusal = AccessError(
                self.env._("This lead belongs to %s.", owner)
                if owner
                else self.env._("This lead belongs to a colleague.")
            )
            refusal.context = {"lead_of_colleague": colleague}
            raise refusal from error

    def web_save(self, vals, specification, next_id=None):
        """Save the form with Odoo's own errors: the lead is still the user's. Who gives
        the lead to a colleague, and may not read it any more, sees it as it was."""
        leads = self.with_context(lead_api_is_saving=True)
        is_given = self and vals.get("user_id") not in (None, False, self.env.uid)
        if next_id or not is_given:
            return super(CrmLead, leads).web_save(vals, specification, next_id)
        shown = leads.with_context(bin_size=True)  # as Odoo's own
        before = shown.web_read(specification)
        user = self.env["res.users"].browse(vals["user_id"])
        given = self._prepare_given_values(user)
        super(CrmLead, leads).web_save(vals, {})  # reads nothing
        if self.has_access("read"):
            return shown.web_read(specification)
        given = {name: given[name] for name in given.keys() & specification}
        return [{**values, **given} for values in before]

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        is_known = self.first_contact_date or self.env.context.get("lead_api_is_try")
        if not is_known and message._is_contact_with_customer():
            # sudo: a user without the right to write may do an activity
            self.sudo().first_contact_date = message.date
        return result

    def action_open_lead_api_requests(self):
        """Open the requests that made the lead, and their repetitions."""
        return get_list_action(self, "crm_lead_api_request_action", "lead_id")

    def _get_colleague_in_charge(self) -> dict[str, str | bool] | None:
        """Return who works on a lead that the user may not read: the names of
        salesperson, team and team leader, which may be ``False``, nothing about the
        customer; ``None`` if the user is not to know of the lead."""
        user = self.env.user
        if len(self) != 1 or not user.has_group("sales_team.group_sale_salesman"):
            return None
        if self.has_access("read"):
            return None  # what the user may not read is another record
        # sudo: the user may not read the lead; companies limit what the user learns
        lead = self.sudo().exists()
        if not lead or lead.company_id - user.company_ids:
            return None
        leader = lead.team_id.user_id - lead.user_id - user
        return {
            "owner": lead.user_id.name,
            "team": lead.team_id.name,
            "leader": leader.name,
        }

    def _has_typed_revenue(self):
        """Tell whether staff have typed in the expected revenue."""
        self.ensure_one()
        return self.expected_revenue != self.service_revenue

    @api.model
    def _format_title(self, contact_name, services):
        """Return the title of a lead: the customer, the first of the wished services,
        in the environment's language, and the number of further services."""
        return f"{contact_name} – {_shorten(services)}" if services else contact_name

    @api.model
    def _is_made_title(self, title, contact_name, services):
        """Tell whether a title is as a request made it, and not of staff."""
        # Until version 19.0.6.0.0 the title had all services.
        # sudo: see _shorten
        before = f"{contact_name} - {', '.join(services.sudo().mapped('name'))}"
        return title in (self._format_title(contact_name, services), before)

    def _get_ticket_ids(self, client) -> list[int] | list[str]:
        """Return the tickets of a lead, with superuser rights, that a client may know,
        its own first: if leads of several clients were merged, only its own."""
        tickets = self._find_tickets(client)
        known = self._get_tickets_by_client().get(str(client.id), ())
        own = [ticket for ticket in tickets if str(ticket) in known]
        others = [ticket for ticket in tickets if ticket not in own]
        if others and (
            client.reads_all_leads or len(self.lead_api_merged_client_ids) < 2
        ):
            own += others
        return own

    def _find_tickets(self, client):
        if client.has_text_tickets:
            return find_texts(self.ticket_ref)
        return find_numbers(self.ticket_ref, self.has_text_ticket)

    def _get_tickets_by_client(self) -> dict[str, list[str]]:
        """Return a lead's tickets, as texts, by the id of the client, as superuser."""
        client = self.lead_api_client_id
        if self.lead_api_tickets or not client:
            return self.lead_api_tickets or {}
        return {str(client.id): [*map(str, self._find_tickets(client))]}

    def _get_first_ticket(self, client) -> int | str | None:
        """Return the ticket of a lead, with superuser rights, that a client is told."""
        return next(iter(self._get_ticket_ids(client)), None)

    @api.model
    def _check_system_fields(self, vals):
        """Refuse values of fields that only a request, or the superuser, may fill, and
        a portrait that the user may not read: the link would be a right to read it."""
        names = ", ".join(sorted(vals.keys() & SYSTEM_FIELDS))
        portrait = self.env["crm.customer.portrait"].browse(vals.get("portrait_id"))
        if self.env.su or not (names or portrait):
            return
        if self.env.user._get_lead_api_client():
            return
        portrait.check_access("read")
        if names:
            raise AccessError(
                self.env._("Only the lead API fills these fields: %s", names)
            )


def _shorten(services):
    """Return the first service, and the number of the others: ``Khám +2``."""
    if not services:
        return ""
    # sudo: a service may be of the branch from which staff have moved the lead
    name, others = services[0].sudo().name, len(services) - 1
    return f"{name} +{others}" if others else name
