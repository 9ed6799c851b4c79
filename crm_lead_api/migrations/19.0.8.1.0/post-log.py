# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def migrate(cr, version):
    """Give the entries of the log the company of their lead. A change or note whose
    lead is gone gets none: whoever reads it needs all companies of the client."""
    cr.execute(
        """
        UPDATE crm_lead_api_request AS entry
           SET company_id = lead.company_id
          FROM crm_lead AS lead
         WHERE lead.id = entry.lead_id
           AND lead.company_id IS DISTINCT FROM entry.company_id
        """
    )
    cr.execute(
        """
        UPDATE crm_lead_api_request AS entry
           SET company_id = NULL
         WHERE kind <> 'create'
           AND company_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM crm_lead WHERE id = entry.lead_id)
        """
    )
