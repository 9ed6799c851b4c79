# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools.sql import column_exists, create_column

# The lists' names are those of attributes.
KEEP_SAID = """
UPDATE crm_lead AS lead
   SET lead_api_values = lead.lead_api_values
       || jsonb_build_object('customer_portrait', said.parts)
  FROM (
        SELECT portrait.id,
               jsonb_strip_nulls(
                   jsonb_build_object(
                       'revenue_source', portrait.revenue_source,
                       'term_goals', portrait.term_goals,
                       'social_influence', portrait.social_influence,
                       'behavior_on_the_internet', portrait.behavior_on_the_internet,
                       'affected_by', portrait.affected_by,
                       'transport', portrait.transport,
                       'work_start_time', portrait.work_start_time,
                       'work_end_time', portrait.work_end_time,
                       'break_start_time', portrait.break_start_time,
                       'break_end_time', portrait.break_end_time
                   )
               ) || COALESCE(
                   (
                    SELECT jsonb_object_agg(list.name, list.items)
                      FROM (
                            SELECT CASE item.kind
                                   WHEN 'desire' THEN 'desires'
                                   ELSE item.kind
                                   END AS name,
                                   jsonb_agg(
                                       item.name ORDER BY item.sequence, item.id
                                   ) AS items
                              FROM crm_customer_portrait_item AS item
                             WHERE item.portrait_id = portrait.id
                             GROUP BY item.kind
                           ) AS list
                   ),
                   '{}'
               ) AS parts
          FROM crm_customer_portrait AS portrait
         WHERE portrait.write_uid = portrait.create_uid
           AND NOT EXISTS (
                SELECT FROM crm_customer_portrait_item AS item
                 WHERE item.portrait_id = portrait.id
                   AND item.write_uid <> portrait.create_uid
               )
       ) AS said
 WHERE lead.portrait_id = said.id
   AND lead.lead_api_values ->> 'portrait_id' = said.id::text
"""


def migrate(cr, version):
    # What clients have said in their portraits, as far as nobody has changed a portrait
    # since: any other part counts as a correction of staff. Before the update of the
    # models, which writes all portraits.
    if column_exists(cr, "crm_lead", "lead_api_values"):
        cr.execute(KEEP_SAID)
    # Odoo makes the rules of portraits anew, which it would leave as they are.
    cr.execute(
        """
        WITH data AS (
             DELETE FROM ir_model_data
                   WHERE module = 'crm_lead_api' AND model = 'ir.rule'
                     AND name IN ('crm_customer_portrait_rule_user',
                                  'crm_customer_portrait_item_rule_user')
               RETURNING res_id)
        DELETE FROM ir_rule WHERE id IN (SELECT res_id FROM data)
        """
    )
    # post-migrate.py sets the new mark.
    if not column_exists(cr, "crm_customer_portrait", "is_shared"):
        create_column(cr, "crm_customer_portrait", "is_shared", "bool")
