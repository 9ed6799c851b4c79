# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import ipaddress
import re
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command, Domain

from ... import schemas
from ...exceptions import FORBIDDEN, AnswerError
from ...schemas.base import extend
from ...schemas.ticket import ATTRIBUTE, take_text_tickets
from ...tools.action import get_action, get_list_action
from ...tools.day import format_moment
from ...tools.domain import count_of, find_last
from ...tools.ip_address import parse_address
from ...tools.token_text import generate_text, get_digest
from ...translate import _lt
from .crm_lead_api_day import FIGURE_DAYS

CLIENT_GROUP = "crm_lead_api.crm_lead_api_group_user"
MANAGER_GROUP = "crm_lead_api.crm_lead_api_group_manager"
DEFAULT_REQUESTS_PER_MINUTE = 120
HINT_LENGTH = 4  # of a token
COMPANY_DOMAIN = "[('company_id', 'in', company_ids + [False])]"
# Attributes that a client may leave out, by the field with the default
DEFAULT_FIELDS = {
    "company_id": "company_id",
    "pricelist_id": "price_list_id",
    "source_group_id": "category_source_id",
    "source_id": "source_id",
    "campaign_id": "campaign_id",
    "country_id": "country_id",
}
TICKET_PLACEHOLDER = "{ticket_id}"
# Without dry runs and requests that were sent again
SENT_REQUESTS = Domain("origin_id", "=", False) & Domain("state", "!=", "dry_run")
OWN_REQUESTS = SENT_REQUESTS & Domain("is_test", "=", False)


class CrmLeadApiClient(models.Model):
    """Configure an outside system that uses the lead API: user, limits, defaults."""

    _name = "crm.lead.api.client"
    _description = "Lead API Client"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"

    name = fields.Char(
        required=True, help="Staff see this user as the creator of the leads."
    )
    active = fields.Boolean(default=True, tracking=True)
    is_paused = fields.Boolean(
        "Requests Paused",
        tracking=True,
        help="All requests of the client are refused (403).",
    )
    owner_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        domain=lambda self: [("all_group_ids", "in", self.env.ref(MANAGER_GROUP).ids)],
        tracking=True,
        help="The user who is told when a token is about to end, or something is "
        "wrong.",
    )
    contact_id = fields.Many2one(
        "res.partner",
        string="Contact Person",
        help="To be asked about the outside system.",
    )

    # Rights
    user_id = fields.Many2one(
        "res.users",
        required=True,
        copy=False,
        domain=lambda self: [
            ("all_group_ids", "in", self.env.ref(CLIENT_GROUP).ids),
            ("lead_api_client_ids", "=", False),
        ],
        help="The client's requests have the rights of this user, who cannot log in. "
        "Leave the field empty to make a new user.",
    )
    company_ids = fields.Many2many(
        "res.company",
        string="Companies",
        compute="_compute_company_ids",
        inverse="_inverse_company_ids",
        compute_sudo=True,
        copy=True,
        default=lambda self: self.env.company,
        help="The companies for which the client may create leads.",
    )
    networks = fields.Text(
        "Allowed Networks",
        tracking=True,
        help="Addresses or networks, IPv4 or IPv6, such as 203.0.113.7 or "
        "2001:db8::/32, one in each line. Leave the field empty to allow all "
        "addresses.",
    )
    requests_per_minute = fields.Integer(
        "Requests per Minute",
        default=DEFAULT_REQUESTS_PER_MINUTE,
        tracking=True,
        help="Further requests are refused (429). 0 sets no limit.",
    )
    replay_content = fields.Boolean(
        "Recognize Repeated Content",
        default=True,
        tracking=True,
        help="A request with the content of a request of the last 24 hours gets the "
        "earlier answer, and makes no second lead, unless each has an Idempotency-Key "
        "of its own.",
    )

    # Codes, attributes, form of errors, rights to read
    takes_own_codes = fields.Boolean(
        "Codes of Its Own",
        tracking=True,
        help="The client may send codes of its own system instead of ids; the list of "
        "codes has their meanings.",
    )
    takes_codes = fields.Boolean(
        "Codes and Names of Odoo",
        tracking=True,
        help="The client may send a code, such as VN, or the exact name of a record "
        "instead of its id.",
    )
    code_ids = fields.One2many("crm.lead.api.code", "client_id", string="Codes")
    attribute_ids = fields.One2many(
        "crm.lead.api.attribute", "client_id", string="Custom Attributes", copy=True
    )
    has_legacy_errors = fields.Boolean(
        "Errors as Before",
        tracking=True,
        help="Wrong attributes are answered with 401, type and message, as by the "
        "predecessors of this API. The log has the errors of this API.",
    )
    reads_all_leads = fields.Boolean(
        tracking=True,
        help="The client may read all leads of its companies, not only the leads that "
        "it made.",
    )
    looks_up_customers = fields.Boolean(
        "Looks Customers Up",
        tracking=True,
        help="The client may look up contacts of its companies by phone, account or "
        "e-mail. Odoo keeps who looked at whom.",
    )
    reads_metrics = fields.Boolean(
        "Reads Figures",
        tracking=True,
        help="The client may read the figures of all clients, as Prometheus does.",
    )

    service_category_id = fields.Many2one(
        "product.category",
        string="Category of Services",
        ondelete="restrict",
        tracking=True,
        help="The client's list of services has the products for sale of this category "
        "and of the categories below it. Without a category the list has the products "
        "for sale of the type Service.",
    )

    # Defaults
    company_id = fields.Many2one("res.company", domain="[('id', 'in', company_ids)]")
    pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Price List",
        domain=COMPANY_DOMAIN,
        ondelete="restrict",
    )
    source_group_id = fields.Many2one("utm.source.group", ondelete="restrict")
    source_id = fields.Many2one(
        "utm.source",
        domain="[('group_id', '=?', source_group_id)]",
        ondelete="restrict",
    )
    campaign_id = fields.Many2one("utm.campaign", ondelete="restrict")
    country_id = fields.Many2one("res.country", ondelete="restrict")
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        domain=COMPANY_DOMAIN,
        help="The team that gets the leads of agents without a team in the company.",
    )

    token_ids = fields.One2many("crm.lead.api.token", "client_id", string="Tokens")

    # Tickets
    has_text_tickets = fields.Boolean(
        "Tickets Are Texts",
        tracking=True,
        help="The client sends tickets as texts of up to 64 characters, such as "
        "TCK-100 or a UUID, and gets them back as texts. Otherwise tickets are "
        "numbers.",
    )
    ticket_url = fields.Char(
        "Ticket Address",
        help="The address of a ticket in the client's system, such as "
        "https://tickets.example.com/{ticket_id}: staff get there from the lead.",
    )

    # Figures
    request_ids = fields.One2many("crm.lead.api.request", "client_id")
    call_count = fields.Integer(
        "Requests",
        compute="_compute_figures",
        help="Of the last 30 days, without tests.",
    )
    test_count = fields.Integer("Tests", compute="_compute_figures")
    refused_rate = fields.Float("Refused", compute="_compute_figures")
    last_call_date = fields.Datetime("Last Request", compute="_compute_figures")
    last_error = fields.Char(compute="_compute_figures")
    used_token_warning = fields.Char(compute="_compute_token_warnings")
    refused_token_warning = fields.Char(compute="_compute_token_warnings")
    unknown_code_count = fields.Integer(compute="_compute_unknown_code_count")

    _user_unique = models.Constraint(
        "UNIQUE(user_id)", "This user already belongs to another client."
    )
    _requests_per_minute_positive = models.Constraint(
        "CHECK(requests_per_minute >= 0)",
        "The requests per minute cannot be less than 0.",
    )

    @api.depends("user_id.company_ids")
    def _compute_company_ids(self):
        for client in self:
            client.company_ids = client.user_id.company_ids

    def _inverse_company_ids(self):
        for client in self:
            companies = client.company_ids
            client._check_own_companies(companies)
            # sudo: a Lead API administrator may not change other users' rights
            user = client.user_id.sudo()
            values = {"company_ids": [Command.set(companies.ids)]}
            if user.company_id not in companies:
                values["company_id"] = companies[:1].id
            user.write(values)

    @api.depends_context("lang")
    def _compute_figures(self):
        days = self.env["crm.lead.api.day"]
        requests = self.env["crm.lead.api.request"]
        is_refused = Domain("status", ">=", HTTPStatus.BAD_REQUEST)
        past = Domain("date", ">=", days._get_oldest())
        new = Domain("date", ">=", days._get_next()) & OWN_REQUESTS
        past_calls = count_of(days, self, "client_id", past, "calls:sum")
        past_refused = count_of(days, self, "client_id", past, "refused:sum")
        new_calls = count_of(requests, self, "client_id", new)
        new_refused = count_of(requests, self, "client_id", new & is_refused)
        is_test = SENT_REQUESTS & Domain("is_test", "=", True)
        tests = count_of(requests, self, "client_id", past & is_test)
        since = fields.Datetime.now() - timedelta(days=FIGURE_DAYS)
        recent = Domain("date", ">=", since) & OWN_REQUESTS
        last = find_last(requests, "client_id", self, recent)
        last_refused = find_last(requests, "client_id", self, recent & is_refused)
        for client in self:
            client.call_count = past_calls[client] + new_calls[client]
            client.test_count = tests[client]
            refused = past_refused[client] + new_refused[client]
            client.refused_rate = refused / (client.call_count or 1)
            client.last_call_date = last[client].date
            client.last_error = last_refused[client]._get_summary()

    @api.depends("token_ids.state", "token_ids.refused_date")
    @api.depends_context("lang")
    def _compute_token_warnings(self):
        for client in self:
            tokens = client.token_ids.filtered("is_used_though_replaced")
            client.used_token_warning = ", ".join(tokens.mapped("display_name"))
            client.refused_token_warning = "; ".join(
                f"{token.display_name}, {format_moment(self.env, token.refused_date)}"
                for token in client.token_ids
                if token._is_used_though_ended()
            )

    @api.depends("code_ids.res_id")
    def _compute_unknown_code_count(self):
        codes = self.env["crm.lead.api.code"]
        is_unknown = Domain("is_mapped", "=", False)
        for client, count in count_of(codes, self, "client_id", is_unknown).items():
            client.unknown_code_count = count

    @api.constrains("networks")
    def _check_networks(self):
        for client in self:
            for text in client._split_networks():
                try:
                    ipaddress.ip_network(text, strict=False)
                except ValueError as error:
                    raise ValidationError(
                        self.env._(
                            "“%(text)s” is no network: write an address such as "
                            "203.0.113.7, or a network such as 203.0.113.0/24.",
                            text=text,
                        )
                    ) from error

    @api.constrains("source_id", "source_group_id")
    def _check_source(self):
        for client in self.filtered("source_group_id"):
            if client.source_id and client.source_id.group_id != client.source_group_id:
                raise ValidationError(
                    self.env._("Choose a source of the source group.")
                )

    @api.constrains("company_ids", "company_id", "pricelist_id", "team_id")
    def _check_companies_of_defaults(self):
        for client in self:
            used = client.company_id
            used |= client.pricelist_id.company_id | client.team_id.company_id
            if used - client.company_ids:
                raise ValidationError(
                    self.env._(
                        "A default of the client belongs to a company that the client "
                        "does not have."
                    )
                )

    @api.constrains("owner_id")
    def _check_owner(self):
        for client in self:
            # sudo: a Lead API administrator may not read other users' groups
            if not client.owner_id.sudo().has_group(MANAGER_GROUP):
                raise ValidationError(
                    self.env._(
                        "The owner must be an administrator of the lead API, to be "
                        "able to do something."
                    )
                )

    @api.constrains("user_id")
    def _check_user(self):
        for client in self:
            # sudo: a Lead API administrator may not read other users' groups
            if not client.user_id.sudo().has_group(CLIENT_GROUP):
                raise ValidationError(
                    self.env._("Choose a user of the group Lead API / Client.")
                )

    @api.constrains("ticket_url")
    def _check_ticket_url(self):
        for client in self.filtered("ticket_url"):
            is_web = re.match(r"https?://[^/]", client.ticket_url)
            if not is_web or TICKET_PLACEHOLDER not in client.ticket_url:
                raise ValidationError(
                    self.env._(
                        "Write the ticket address with https:// in front, and "
                        "%(placeholder)s where the ticket's number belongs.",
                        placeholder=TICKET_PLACEHOLDER,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("user_id"):
                # sudo: a Lead API administrator may not read other users' rights
                user = self.env["res.users"].sudo().browse(vals["user_id"])
                self._check_own_companies(user.company_ids)
                vals.setdefault("company_ids", [Command.set(user.company_ids.ids)])
            else:
                vals["user_id"] = self._create_user(vals).id
        return super().create(vals_list)

    def write(self, vals):
        if "user_id" in vals and self.user_id.ids not in ([], [vals["user_id"]]):
            raise ValidationError(
                self.env._("A client keeps its user: make another client instead.")
            )
        result = super().write(vals)
        if "name" in vals:
            # sudo: a Lead API administrator may not change users
            self.user_id.sudo().name = vals["name"]
        return result

    def action_new_token(self):
        context = {"default_client_id": self.id}
        return get_action(self.env, "crm_lead_api_token_wizard_action", context=context)

    def action_new_test_token(self):
        """Open the dialog that creates a token, for a token for tests."""
        action = self.action_new_token()
        test = {"default_is_test": True, "default_name": self.env._("Test")}
        return {**action, "context": {**action["context"], **test}}

    def action_open_requests(self):
        is_live = not self.test_count or bool(self.call_count)  # else tests, too
        shown = {"search_default_counted": is_live, "search_default_real": not is_live}
        return get_list_action(
            self, "crm_lead_api_request_action", "client_id", **shown
        )

    def action_open_documentation(self):
        return {"type": "ir.actions.act_url", "url": "/api/v1/docs", "target": "new"}

    def action_open_codes(self):
        action = "crm_lead_api_code_action"
        return get_list_action(self, action, "client_id", default_client_id=self.id)

    # ------------------------------------------------------------ tokens

    def _generate_token(self, name, expiration_date, is_test=False) -> str:
        """Create a token that ends at a naive UTC datetime, and return its text."""
        self.ensure_one()
        self.check_access("write")
        text = generate_text(is_test)
        # sudo: no user may create tokens in any other way
        token = self.env["crm.lead.api.token"].sudo()
        token = token.create(
            {
                "client_id": self.id,
                "name": name,
                "hint": f"…{text[-HINT_LENGTH:]}",
                "digest": get_digest(text),
                "expiration_date": expiration_date,
                "is_test": is_test,
            }
        )
        self.message_post(
            body=self.env._("New token: %(token)s", token=token.display_name)
        )
        return text

    # ------------------------------------------------------------ requests

    def _check_request(self, address):
        """Refuse (403) requests of a paused client, or from outside its networks."""
        if self.is_paused:
            raise AnswerError(
                *FORBIDDEN,
                _lt("An administrator of Odoo has paused this client: ask there."),
            )
        networks = [
            ipaddress.ip_network(text, strict=False) for text in self._split_networks()
        ]
        parsed = parse_address(address)
        if networks and not (parsed and any(parsed in net for net in networks)):
            raise AnswerError(
                *FORBIDDEN,
                _lt(
                    "This client may not send requests from %(address)s.",
                    address=address,
                ),
            )

    def _split_networks(self):
        return re.findall(r"[^\s,;]+", self.networks or "")

    # ------------------------------------------------------------ user

    def _create_user(self, vals):
        """Create a user that can only use the lead API: it has no password."""
        client = self.new(vals)
        companies = client.company_ids._origin or self.env.company
        # sudo: the new user has the rights of a client, and no others
        users = self.env["res.users"].sudo().with_context(no_reset_password=True)
        return users.create(
            {
                "name": client.name,
                "login": self._get_free_login(client.name),
                "group_ids": [Command.set(self.env.ref(CLIENT_GROUP).ids)],
                "company_id": (client.company_id or companies[:1]).id,
                "company_ids": [Command.set(companies.ids)],
            }
        )

    @api.model
    def _check_own_companies(self, companies):
        """Check that the current user belongs to all companies of a client."""
        if not companies:
            raise ValidationError(self.env._("A client needs a company."))
        if not self.env.su and companies - self.env.user.company_ids:
            raise AccessError(
                self.env._("Choose companies that you belong to yourself.")
            )

    @api.model
    def _get_free_login(self, name):
        slug = self.env["ir.http"]._slugify(name or "") or "client"
        # sudo: a Lead API administrator may not see all logins
        users = self.env["res.users"].sudo().with_context(active_test=False)
        login, number = f"lead-api-{slug}", 1
        while users.search_count([("login", "=", login)], limit=1):
            number += 1
            login = f"lead-api-{slug}-{number}"
        return login

    # ------------------------------------------------------------ payloads

    def _get_schema(self, schema=schemas.LeadRequest):
        """Extend a route's schema with the client's custom attributes, let it take text
        tickets if the client sends texts, and give customers the parts, and clients the
        rights, of all installed addons.

        An addon that accepts further attributes overrides this method: see
        ``docs/developers.rst``. The value of an attribute with a ``field`` is written
        to that field of ``crm.lead``, and read from there, unchanged. For other
        attributes override ``crm.lead._prepare_payload_values`` and
        ``crm.lead._get_custom_values``; for checks in the database,
        ``crm.lead._check_payload_records``.

        :param schema: of a route, of a customer or of rights: a class of ``schemas``
        :return: a subclass of the schema, or the schema itself
        """
        if issubclass(schema, schemas.CustomersQuery):
            return schema.with_words(self._get_schema(schemas.Customer).get_parts())
        if issubclass(schema, schemas.CustomersResponse):
            return schema.with_data(customers=list[self._get_schema(schemas.Customer)])
        if issubclass(schema, schemas.MeResponse):
            return schema.with_data(rights=self._get_schema(schemas.Rights))
        if issubclass(schema, schemas.Customer):
            models = self.env["crm.lead.api.record.mixin"]._get_record_models()
            for model in reversed(models):  # as in released documents
                if model._customer_schema:
                    schema = extend(schema, model._customer_schema)
        # sudo: only administrators may read clients, but a client may know how its own
        # tickets are read
        if ATTRIBUTE in schema.model_fields and self.sudo().has_text_tickets:
            schema = take_text_tickets(schema)
        if issubclass(schema, schemas.LeadRequest):
            # sudo: as above, for attributes
            schema = self.sudo().attribute_ids._add_to_schema(schema)
        return schema

    def _get_defaults(self):
        """Return the client's default records, by attribute of a lead."""
        return {
            attribute: self[name]
            for name, attribute in DEFAULT_FIELDS.items()
            if self[name]
        }

    def _parse(self, schema, data, unknown_codes=None):
        """Parse a payload, by :meth:`_parse_all` if the schema takes codes."""
        if not schema.takes_codes:
            return schema.parse(data)
        [payload] = self._parse_all(schema, [data], unknown_codes)
        return payload

    def _parse_all(self, schema, payloads, unknown_codes=None, lead=None):
        """Parse payloads, with the client's defaults for missing attributes, to
        instances of the schema, with or without errors.

        :param unknown_codes: set; ``(attribute, code)`` of unknown codes is added to it
        :param lead: that the payloads change
        """
        payloads = [
            {name: value for name, value in data.items() if schema.is_sent(value)}
            for data in payloads
        ]
        unknown = set() if unknown_codes is None else unknown_codes
        defaults = {}
        if schema.takes_defaults:
            defaults = {name: each.id for name, each in self._get_defaults().items()}
        max_items = self.env["ir.config_parameter"]._get_lead_api_int("max_items")
        codes = self.env["crm.lead.api.code"]
        resolvers = codes._get_resolvers(self, payloads, unknown, lead)
        return [
            schema.parse(data, max_items, resolve, defaults)
            for data, resolve in zip(payloads, resolvers, strict=True)
        ]

    def _get_phone_country(self):
        """Return the country of the national phone numbers that the client sends."""
        # sudo: the country of its company is no secret of the client's
        return self.country_id or self.env.company.sudo().country_id

    def _get_ticket_url(self, ticket_ref):
        """Return the address of a ticket in the client's system, or ``""``."""
        # sudo: not all users may read clients, but the ticket address is no secret
        template = self.sudo().ticket_url
        if not (template and ticket_ref):
            return ""
        return template.replace(TICKET_PLACEHOLDER, quote(ticket_ref, safe=""))
