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
from odoo.tools import LazyTranslate

from ...exceptions import ClientRefusedError
from ...schemas import LeadRequest
from ...schemas.value import is_sent
from ...tools.ip_address import parse_address
from ...tools.token_text import generate_text

_lt = LazyTranslate(__name__, default_lang="en_US")

CALLER_GROUP = "crm_lead_api.crm_lead_api_group_user"
MANAGER_GROUP = "crm_lead_api.crm_lead_api_group_manager"
DEFAULT_REQUESTS_PER_MINUTE = 120
FIGURE_DAYS = 30
# Neither what an administrator sent again, nor what was only tried
OWN_CALLS = Domain("sender_id", "=", False) & Domain("state", "!=", "dry_run")
COMPANY_DOMAIN = "[('company_id', 'in', company_ids + [False])]"
TICKET_PLACEHOLDER = "{ticket_id}"

# Attributes that a client may leave out, by the field that has their default
DEFAULT_FIELDS = {
    "company_id": "company_id",
    "pricelist_id": "price_list_id",
    "source_group_id": "category_source_id",
    "source_id": "source_id",
    "campaign_id": "campaign_id",
    "country_id": "country_id",
}


class CrmLeadApiClient(models.Model):
    """An outside system that calls the lead API: as whom, from where, how often, and
    what it may leave out."""

    _name = "crm.lead.api.client"
    _description = "Lead API Client"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"

    name = fields.Char(
        required=True, help="Staff see it as the one who created the leads."
    )
    active = fields.Boolean(default=True, tracking=True)
    is_paused = fields.Boolean(
        "Paused", tracking=True, help="All calls of the client are refused (403)."
    )
    owner_id = fields.Many2one(
        "res.users",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
        domain=lambda self: [("all_group_ids", "in", self.env.ref(MANAGER_GROUP).ids)],
        tracking=True,
        help="Is told when a token is about to end, or something is wrong.",
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
        ondelete="restrict",
        copy=False,
        domain=lambda self: [
            ("all_group_ids", "in", self.env.ref(CALLER_GROUP).ids),
            ("lead_api_client_ids", "=", False),
        ],
        help="Its calls have the rights of this user, who cannot log in. Leave it "
        "empty to make a new one.",
    )
    company_ids = fields.Many2many(
        "res.company",
        string="Companies",
        compute="_compute_company_ids",
        inverse="_inverse_company_ids",
        compute_sudo=True,
        default=lambda self: self.env.company,
        help="The companies for which it may create leads.",
    )
    networks = fields.Text(
        "Allowed Networks",
        tracking=True,
        help="Addresses or networks, IPv4 or IPv6, such as 203.0.113.7 or "
        "2001:db8::/32, one in each line. Leave it empty to allow all.",
    )
    requests_per_minute = fields.Integer(
        "Requests per Minute",
        default=DEFAULT_REQUESTS_PER_MINUTE,
        tracking=True,
        help="More are refused (429). 0 sets no limit.",
    )
    replay_content = fields.Boolean(
        "Recognize Repeated Content",
        default=True,
        tracking=True,
        help="A call without an Idempotency-Key that has the same content as one of "
        "the last 24 hours gets that one's answer, and makes no second lead.",
    )

    # What it may send
    takes_own_codes = fields.Boolean(
        "Codes of Its Own",
        tracking=True,
        help="It may send the codes of its own system instead of ids; what they mean "
        "stands in the list of codes.",
    )
    takes_codes = fields.Boolean(
        "Codes and Names of Odoo",
        tracking=True,
        help="It may send a code, such as VN, or the exact name of a record instead of "
        "its id.",
    )
    code_ids = fields.One2many("crm.lead.api.code", "client_id", string="Codes")
    unknown_code_count = fields.Integer(compute="_compute_unknown_code_count")
    attribute_ids = fields.One2many(
        "crm.lead.api.attribute", "client_id", string="Custom Attributes"
    )
    has_legacy_errors = fields.Boolean(
        "Errors as Before",
        tracking=True,
        help="Wrong attributes are answered with 401, type and message, as the "
        "predecessors of this API did. The log has the errors of this one.",
    )
    reads_all_leads = fields.Boolean(
        tracking=True,
        help="It may read all leads of its companies, not only those that it made.",
    )
    reads_metrics = fields.Boolean(
        "Reads Figures",
        tracking=True,
        help="It may read the figures of all clients, as Prometheus does.",
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
        help="Gets the leads of agents who are in no team of the company.",
    )

    # Way back
    ticket_url = fields.Char(
        "Ticket Address",
        help="The address of a ticket in the client's system, such as "
        "https://tickets.example.com/{ticket_id}: staff get there from the lead.",
    )

    token_ids = fields.One2many("crm.lead.api.token", "client_id", string="Tokens")

    # Figures of the last days
    request_ids = fields.One2many("crm.lead.api.request", "client_id")
    call_count = fields.Integer("Calls", compute="_compute_figures")
    refused_rate = fields.Float("Refused", compute="_compute_figures")
    last_call_date = fields.Datetime("Last Call", compute="_compute_figures")
    last_error = fields.Char(compute="_compute_figures")
    used_token_warning = fields.Char(compute="_compute_used_token_warning")

    _user_unique = models.Constraint(
        "UNIQUE(user_id)", "This user is that of another client already."
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
            client._check_own_companies(client.company_ids)
            # sudo: the rights of other users are not the Lead API administrator's
            client.user_id.sudo().write(self._prepare_company_values(client))

    def _compute_figures(self):
        since = fields.Datetime.now() - timedelta(days=FIGURE_DAYS)
        requests = self.env["crm.lead.api.request"]
        recent = (
            Domain("client_id", "in", self.ids)
            & Domain("date", ">=", since)
            & OWN_CALLS
        )
        failed = recent & Domain("status", ">=", HTTPStatus.BAD_REQUEST)
        calls = {
            client: figures
            for client, *figures in requests._read_group(
                recent, ["client_id"], ["__count", "date:max"]
            )
        }
        failures = {
            client: figures
            for client, *figures in requests._read_group(
                failed, ["client_id"], ["__count", "id:max"]
            )
        }
        for client in self:
            count, last_date = calls.get(client, (0, False))
            failed_count, failed_id = failures.get(client, (0, False))
            client.call_count = count
            client.refused_rate = failed_count / count if count else 0
            client.last_call_date = last_date
            client.last_error = requests.browse(failed_id)._get_summary()

    @api.depends("token_ids.state")
    def _compute_used_token_warning(self):
        for client in self:
            tokens = client.token_ids.filtered("is_used_though_replaced")
            client.used_token_warning = ", ".join(tokens.mapped("display_name"))

    @api.depends("code_ids.res_id")
    def _compute_unknown_code_count(self):
        counts = dict(
            self.env["crm.lead.api.code"]._read_group(
                Domain("client_id", "in", self.ids) & Domain("is_mapped", "=", False),
                ["client_id"],
                ["__count"],
            )
        )
        for client in self:
            client.unknown_code_count = counts.get(client, 0)

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
                        "The client has a default of a company that is none of its "
                        "companies."
                    )
                )

    @api.constrains("owner_id")
    def _check_owner(self):
        for client in self:
            # sudo: the groups of other users are not the Lead API administrator's
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
            # sudo: the groups of other users are not the Lead API administrator's
            if not client.user_id.sudo().has_group(CALLER_GROUP):
                raise ValidationError(
                    self.env._("Choose a user of the group Lead API / Caller.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("user_id"):
                # sudo: the rights of other users are not the administrator's to see
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
            # sudo: users are not the Lead API administrator's to change
            self.user_id.sudo().name = vals["name"]
        return result

    def _create_user(self, vals):
        """Make a user that can do nothing but call: it has no password.

        :param dict vals: of the client that is being made
        :rtype: res.users
        """
        client = self.new(vals)
        companies = client.company_ids._origin or self.env.company
        # sudo: it has the rights of a caller, and no others
        users = self.env["res.users"].sudo().with_context(no_reset_password=True)
        return users.create(
            {
                "name": client.name,
                "login": self._get_free_login(client.name),
                "group_ids": [Command.set(self.env.ref(CALLER_GROUP).ids)],
                "company_id": (client.company_id or companies[:1]).id,
                "company_ids": [Command.set(companies.ids)],
            }
        )

    @api.model
    def _prepare_company_values(self, client):
        """Return the values of the client's user for the client's companies."""
        companies, user = client.company_ids, client.user_id.sudo()
        values = {"company_ids": [Command.set(companies.ids)]}
        if user.company_id not in companies:
            values["company_id"] = companies[:1].id
        return values

    @api.model
    def _check_own_companies(self, companies):
        """Nobody gives a client rights in companies that he has none in."""
        if not companies:
            raise ValidationError(self.env._("A client needs a company."))
        if not self.env.su and companies - self.env.user.company_ids:
            raise AccessError(
                self.env._("Choose companies that you belong to yourself.")
            )

    @api.model
    def _get_free_login(self, name):
        slug = self.env["ir.http"]._slugify(name or "") or "client"
        # sudo: which logins there are is not the Lead API administrator's to see
        users = self.env["res.users"].sudo().with_context(active_test=False)
        login, number = f"lead-api-{slug}", 1
        while users.search_count([("login", "=", login)], limit=1):
            number += 1
            login = f"lead-api-{slug}-{number}"
        return login

    # ------------------------------------------------------------ tokens

    def _generate_token(self, name, expiration_date):
        """Make a token for the client.

        :param str name: what it is for, shown in the list of tokens
        :param expiration_date: naive UTC datetime
        :return: the token, which cannot be read again
        :rtype: str
        """
        self.ensure_one()
        self.check_access("write")
        text = generate_text()
        # sudo: there is no other way to make a token
        token = self.env["crm.lead.api.token"].sudo()
        token._create_from_text(text, self, name, expiration_date)
        return text

    def action_new_token(self):
        """Open the dialog that makes a token."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_api.crm_lead_api_token_wizard_action"
        )
        return {**action, "context": {"default_client_id": self.id}}

    def action_open_requests(self):
        """Open the client's calls."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_api.crm_lead_api_request_action"
        )
        return {**action, "domain": [("client_id", "=", self.id)], "context": {}}

    def action_open_documentation(self):
        """Open what integrators need to know."""
        return {"type": "ir.actions.act_url", "url": "/api/v1/docs", "target": "new"}

    def action_open_codes(self):
        """Open the client's codes."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_api.crm_lead_api_code_action"
        )
        return {
            **action,
            "domain": [("client_id", "=", self.id)],
            "context": {"default_client_id": self.id},
        }

    # ------------------------------------------------------------ requests

    def _check_request(self, address):
        """Refuse a request while the client is paused, or from outside its networks.

        :param str address: of the sender, IPv4 or IPv6
        :raise ClientRefusedError: the client may not send the request
        """
        if self.is_paused:
            raise ClientRefusedError(
                _lt("An administrator of Odoo has paused this client: ask there.")
            )
        networks = [
            ipaddress.ip_network(text, strict=False) for text in self._split_networks()
        ]
        parsed = parse_address(address)
        if networks and not (parsed and any(parsed in net for net in networks)):
            raise ClientRefusedError(
                _lt("This client may not call from %(address)s.", address=address)
            )

    def _split_networks(self):
        return re.split(r"[\s,;]+", self.networks.strip()) if self.networks else []

    def _get_schema(self, schema=LeadRequest):
        """Return what the client may send: a route's schema, and its own attributes.

        Another addon that takes more attributes overrides it::

            class InsuredLead(Schema):
                insurance_no: Line | None = about("…", field="insurance_no")

            def _get_schema(self, schema=LeadRequest):
                if issubclass(schema, LeadRequest):
                    schema = extend(schema, InsuredLead)
                return super()._get_schema(schema)

        An attribute with a ``field`` is written to that field of ``crm.lead``, and read
        from it, as it is. For another one the addon overrides
        ``crm.lead._prepare_payload_values`` and ``crm.lead._get_custom_values``. What
        it has to check in the database goes into ``crm.lead._check_payload_records``.

        :param schema: subclass of :class:`Schema`
        :return: a subclass of it, or itself
        """
        if issubclass(schema, LeadRequest):
            return self._add_custom_attributes(schema)
        return schema

    def _add_custom_attributes(self, schema):
        # sudo: that they are the Lead API administrator's is no secret of the client's
        return self.sudo().attribute_ids._add_to_schema(schema)

    def _get_defaults(self):
        """Return what the client may leave out of a lead: records by attribute."""
        return {
            attribute: self[name]
            for name, attribute in DEFAULT_FIELDS.items()
            if self[name]
        }

    def _parse(self, schema, data, unknown_codes=None):
        """Read a payload; see :meth:`_parse_all`.

        Only the schema of a lead has defaults and codes.
        """
        if not issubclass(schema, LeadRequest):
            return schema.parse(data)
        [payload] = self._parse_all(schema, [data], unknown_codes)
        return payload

    def _parse_all(self, schema, payloads, unknown_codes=None):
        """Read payloads, with the client's defaults for what was not sent.

        :param schema: subclass of :class:`Schema`
        :param list[dict] payloads: as they were sent
        :param unknown_codes: set, to which ``(attribute, code)`` of those are added
        :return: instances of the schema, with or without errors
        """
        payloads = [
            {name: value for name, value in data.items() if is_sent(value)}
            for data in payloads
        ]
        unknown = set() if unknown_codes is None else unknown_codes
        defaults = {name: record.id for name, record in self._get_defaults().items()}
        max_items = self.env["ir.config_parameter"]._get_lead_api_int("max_items")
        codes = self.env["crm.lead.api.code"]
        resolvers = codes._get_resolvers(self, payloads, unknown)
        return [
            schema.parse({**defaults, **data}, max_items, resolve)
            for data, resolve in zip(payloads, resolvers, strict=True)
        ]

    def _get_ticket_url(self, ticket_ref):
        """Return the address of a ticket in the client's system, or ``""``."""
        # sudo: the address of tickets is no secret of the client's
        template = self.sudo().ticket_url
        if not (template and ticket_ref):
            return ""
        return template.replace(TICKET_PLACEHOLDER, quote(ticket_ref, safe=""))
