# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def migrate(cr, version):
    """Mark the portraits that staff made by hand, without a lead. Those of clients lost
    their lead: nobody knows whose it was, and only who sees all leads may see them."""
    cr.execute(
        """
        UPDATE crm_customer_portrait AS portrait
           SET is_shared = TRUE
         WHERE NOT EXISTS (SELECT FROM crm_lead WHERE portrait_id = portrait.id)
           AND create_uid IN (SELECT id FROM res_users)
           AND create_uid NOT IN (
               SELECT user_id FROM crm_lead_api_client
                UNION
               SELECT member.uid
                 FROM res_groups_users_rel AS member
                 JOIN ir_model_data AS data ON data.res_id = member.gid
                WHERE data.module = 'crm_lead_api'
                  AND data.name = 'crm_lead_api_group_user')
        """
    )
    cr.execute(
        """
        UPDATE crm_customer_portrait AS portrait
           SET company_id = lead.company_id
          FROM crm_lead AS lead
         WHERE lead.portrait_id = portrait.id
           AND lead.company_id <> portrait.company_id
        """
    )
