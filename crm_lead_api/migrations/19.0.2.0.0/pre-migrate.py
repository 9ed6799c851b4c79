# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``crm.lead.api.token`` was a dialog, and is what the dialog makes now."""


def migrate(cr, version):
    cr.execute("DELETE FROM crm_lead_api_token")
