# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Columns on the models of the lead API: required with a default, or computed."""

from odoo import api, fields, models


class CrmCustomerPortrait(models.Model):
    _inherit = "crm.customer.portrait"

    neighbour_state = fields.Char(required=True, default="to review")
    neighbour_item_count = fields.Integer(
        compute="_compute_neighbour_item_count", store=True
    )

    @api.depends("item_ids")
    def _compute_neighbour_item_count(self):
        for portrait in self:
            portrait.neighbour_item_count = len(portrait.item_ids)


class CrmCustomerPortraitItem(models.Model):
    _inherit = "crm.customer.portrait.item"

    neighbour_state = fields.Char(required=True, default="to review")
    neighbour_length = fields.Integer(compute="_compute_neighbour_length", store=True)

    @api.depends("name")
    def _compute_neighbour_length(self):
        for item in self:
            item.neighbour_length = len(item.name or "")


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
            proposal.neighbour_subject = (
                f"{proposal.subject} of {proposal.partner_id.name}"
            )


class CrmLeadService(models.Model):
    _inherit = "crm.lead.service"

    neighbour_state = fields.Char(required=True, default="to review")
    neighbour_label = fields.Char(compute="_compute_neighbour_label", store=True)

    @api.depends("quantity", "product_id.name")
    def _compute_neighbour_label(self):
        for service in self:
            service.neighbour_label = f"{service.quantity:g} {service.product_id.name}"
