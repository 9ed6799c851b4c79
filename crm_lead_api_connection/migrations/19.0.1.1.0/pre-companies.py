# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def migrate(cr, version):
    """Let Odoo make the rules anew that asked for archived companies, too, except for
    those that somebody has changed or switched off."""
    cr.execute(
        """
        WITH gone AS (
             DELETE FROM ir_rule
                   USING ir_model_data AS data
                   WHERE data.module = 'crm_lead_api_connection'
                     AND data.model = 'ir.rule'
                     AND data.res_id = ir_rule.id AND ir_rule.active
                     AND ir_rule.domain_force LIKE
                         '%''not any'', [(''id'', ''not in'', user.company_ids.ids)])]'
               RETURNING ir_rule.id)
        DELETE FROM ir_model_data
              WHERE model = 'ir.rule' AND res_id IN (SELECT id FROM gone)
        """
    )
