# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
def migrate(cr, version):
    """Forget the choices of a proposal's subject, which is a text now: Odoo cannot
    drop the choices of a field that is no selection any more."""
    cr.execute(
        """
        DELETE FROM ir_model_fields_selection
         WHERE field_id IN (SELECT id FROM ir_model_fields
                             WHERE model = 'crm.lead.proposal' AND name = 'subject')
        """
    )
