# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timezone

from odoo import models

from ...schemas import LeadRequest


class CrmLead(models.Model):
    """Provide the values of a lead that clients may read."""

    _name = "crm.lead"
    _inherit = "crm.lead"

    def _get_custom_values(self):
        """Return the lead's values of attributes beyond the contract.

        An addon with more attributes overrides this method for values that are not
        simply read from a field; see ``crm.lead.api.client._get_schema``.

        :return: values that pydantic turns into JSON, by attribute: texts, numbers,
            dates, lists; ``None`` for an empty value
        :rtype: dict
        """
        self.ensure_one()
        # The attributes of the reading client or, if no client reads, of the sender.
        # sudo: staff may not read clients
        client = self.env.user._get_lead_api_client() or self.sudo().lead_api_client_id
        sent = self._get_sent(client)
        return {
            attribute: self._get_custom_value(name)
            for attribute, name in client._get_schema().get_fields().items()
            # Odoo may compute a value from the contact.
            if not self._fields[name].compute or sent is None or attribute in sent
        }

    def _get_sent(self, client):
        """Return the customer's attributes that a client may read, as it sent them.

        Values that Odoo has filled in from the contact are not for the client.

        :return: names; ``None``: all attributes
        """
        if client.reads_all_leads:
            return None
        if self.lead_api_client_id != client:
            return []  # merged with a lead of another client
        return self._get_sent_fields()

    def _get_sent_fields(self):
        """Return the attributes that the lead's client sent."""
        if self.lead_api_sent is False:  # the lead is older than the field
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

    def _get_staff_action(self):
        if self.type == "lead":
            return "crm.crm_lead_all_leads"
        return "crm.crm_lead_action_pipeline"
