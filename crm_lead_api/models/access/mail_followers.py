# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from .crm_lead_api_client import CLIENT_GROUP


class MailFollowers(models.Model):
    _inherit = "mail.followers"

    def _insert_followers(self, res_model, res_ids, partner_ids, *args, **kwargs):
        """Keep a client's user from following records: a program reads no mail."""
        if self.env.user.has_group(CLIENT_GROUP):
            own_id = self.env.user.partner_id.id
            partner_ids = [each for each in partner_ids if each != own_id]
        return super()._insert_followers(
            res_model, res_ids, partner_ids, *args, **kwargs
        )
