# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CrmLead(models.Model):
    """Show how the customer was found, and settle doubts about other contacts."""

    _inherit = "crm.lead"

    match_method = fields.Selection(
        [
            ("account", "Account"),
            ("phone", "Phone"),
            ("email", "E-mail and name"),
            ("none", "Nobody found: new contact"),
        ],
        string="Customer Found By",
        copy=False,
        help="The attribute by which the customer was found.",
    )
    match_value = fields.Char("Found By Value", copy=False)
    match_candidate_ids = fields.Many2many(
        "res.partner",
        "crm_lead_match_candidate_rel",
        string="Other Matching Contacts",
        copy=False,
        help="Other contacts with one of the phones, or with the same e-mail and name.",
    )
    doubtful_partner_ids = fields.Many2many(
        "res.partner",
        string="Perhaps the Same Person",
        compute="_compute_doubtful_partner_ids",
        help="Other matching contacts, without contacts that staff have merged, "
        "archived, or called different persons.",
    )
    is_match_doubtful = fields.Boolean(compute="_compute_is_match_doubtful")

    @api.depends("partner_id.different_partner_ids", "match_candidate_ids.active")
    def _compute_doubtful_partner_ids(self):
        for lead in self:
            # Candidates that were merged or archived meanwhile are settled.
            others = lead.match_candidate_ids - lead.partner_id
            if others:
                # sudo: a request's user may not read which contacts differ
                others -= lead.partner_id.sudo().different_partner_ids
            lead.doubtful_partner_ids = others

    @api.depends("doubtful_partner_ids")
    def _compute_is_match_doubtful(self):
        for lead in self:
            lead.is_match_doubtful = bool(lead.doubtful_partner_ids)

    def web_read(self, specification):
        doubtful = specification.get("doubtful_partner_ids")
        if doubtful and len(self) == 1:
            # The web client does not know the lead before the lead is read.
            context = {**(doubtful.get("context") or {}), "match_lead_id": self.id}
            doubtful = {**doubtful, "context": context}
            specification = {**specification, "doubtful_partner_ids": doubtful}
        return super().web_read(specification)

    def action_merge_contacts(self):
        """Open the dialog to merge the other matching contacts into the customer."""
        self.ensure_one()
        return self._get_merge_action(self.doubtful_partner_ids)

    def _get_merge_action(self, others):
        """Return the action that opens the dialog to merge contacts into the customer.

        :param others: contacts that may be the same person, ``res.partner``
        """
        contacts = (self.partner_id | others)[:3]  # Odoo merges at most three at once
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge Contacts"),
            "res_model": "crm.lead.contact.merge",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_lead_id": self.id,
                "default_partner_ids": [Command.set(contacts.ids)],
                "default_dst_partner_id": contacts[:1].id,
                "dialog_size": "extra-large",
            },
        }

    def _tell_apart(self, partner):
        """Note that a matching contact and the customer are different persons: no lead
        warns of the two again.

        :param partner: one of the contacts in doubt, ``res.partner``
        :raise AccessError: the user may not write the lead
        """
        self.ensure_one()
        self.check_access("write")
        customer = self.partner_id
        if not customer:
            raise UserError(self.env._("First choose the customer of the lead."))
        if partner not in self.doubtful_partner_ids:
            return  # a colleague was faster
        # sudo: the user may not be allowed to write contacts of colleagues. Both ways:
        # either of the two may be the customer of the next lead.
        customer.sudo().different_partner_ids = [Command.link(partner.id)]
        partner.sudo().different_partner_ids = [Command.link(customer.id)]
        self._message_log(
            body=self.env._(
                "%(other)s is not the same person as %(customer)s.",
                other=partner._get_html_link(),
                customer=customer._get_html_link(),
            )
        )
