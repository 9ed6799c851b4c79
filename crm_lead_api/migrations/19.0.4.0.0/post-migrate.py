# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Staff have spoken to customers already."""


def migrate(cr, version):
    # As _is_contact() in models/crm_lead.py says
    cr.execute(
        """
        UPDATE crm_lead AS lead
           SET first_contact_date = contact.date
          FROM (
               SELECT message.res_id, MIN(message.date) AS date
                 FROM mail_message AS message
                 JOIN res_users AS author
                   ON author.partner_id = message.author_id
            LEFT JOIN crm_lead_api_client AS client
                   ON client.user_id = author.id
            LEFT JOIN mail_message_subtype AS subtype
                   ON subtype.id = message.subtype_id
                WHERE message.model = 'crm.lead'
                  AND author.active
                  AND author.share IS NOT TRUE
                  AND client.id IS NULL
                  AND (
                      message.mail_activity_type_id IS NOT NULL
                      OR message.message_type IN ('comment', 'email')
                      AND message.is_internal IS NOT TRUE
                      AND subtype.internal IS NOT TRUE
                      )
             GROUP BY message.res_id
               ) AS contact
         WHERE contact.res_id = lead.id
           AND lead.first_contact_date IS NULL
        """
    )
