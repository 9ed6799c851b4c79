# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

METHODS = [("account", "Account"), ("phone", "Phone"), ("email", "E-Mail and Name")]


class CrmLeadApiLookUpContact(models.Model):
    """Name a contact that a look-up showed."""

    _name = "crm.lead.api.look.up.contact"
    _description = "Lead API Contact Shown"
    _order = "id"
    _log_access = False
    _has_texts_of_clients = True

    look_up_id = fields.Many2one(
        "crm.lead.api.look.up", required=True, index=True, ondelete="cascade"
    )
    # Not "cascade": Odoo's privacy look-up does not find records that the database
    # deletes with the contact.
    partner_id = fields.Many2one(
        "res.partner", string="Contact", index="btree_not_null", ondelete="set null"
    )
    method = fields.Selection(METHODS, string="Found by", required=True)
    value = fields.Char("Found by Value")

    @api.depends("partner_id.display_name")
    def _compute_display_name(self):
        # sudo: an administrator may see whom a look-up showed, in any company
        for contact in self.sudo():
            contact.display_name = contact.partner_id.name or ""

    @api.ondelete(at_uninstall=False)
    def _forget_customer(self):
        """Erase also the details by which the contact was looked for."""
        # Odoo's privacy look-up also deletes what was deleted with another record.
        self.exists().look_up_id._forget_customer()
