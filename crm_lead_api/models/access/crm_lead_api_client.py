# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import ipaddress
import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import LazyTranslate

from ...exceptions import ClientRefusedError
from ...tools.ip_address import parse_address
from ...tools.token_text import generate_text

_lt = LazyTranslate(__name__, default_lang="en_US")

CLIENT_GROUP = "crm_lead_api.crm_lead_api_group_user"
MANAGER_GROUP = "crm_lead_api.crm_lead_api_group_manager"
DEFAULT_REQUESTS_PER_MINUTE = 120
COMPANY_DOMAIN = "[('company_id', 'in', company_ids + [False])]"


class CrmLeadApiClient(models.Model):
    """Configure an outside system that uses the lead API: its user, networks, rate
    limit, attributes and defaults."""

    _name = "crm.lead.api.client"
    _description = "Lead API Client"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"

    name = fields.Char(
        required=True, help="Staff see this user as the creator of the leads."
    )
    active = fields.Boolean(default=True, tracking=True)
    is_paused = fields.Boolean(
        "Paused", tracking=True, help="All requests of the client are refused (403)."
    )
    owner_id = fields.Many2one(
        "res.users",
        required=True,
        ondelete="restrict",
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
        ondelete="restrict",
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
        help="A request without an Idempotency-Key, but with the content of a request "
        "of the last 24 hours, gets the earlier answer, and makes no second "
        "lead.",
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
        "crm.lead.api.attribute", "client_id", string="Custom Attributes"
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

    _user_unique = models.Constraint(
        "UNIQUE(user_id)", "This user already belongs to another client."
    )
    _requests_per_minute_positive = models.Constraint(
        "CHECK(requests_per_minute >= 0)",
        "The requests per minute cannot be less than 0.",
    )

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

    # ------------------------------------------------------------ tokens

    def _generate_token(self, name, expiration_date, is_test=False):
        """Create a token for the client.

        :param str name: the token's purpose, shown in the list of tokens
        :param expiration_date: naive UTC datetime
        :param bool is_test: the token is for tests
        :return: the token, which cannot be read again
        :rtype: str
        """
        self.ensure_one()
        self.check_access("write")
        text = generate_text(is_test)
        # sudo: no user may create tokens in any other way
        token = self.env["crm.lead.api.token"].sudo()
        token._create_from_text(text, self, name, expiration_date, is_test)
        return text

    def action_new_token(self):
        """Open the dialog that creates a token."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_api.crm_lead_api_token_wizard_action"
        )
        return {**action, "context": {"default_client_id": self.id}}

    def action_new_test_token(self):
        """Open the dialog that creates a token, for a token for tests."""
        action = self.action_new_token()
        name = self.env._("Test")
        context = {"default_is_test": True, "default_name": name}
        return {**action, "context": {**action["context"], **context}}

    # ------------------------------------------------------------ requests

    def _check_request(self, address):
        """Refuse a request if the client is paused, or from outside its networks.

        :param str address: the sender's IPv4 or IPv6 address
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
                _lt(
                    "This client may not send requests from %(address)s.",
                    address=address,
                )
            )

    def _split_networks(self):
        return re.split(r"[\s,;]+", self.networks.strip()) if self.networks else []
