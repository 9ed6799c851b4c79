# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .models.res_config_settings import PREFIX


def pre_init_hook(env):
    add_columns(env.cr)


def add_columns(cr):
    """Add columns of leads: for a column that Odoo itself adds it would compute the
    whole addresses, or the first contacts, of all leads anew."""
    cr.execute(
        "ALTER TABLE crm_lead ADD COLUMN IF NOT EXISTS district_id int4,"
        " ADD COLUMN IF NOT EXISTS is_contacted_fast bool"
    )


def renew_company_rules(cr, module):
    """Let Odoo make the rules of a module anew that asked for archived companies, too,
    except for those that somebody has changed or switched off."""
    cr.execute(
        """
        WITH gone AS (
             DELETE FROM ir_rule
                   USING ir_model_data AS data
                   WHERE data.module = %s AND data.model = 'ir.rule'
                     AND data.res_id = ir_rule.id AND ir_rule.active
                     AND ir_rule.domain_force LIKE
                         '%%''not any'', [(''id'', ''not in'', user.company_ids.ids)])]'
               RETURNING ir_rule.id)
        DELETE FROM ir_model_data
              WHERE model = 'ir.rule' AND res_id IN (SELECT id FROM gone)
        """,
        [module],
    )


def post_init_hook(env):
    fill_first_contacts(env.cr)


def fill_first_contacts(cr):
    """Note when staff first spoke to the customers of the leads that are there."""
    # As _is_contact_with_customer() in models/lead/mail_message.py says
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
                      OR message.message_type = 'sms'
                      OR message.message_type IN ('comment', 'email')
                      AND message.is_internal IS NOT TRUE
                      AND subtype.internal IS NOT TRUE
                      AND NOT EXISTS (
                          SELECT FROM ir_model_data AS data
                           WHERE data.module = 'crm'
                             AND data.name = 'mt_lead_create'
                             AND data.res_id = subtype.id
                          )
                      )
             GROUP BY message.res_id
               ) AS contact
         WHERE contact.res_id = lead.id
           AND lead.first_contact_date IS NULL
        """
    )


def uninstall_hook(env):
    """Delete tests, which nothing would hide any more, archive the users of clients,
    and delete planned first calls and settings, which Odoo leaves when it drops the
    models."""
    for name in env["crm.lead.api.request"]._get_test_models():
        model = env[name].with_context(active_test=False)
        model.search([("is_lead_api_test", "=", True)])._delete_tests()
    # Odoo replaces the fields next, but not in this cache, filled by the deletion.
    env.registry._field_trigger_trees.clear()
    clients = env["crm.lead.api.client"].with_context(active_test=False).search([])
    # Who has logged in does more than use the lead API.
    clients.user_id.filtered(lambda user: not user.login_date).active = False
    env["mail.activity"].search(
        [
            ("res_model", "=", "crm.lead"),
            ("activity_category", "=", "phonecall"),
            ("automated", "=", True),
            ("planned_date", "!=", False),
        ]
    ).unlink()
    env["ir.config_parameter"].search([("key", "=like", f"{PREFIX}%")]).unlink()
