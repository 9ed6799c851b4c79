# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Extend the models of the lead API, leads and contacts as ordinary addons do: by
columns that are required with a default, or computed; by overrides and constraints."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Words in a new lead's street that tell the addon its work
WRITE, POST, PLAN, MAKE = "write", "post", "plan", "make"
SURCHARGE = 7
MAX_QUANTITY = 5
# Of one red point
IMAGE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLv"
    "AAAAAElFTkSuQmCC"
)


class CrmLeadApiNeighbourTrace(models.Model):
    """Keep the records that this addon's code, or an automation rule, has seen."""

    _name = "crm.lead.api.neighbour.trace"
    _description = "Trace of a Neighbour"

    name = fields.Char(required=True, help="The method, or the rule.")
    model = fields.Char(required=True)
    res_id = fields.Integer()
    context_keys = fields.Text(help="The keys of Odoo's context, one in each line.")

    @api.model
    def _trace(self, name, records):
        """Note that a method has been reached, with its context."""
        values = {
            "name": name,
            "model": records._name,
            "context_keys": "\n".join(sorted(records.env.context)),
        }
        # sudo: whoever reaches the method need not be allowed to make notes
        self.sudo().with_context({}).create(
            [{**values, "res_id": record_id} for record_id in records.ids or [0]]
        )


class CrmCustomerPortrait(models.Model):
    _name = "crm.customer.portrait"
    _inherit = ["crm.customer.portrait", "mail.thread"]

    neighbour_state = fields.Char(required=True, default="to review")
    neighbour_item_count = fields.Integer(
        compute="_compute_neighbour_item_count", store=True
    )

    @api.depends("item_ids")
    def _compute_neighbour_item_count(self):
        for portrait in self:
            portrait.neighbour_item_count = len(portrait.item_ids)

    @api.model_create_multi
    def create(self, vals_list):
        portraits = super().create(vals_list)
        self.env["crm.lead.api.neighbour.trace"]._trace("create", portraits)
        return portraits


class CrmCustomerPortraitItem(models.Model):
    _inherit = "crm.customer.portrait.item"

    neighbour_state = fields.Char(required=True, default="to review")
    neighbour_length = fields.Integer(compute="_compute_neighbour_length", store=True)

    @api.depends("name")
    def _compute_neighbour_length(self):
        for item in self:
            item.neighbour_length = len(item.name or "")

    @api.constrains("name")
    def _check_neighbour_name(self):
        if any(item.name == "cấm" for item in self):
            raise ValidationError("The neighbour refuses this word.")


class CrmCustomerPortraitTag(models.Model):
    _inherit = "crm.customer.portrait.tag"

    neighbour_state = fields.Char(required=True, default="to review")


class CrmLeadApiClient(models.Model):
    _inherit = "crm.lead.api.client"

    neighbour_state = fields.Char(required=True, default="to review")


class CrmLeadApiRequest(models.Model):
    _inherit = "crm.lead.api.request"

    neighbour_state = fields.Char(required=True, default="to review")
    neighbour_company = fields.Char(
        required=True, default=lambda self: self.env.company.name
    )
    neighbour_outcome = fields.Char(compute="_compute_neighbour_outcome", store=True)

    @api.depends("status")
    def _compute_neighbour_outcome(self):
        for entry in self:
            entry.neighbour_outcome = f"HTTP {entry.status}"


class CrmLeadProposal(models.Model):
    _inherit = "crm.lead.proposal"

    neighbour_state = fields.Char(required=True, default="to review")
    neighbour_subject = fields.Char(compute="_compute_neighbour_subject", store=True)

    @api.depends("subject", "partner_id.name")
    def _compute_neighbour_subject(self):
        for proposal in self:
            name = proposal.partner_id.name
            proposal.neighbour_subject = f"{proposal.subject} of {name}"


class CrmLeadService(models.Model):
    _inherit = "crm.lead.service"

    neighbour_state = fields.Char(required=True, default="to review")
    neighbour_label = fields.Char(compute="_compute_neighbour_label", store=True)

    @api.depends("quantity", "product_id.name")
    def _compute_neighbour_label(self):
        for service in self:
            service.neighbour_label = f"{service.quantity:g} {service.product_id.name}"

    def _compute_price_unit(self):
        super()._compute_price_unit()
        for service in self:
            service.price_unit += SURCHARGE

    @api.constrains("quantity")
    def _check_neighbour_quantity(self):
        if any(service.quantity > MAX_QUANTITY for service in self):
            raise ValidationError("The neighbour refuses so many of a service.")

    @api.model_create_multi
    def create(self, vals_list):
        services = super().create(vals_list)
        self.env["crm.lead.api.neighbour.trace"]._trace("create", services)
        return services


class CrmLead(models.Model):
    _inherit = "crm.lead"

    neighbour_note = fields.Char()
    neighbour_quantity = fields.Float(compute="_compute_neighbour_quantity", store=True)
    neighbour_product_id = fields.Many2one(
        "product.product",
        check_company=True,
        default=lambda self: self._default_neighbour_product_id(),
    )

    @api.model
    def _default_neighbour_product_id(self):
        # sudo: a product of another company, by mistake
        products = self.env["product.product"].sudo()
        return products.search([("default_code", "=", "GIFT")], limit=1)

    @api.depends("service_ids.quantity")
    def _compute_neighbour_quantity(self):
        for lead in self:
            lead.neighbour_quantity = sum(lead.service_ids.mapped("quantity"))

    @api.constrains("contact_name")
    def _check_neighbour_name(self):
        if any(lead.contact_name == "Người bị cấm" for lead in self):
            raise ValidationError("The neighbour refuses this customer.")

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        self.env["crm.lead.api.neighbour.trace"]._trace("create", leads)
        for lead in leads:
            words = (lead.street or "").split()
            if WRITE in words:
                lead.write({"neighbour_note": f"Noted: {lead.contact_name}"})
            if POST in words:
                lead.message_post(
                    body="Posted by the neighbour", subtype_xmlid="mail.mt_comment"
                )
            if PLAN in words:
                lead.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary="Planned by the neighbour",
                    user_id=lead.user_id.id,
                )
            if MAKE in words:
                self.env["res.partner"].create({"name": f"Friend of {lead.id}"})
        return leads

    def write(self, vals):
        self.env["crm.lead.api.neighbour.trace"]._trace("write", self)
        return super().write(vals)

    def message_post(self, **kwargs):
        self.env["crm.lead.api.neighbour.trace"]._trace("message_post", self)
        return super().message_post(**kwargs)


class ResPartner(models.Model):
    _inherit = "res.partner"

    neighbour_note = fields.Char()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.setdefault("image_1920", IMAGE)
        partners = super().create(vals_list)
        self.env["crm.lead.api.neighbour.trace"]._trace("create", partners)
        for partner in partners:
            partner.write({"neighbour_note": f"Noted: {partner.name}"})
        return partners

    def write(self, vals):
        self.env["crm.lead.api.neighbour.trace"]._trace("write", self)
        return super().write(vals)

    def message_post(self, **kwargs):
        self.env["crm.lead.api.neighbour.trace"]._trace("message_post", self)
        return super().message_post(**kwargs)
