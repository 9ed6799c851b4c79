# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command

from .customer_profile_mixin import PHONE_FIELDS

STAFF = "sales_team.group_sale_salesman"
# Users who decide whether contacts are merged
MANAGERS = "sales_team.group_sale_manager,base.group_partner_manager"


class ResPartner(models.Model):
    """Show why a contact may be the customer of a lead, and note when it is not.

    The key ``match_lead_id`` of the context names the lead.
    """

    _inherit = "res.partner"

    different_partner_ids = fields.Many2many(
        "res.partner",
        "res_partner_different_rel",
        "partner_id",
        "other_partner_id",
        string="Not the Same Person As",
        copy=False,
        readonly=True,
        groups=STAFF,
        help="Contacts with the same phone or e-mail that staff know to be other "
        "persons.",
    )
    match_text = fields.Char(
        "Matches By",
        compute="_compute_match",
        groups=STAFF,
        help="The contact's phones and e-mail that the lead has, too.",
    )
    match_lead_count = fields.Integer("Leads", compute="_compute_match", groups=STAFF)

    @api.depends_context("match_lead_id", "uid", "allowed_company_ids")
    @api.depends("phone_key", "phone2_key", "phone3_key", "email_normalized")
    def _compute_match(self):
        lead = self._get_match_lead()
        keys = {
            key
            for name in PHONE_FIELDS
            if lead[name]
            for key in lead._get_phone_search_keys(lead[name], lead.country_id)
        }
        leads = self.env["crm.lead"].with_context(active_test=False)
        counts = dict(
            leads._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            same = [name for name in PHONE_FIELDS if partner[f"{name}_key"] in keys]
            if (email := partner.email_normalized) and email == lead.email_normalized:
                same.append("email")
            partner.match_text = ", ".join(partner[name] for name in same)
            partner.match_lead_count = counts.get(partner._origin, 0)

    def action_not_same_person(self):
        """Note that the contact and the customer of the lead are different persons."""
        self.ensure_one()
        self._get_match_lead()._tell_apart(self)

    def action_perhaps_same_person(self):
        """Take back that the contact and another contact are different persons.

        The key ``different_partner_id`` of the context is the id of the other contact.

        :raise AccessError: the user is no manager, or may not write both contacts
        """
        self.ensure_one()
        if not self.env.user.has_groups(MANAGERS):
            raise AccessError(
                self.env._(
                    "Ask a sales manager, or a colleague who manages contacts, to take "
                    "this back."
                )
            )
        other = self.browse(self.env.context.get("different_partner_id"))
        pair = (self | other) if other in self.different_partner_ids else self.browse()
        for partner in pair:
            partner.different_partner_ids = [Command.unlink((pair - partner).id)]
            partner._message_log(
                body=self.env._(
                    "%(other)s may be the same person as %(customer)s, after all.",
                    other=self._get_html_link(),
                    customer=other._get_html_link(),
                )
            )

    def action_merge_into_customer(self):
        """Open the dialog to merge the contact into the customer of the lead."""
        self.ensure_one()
        return self._get_match_lead()._get_merge_action(self)

    def _get_match_lead(self):
        return self.env["crm.lead"].browse(self.env.context.get("match_lead_id"))
