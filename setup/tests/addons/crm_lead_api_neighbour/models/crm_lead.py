# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# Words in a new lead's street that tell the addon its work
WRITE, POST, PLAN, MAKE = "write", "post", "plan", "make"


class CrmLead(models.Model):
    _inherit = "crm.lead"

    neighbour_note = fields.Char()
    neighbour_quantity = fields.Float(compute="_compute_neighbour_quantity", store=True)
    neighbour_product_id = fields.Many2one(
        "product.product",
        check_company=True,
        default=lambda self: self._default_neighbour_product_id(),
    )
    is_neighbour_locked = fields.Boolean()

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
        if any(self.mapped("is_neighbour_locked")):
            raise UserError("The neighbour lets nobody change this lead.")
        self.env["crm.lead.api.neighbour.trace"]._trace("write", self)
        return super().write(vals)

    def message_post(self, **kwargs):
        self.env["crm.lead.api.neighbour.trace"]._trace("message_post", self)
        return super().message_post(**kwargs)
