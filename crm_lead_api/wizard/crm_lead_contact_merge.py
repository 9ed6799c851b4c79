# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.lead.customer_profile_mixin import PHONE_FIELDS

ODOO_WIZARD = "base.partner.merge.automatic.wizard"


class CrmLeadContactMerge(models.TransientModel):
    """Merge the customer of a lead with contacts that match the lead, too.

    Odoo's own dialog merges any contacts, and so is only for users who manage contacts;
    it refuses contacts with different e-mails to all but administrators. This dialog
    merges only contacts of one lead, for users who may change the lead and each
    contact.
    """

    _name = "crm.lead.contact.merge"
    _description = "Merge Contacts of a Lead"

    lead_id = fields.Many2one(
        "crm.lead", required=True, readonly=True, ondelete="cascade"
    )
    partner_ids = fields.Many2many(
        "res.partner", "crm_lead_contact_merge_rel", string="Contacts"
    )
    dst_partner_id = fields.Many2one(
        "res.partner", string="Contact to Keep", ondelete="cascade"
    )

    def action_merge(self):
        """Merge the contacts into one, as Odoo does; the user may write all of them."""
        self.ensure_one()
        lead, contacts, kept = self.lead_id, self.partner_ids, self.dst_partner_id
        lead.check_access("write")
        matching = lead.partner_id | lead.doubtful_partner_ids
        if len(contacts) < 2 or contacts - matching or kept not in contacts:
            raise UserError(
                self.env._(
                    "Choose the customer of the lead and contacts that match, too."
                )
            )
        others = (contacts - lead.partner_id).with_context(match_lead_id=lead.id)
        # sudo: which contacts are of users and companies is not for all users to read.
        # An archived user is a user, too, and may return.
        partners = contacts.sudo().with_context(active_test=False)
        is_company = [("partner_id", "in", contacts.ids)]
        companies = partners.env["res.company"].search_count(is_company, limit=1)
        is_internal = companies or partners.user_ids
        if is_internal or not all(partner.match_text for partner in others):
            if not self.env.user.has_group("base.group_partner_manager"):
                raise UserError(
                    self.env._(
                        "One of the contacts does not match any more, or belongs to "
                        "a user or a company of Odoo. Ask a colleague who manages "
                        "contacts to merge it."
                    )
                )
            self.env[ODOO_WIZARD]._merge(contacts.ids, kept)
        else:
            contacts.check_access("write")
            contacts.write({})  # for write's checks, which exceed the access rights
            # sudo: Odoo keeps merges from users who do not manage contacts, because
            # it can merge any contacts. These were checked above.
            self.env[ODOO_WIZARD].sudo()._merge(contacts.ids, kept.sudo())
        return {"type": "ir.actions.act_window_close"}


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Keep all phones and which contact stays when contacts are merged; note their
    leads."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # Before the links move: what is linked to the contacts changes for clients.
        self.env["crm.lead.api.merged.account"]._keep(src_partners, dst_partner)
        # sudo: Odoo changes the leads by a statement
        leads = self.env["crm.lead"].sudo()
        linked = leads._find_linked(["partner_id", "user_id.partner_id"], src_partners)
        leads._note_change("id", linked.ids)
        # sudo: who merges contacts need not sell. They are the same person after all.
        merged = (src_partners | dst_partner).sudo()
        unlink = [Command.unlink(partner.id) for partner in merged]
        merged.write({"different_partner_ids": unlink})
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _update_values(self, src_partners, dst_partner):
        # Odoo merges each field by itself, drops a phone where both have one, and makes
        # a test of a customer who is merged with one.
        merged = dst_partner | src_partners
        values = {**dict.fromkeys(PHONE_FIELDS, False), **merged._get_distinct_phones()}
        values["is_lead_api_test"] = all(merged.mapped("is_lead_api_test"))
        result = super()._update_values(src_partners, dst_partner)
        dst_partner.write(values)
        return result
