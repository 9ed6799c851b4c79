# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def migrate(cr, version):
    # The entries of the log have the company of their lead. A change or note whose lead
    # is gone has none: whoever reads it needs all companies of the client.
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
    # Staff made portraits by hand, without a lead. Those of clients lost their lead:
    # nobody knows whose it was, and only who sees all leads may see them.
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
    # The tickets of merged leads are those of the leads, as long as the log knows them.
    cr.execute(
        """
        UPDATE crm_lead AS lead
           SET lead_api_tickets = known.tickets
          FROM (
                SELECT lead_id, jsonb_object_agg(client_id, tickets) AS tickets
                  FROM (
                        SELECT lead_id, client_id,
                               jsonb_agg(DISTINCT ticket_ref) AS tickets
                          FROM crm_lead_api_request
                         WHERE ticket_ref > ''
                               AND lead_id IN (
                                   SELECT crm_lead_id
                                     FROM crm_lead_merged_client_rel
                                 GROUP BY crm_lead_id
                                   HAVING count(*) > 1
                               )
                      GROUP BY lead_id, client_id
                       ) AS own
              GROUP BY lead_id
               ) AS known
         WHERE known.lead_id = lead.id AND lead.lead_api_tickets IS NULL
        """
    )
