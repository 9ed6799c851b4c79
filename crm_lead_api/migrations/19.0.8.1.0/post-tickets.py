# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Keep the tickets of merged leads with the leads, as long as the log knows them."""


def migrate(cr, version):
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
