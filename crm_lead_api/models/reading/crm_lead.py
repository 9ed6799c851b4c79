# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timezone

from odoo import models

from ...schemas import LeadRequest


class CrmLead(models.Model):
    """What clients are told of a lead."""

    _name = "crm.lead"
    _inherit = "crm.lead"

    def _get_custom_values(self):
        """Return the lead's values of attributes that are not the contract's.

        Another addon that takes more attributes overrides it where one is not simply
        read from a field; see ``crm.lead.api.client._get_schema``.

        :return: by attribute, what pydantic makes JSON of: texts, numbers, dates,
            lists; ``None`` for what is empty
        :rtype: dict
        """
        self.ensure_one()
        # The attributes that the reader knows; where it is no client, the sender's.
        client = self.env.user._get_lead_api_client() or self.sudo().lead_api_client_id
        sent = self._get_sent(client)
        return {
            attribute: self._get_custom_value(name)
            for attribute, name in client._get_schema().get_fields().items()
            # What Odoo computes, it may have from the contact.
            if not self._fields[name].compute or sent is None or attribute in sent
        }

    def _get_sent(self, client):
        """Return the attributes about the customer that a client may read, as it sent
        them: what Odoo has filled in from the contact, it need not know.

        :return: names; ``None``: all
        """
        if client.reads_all_leads:
            return None
        if self.lead_api_client_id != client:
            return []  # it was merged with another client's
        if self.lead_api_sent is False:  # it is older than the field
            return [n for n in LeadRequest.model_fields if LeadRequest.is_required(n)]
        return self.lead_api_sent

    def _get_custom_value(self, name):
        value = self[name]
        match self._fields[name].type:
            case "many2one":
                return value.id or None
            case "many2many":
                return value.ids
            case "datetime":
                return value.replace(tzinfo=timezone.utc) if value else None
            case "boolean" | "integer" | "float" | "monetary":
                return value
        return value or None

    def _get_staff_url(self):
        """Return the address of the lead's form in the CRM app."""
        self.ensure_one()
        action = (
            "crm.crm_lead_all_leads"
            if self.type == "lead"
            else "crm.crm_lead_action_pipeline"
        )
        get_id = self.env["ir.model.data"]._xmlid_to_res_id
        return (
            f"{self.get_base_url()}/web#id={self.id}&model={self._name}&view_type=form"
            f"&action={get_id(action)}&menu_id={get_id('crm.crm_menu_root')}"
        )
