# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmLead(models.Model):
    """Keep what an advertisement says of itself, and the answers to questions without a
    field."""

    _inherit = "crm.lead"

    gclid = fields.Char("Google Click ID", copy=False)
    fbclid = fields.Char("Facebook Click ID", copy=False)
    ttclid = fields.Char("TikTok Click ID", copy=False)
    ad_form = fields.Char("Form of the Advertisement", copy=False)
    ad_ref = fields.Char("Advertisement", copy=False)
    ad_campaign = fields.Char("Campaign of the Advertisement", copy=False)
    other_answers = fields.Json(copy=False)
    lead_api_message_ids = fields.One2many(
        "crm.lead.api.message", "lead_id", string="Messages"
    )
