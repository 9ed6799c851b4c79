# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def migrate(cr, version):
    """Mark the calls that certainly never had a lead: of no ticket and no contact. The
    lead of another call without one may have been deleted: it is for those who see all
    leads."""
    cr.execute(
        """
        UPDATE crm_lead_phone_call
           SET is_shared = TRUE
         WHERE lead_id IS NULL AND ticket_ref IS NULL AND partner_id IS NULL
        """
    )
    cr.execute(
        """
        UPDATE crm_lead_phone_call AS call
           SET company_id = lead.company_id
          FROM crm_lead AS lead
         WHERE lead.id = call.lead_id AND lead.company_id <> call.company_id
        """
    )
