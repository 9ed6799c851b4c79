# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...tools.joint_search import Search, search_together
from ..access.crm_lead_api_client import MANAGER_GROUP

# Filled by the lead API alone: they decide which data of the lead a client may read and
# change.
SYSTEM_FIELDS = {"lead_api_client_id", "lead_api_sent", "lead_api_values"}
# Changes of these fields may have to be sent to the lead's client
WATCHED_FIELDS = {
    *("active", "probability", "stage_id", "team_id", "user_id", "first_contact_date"),
}
# Read together for the form
PROPOSAL_FIELDS = ("partner_id", "subject", "old_values", "new_values", "state")
SERVICE_FIELDS = (
    *("sequence", "product_id", "quantity", "price_unit", "price_subtotal"),
    *("company_id", "currency_id"),
)
YES_NO = [("no", "No"), ("yes", "Yes")]


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "customer.profile.mixin"]
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
        copy=False,
        readonly=True,
        groups=MANAGER_GROUP,
        help="The outside systems that sent the leads which were merged into one.",
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

    show_empty_fields = fields.Boolean(
        store=False, help="Show the fields without a value, too, to fill them in."
    )

    # For clients that poll for changed leads
    _write_date_index = models.Index("(write_date, id)")

    # Computed like the rest of the address
    district_id = fields.Many2one(
        compute="_compute_partner_address_values", store=True, readonly=False
    )

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

    def web_read(self, specification):
        if "pending_proposal_ids" in specification:
            # For the form: records of several models at once, instead of one by one.
            self.fetch(list(specification))
            # sudo: only fills the cache; Odoo checks the rights to show a record
            leads = self.sudo().with_context(active_test=False)
            named = {
                "lead_api_client_id": ("name", "active", "ticket_url"),
                "pricelist_id": ("name", "active", "currency_id", "company_id"),
                "source_group_id": ("name", "active"),
                "proposal_ids": PROPOSAL_FIELDS,
                "service_ids": SERVICE_FIELDS,
            }
            search_together(
                {
                    name: Search(records, Domain("id", "in", records.ids), names)
                    for name, names in named.items()
                    for records in (leads[name],)
                }
            )
            self.proposal_ids.mapped("new_text")
            partners = leads.partner_id | leads.match_candidate_ids
            partners |= (leads.user_id | leads.creator_id).partner_id
            (partners | leads.company_id.partner_id).mapped("name")
        return super().web_read(specification)

    @api.model
    def default_get(self, fields):
        # Nobody's default fills in these fields, neither of the context nor saved.
        names = [name for name in fields if name not in SYSTEM_FIELDS]
        return super().default_get(names)

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
                lead._update_after_customer_change()
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
