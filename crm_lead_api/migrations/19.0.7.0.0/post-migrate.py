# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools import SQL
from odoo.tools.sql import column_exists

# By table, column and XML id: the former text, and the new text
TEXTS = {
    ("mail_activity_type", "name", "mail_activity_type_refusals"): (
        "Calls Refused",
        "Requests Refused",
    ),
    ("ir_act_server", "name", "ir_cron_watch_ir_actions_server"): (
        "refused calls",
        "refused requests",
    ),
    ("mail_template", "body_html", "mail_template_token"): (
        "all calls with it are refused",
        "all requests with it are refused",
    ),
}


def migrate(cr, version):
    # Staff have their own way of working with the leads of the clients that there are,
    # which an administrator changes.
    cr.execute("UPDATE crm_lead_api_client SET plans_call = FALSE")
    # "Call" is "request" now, also where Odoo keeps the texts of earlier versions.
    for (table, column, name), (before, after) in TEXTS.items():
        cr.execute(
            SQL(
                """
                UPDATE %(table)s AS kept
                   SET %(column)s = %(text)s || jsonb_build_object(
                           'en_US', replace(%(text)s->>'en_US', %(before)s, %(after)s))
                  FROM ir_model_data AS data
                 WHERE data.module = 'crm_lead_api' AND data.name = %(name)s
                   AND data.res_id = kept.id
                   AND strpos(%(text)s->>'en_US', %(before)s) > 0
                """,
                table=SQL.identifier(table),
                column=SQL.identifier(column),
                text=SQL.identifier("kept", column),
                before=before,
                after=after,
                name=name,
            )
        )
    # Scheduled actions keep a copy of the name, in one language.
    cr.execute(
        """
        UPDATE ir_cron AS cron
           SET cron_name = replace(cron.cron_name, 'refused calls', 'refused requests')
          FROM ir_model_data AS data
         WHERE data.module = 'crm_lead_api'
           AND data.name = 'ir_cron_watch'
           AND data.res_id = cron.id
        """
    )
    # The signing secrets of clients have a table of their own.
    if column_exists(cr, "crm_lead_api_client", "webhook_secret"):
        cr.execute(
            """
            INSERT INTO crm_lead_api_secret (client_id, secret)
                 SELECT id, webhook_secret
                   FROM crm_lead_api_client
                  WHERE webhook_secret IS NOT NULL
            ON CONFLICT (client_id) DO NOTHING
            """
        )
        cr.execute("ALTER TABLE crm_lead_api_client DROP COLUMN webhook_secret")
