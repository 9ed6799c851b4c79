# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
def migrate(cr, version):
    """Drop the index of the log's tokens, in whose place is one with the date: Odoo
    drops no index of a field."""
    cr.execute("DROP INDEX IF EXISTS crm_lead_api_request__token_id_index")
