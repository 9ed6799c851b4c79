# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def migrate(cr, version):
    """Replace "call" by "request" where Odoo keeps the texts of earlier versions."""
    cr.execute(
        """
        UPDATE mail_activity_type AS type
           SET name = type.name || '{"en_US": "Requests Refused"}'::jsonb
          FROM ir_model_data AS data
         WHERE data.module = 'crm_lead_api'
           AND data.name = 'mail_activity_type_refusals'
           AND data.res_id = type.id
           AND type.name->>'en_US' = 'Calls Refused'
        """
    )
    cr.execute(
        """
        UPDATE ir_act_server AS action
           SET name = action.name || jsonb_build_object('en_US', replace(
                   action.name->>'en_US', 'refused calls', 'refused requests'))
          FROM ir_model_data AS data
         WHERE data.module = 'crm_lead_api'
           AND data.name = 'ir_cron_watch_ir_actions_server'
           AND data.res_id = action.id
        """
    )
    cr.execute(
        """
        UPDATE ir_cron AS cron
           SET cron_name = replace(
                   cron.cron_name, 'refused calls', 'refused requests')
          FROM ir_model_data AS data
         WHERE data.module = 'crm_lead_api'
           AND data.name = 'ir_cron_watch'
           AND data.res_id = cron.id
        """
    )
    cr.execute(
        """
        UPDATE mail_template AS template
           SET body_html = template.body_html || jsonb_build_object('en_US', replace(
                   template.body_html->>'en_US',
                   'all calls with it are refused', 'all requests with it are refused'))
          FROM ir_model_data AS data
         WHERE data.module = 'crm_lead_api'
           AND data.name = 'mail_template_token'
           AND data.res_id = template.id
           AND template.body_html->>'en_US' IS NOT NULL
        """
    )
