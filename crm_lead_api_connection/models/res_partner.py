# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.fields import Domain

from odoo.addons.crm_lead_api.models.lead.customer_profile_mixin import PHONE_KEY_FIELDS
from odoo.addons.crm_lead_api.tools.mode import ALL, MODE

from .crm_lead import ADVERTISED


class ResPartner(models.Model):
    """Erase the messages of a person with the person's contact."""

    _inherit = "res.partner"

    def unlink(self):
        if not self._is_merging():
            self._erase_messages()
        return super().unlink()

    def _erase_messages(self):
        names = (*PHONE_KEY_FIELDS, "email_normalized")
        live = self.filtered(lambda partner: not partner.is_lead_api_test)
        texts = {partner[name] for partner in live for name in names} - {False}
        # sudo: no user may write messages; who deletes a contact, erases it there
        leads = self.env["crm.lead"].sudo()
        leads = leads.with_context(active_test=False, **{MODE: ALL})
        leads = leads.search([("partner_id", "in", self.ids)])
        messages = leads.env["crm.lead.api.message"]
        nobodys = Domain("lead_id", "=", False)
        nobodys &= messages._has_customer_key(map(messages._to_customer_key, texts))
        messages.search(Domain("lead_id", "in", leads.ids) | nobodys)._anonymize()
        leads.write(dict.fromkeys(ADVERTISED, False))
