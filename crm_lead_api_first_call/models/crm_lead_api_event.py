# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from odoo.addons.crm_lead_api.schemas.lead import Owner

from ..schemas import RECALLED

RECALLS = "crm_lead_api_first_call.event.recalls"


class CrmLeadApiEvent(models.Model):
    """Tell why leads were assigned, and which were taken back."""

    _inherit = "crm.lead.api.event"

    type = fields.Selection(
        selection_add=[(RECALLED, "Recalled")], ondelete={RECALLED: "cascade"}
    )

    @api.model
    def _watch_recall(self, lead, former):
        """Remember from whom a lead is taken back, for an event at the end of the
        transaction."""
        client = lead.lead_api_client_id
        if client and RECALLED in client._get_webhook_events(lead.is_lead_api_test):
            self._get_notes(RECALLS)[lead.id] = former.id

    @api.model
    def _prepare_noted_values(self, notes):
        recalls, values = notes.pop(RECALLS, {}), []
        for lead in self.env["crm.lead"].browse(recalls).exists():
            client = lead.lead_api_client_id
            former = self.env["res.users"].browse(recalls[lead.id])
            data = self._prepare_data(client, lead)
            data["former_owner"] = former and Owner.from_user(former).model_dump()
            values.append(self._prepare_values(client, RECALLED, data, lead))
        return [*values, *super()._prepare_noted_values(notes)]

    @api.model
    def _prepare_values(self, client, event_type, data, lead=None):
        if event_type == "lead.assigned":
            data = {**data, "reason": lead.first_call_ids._get_reason()}
        return super()._prepare_values(client, event_type, data, lead)
