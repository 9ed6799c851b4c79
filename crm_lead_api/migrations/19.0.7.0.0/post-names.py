# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def migrate(cr, version):
    """Rename the activity type whose name said "call" for a request."""
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
