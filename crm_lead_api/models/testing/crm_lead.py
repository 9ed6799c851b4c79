# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class CrmLead(models.Model):
    """Keep test leads out of duplicates and scores, and notify nobody about them."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "crm.lead.api.test.mixin"]

    def _get_live(self):
        return self.filtered(lambda lead: not lead.is_lead_api_test)

    def _compute_potential_lead_duplicates(self):
        live = self._get_live()
        for lead in self - live:
            lead.duplicate_lead_ids = lead
            lead.duplicate_lead_count = 0
        return super(CrmLead, live)._compute_potential_lead_duplicates()

    def _pls_increment_frequencies(self, from_state=None, to_state=None):
        live = self._get_live()
        if not live:
            return None
        return super(CrmLead, live)._pls_increment_frequencies(from_state, to_state)

    def _message_auto_subscribe_notify(self, partner_ids, template):
        live = self._get_live()
        return super(CrmLead, live)._message_auto_subscribe_notify(
            partner_ids, template
        )

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        if self.is_lead_api_test:
            return []
        return super()._notify_get_recipients(message, msg_vals, **kwargs)
