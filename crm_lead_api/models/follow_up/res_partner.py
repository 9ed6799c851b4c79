# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ...tools.follow_up import get_follow_ups_of


class ResPartner(models.Model):
    """Put the creation notes of contacts off until the answer has been sent."""

    _inherit = "res.partner"

    def _message_log_batch(self, bodies, *args, **kwargs):
        """Put the creation notes off while a request makes the contacts."""
        follow_ups = get_follow_ups_of(self)
        if not follow_ups or any(
            bodies[partner.id] != partner._creation_message() for partner in self
        ):
            return super()._message_log_batch(bodies, *args, **kwargs)
        for partner in self:
            follow_ups.add("contact_note", partner, body=bodies[partner.id])
        return self.env["mail.message"]
