# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.graph import VERSION

GRAPH_VERSION = "crm_lead_api_connection.graph_version"
DEFAULT_GRAPH_VERSION = "v26.0"


def get_graph_version(env) -> str:
    """Return the version of Meta's Graph API."""
    # sudo: only administrators may read parameters
    version = env["ir.config_parameter"].sudo().get_param(GRAPH_VERSION) or ""
    return version if VERSION.fullmatch(version) else DEFAULT_GRAPH_VERSION


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    connection_graph_version = fields.Char(
        "Version of Meta's Graph API",
        config_parameter=GRAPH_VERSION,
        default=DEFAULT_GRAPH_VERSION,
    )

    @api.constrains("connection_graph_version")
    def _check_connection_graph_version(self):
        for settings in self:
            version = settings.connection_graph_version
            if version and not VERSION.fullmatch(version):
                raise ValidationError(
                    self.env._("Write the version of the Graph API as %s.", "v26.0")
                )
