# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from .crm_lead_api_answer import DEFAULT_DAYS


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lead_api_answer_days = fields.Integer(
        "Days to Keep Answers",
        config_parameter="crm_lead_api.answer_days",
        default=DEFAULT_DAYS,
    )
