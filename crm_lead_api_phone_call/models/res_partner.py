# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.crm_lead_api.models.lead.customer_profile_mixin import PHONE_KEY_FIELDS
from odoo.addons.crm_lead_api.models.lead.res_partner import STAFF

from .crm_lead_api_request import KINDS


class ResPartner(models.Model):
    """Show the phone calls of a contact and its people."""

    _inherit = "res.partner"

    phone_call_count = fields.Integer(
        "Number of Phone Calls", compute="_compute_phone_call_count", groups=STAFF
    )

    def _compute_phone_call_count(self):
        calls = self.env["crm.lead.phone.call"]._with_tests_of(self)
        for partner in self:
            people = [("partner_id", "child_of", partner._origin.ids)]
            partner.phone_call_count = partner._origin and calls.search_count(people)

    def unlink(self):
        if self._is_merging():
            return super().unlink()
        # sudo: no user may write calls; who may delete a contact, erases it there
        calls = self.env["crm.lead.phone.call"].sudo()._with_tests_of(self)
        live = self.filtered(lambda partner: not partner.is_lead_api_test)
        keys = [partner[name] for partner in live for name in PHONE_KEY_FIELDS]
        keys = list(filter(None, keys))
        nobodys = Domain("partner_id", "=", False)
        nobodys &= Domain("phone_key", "in", keys)
        calls.search(Domain("partner_id", "in", self.ids) | nobodys)._anonymize()
        # sudo: no user may write the log, whose failed requests have no contact
        log = self.env["crm.lead.api.request"].sudo()
        of_calls = Domain("kind", "in", KINDS)
        log.search(of_calls & Domain("phones", "in", keys))._anonymize()
        return super().unlink()

    def action_view_phone_calls(self):
        """Open the phone calls of the contact and its people."""
        self.ensure_one()
        calls = self.env["crm.lead.phone.call"]
        return calls._get_list_action([("partner_id", "child_of", self.id)])

    def _get_request_domain(self, leads):
        return super()._get_request_domain(leads) & Domain("kind", "not in", KINDS)
