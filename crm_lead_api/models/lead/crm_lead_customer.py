# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ...tools.follow_up import get_follow_ups
from ...tools.phone_number import is_e164
from .customer_profile_mixin import PERSONAL_FIELDS, PHONE_FIELDS


class CrmLead(models.Model):
    """Keep the values of lead and contact apart."""

    _inherit = "crm.lead"

    wrong_phones = fields.Char(
        "Phones That Look Wrong",
        compute="_compute_wrong_phones",
        help="These phones are kept, and compared, as sent.",
    )
    proposal_ids = fields.One2many(
        "crm.lead.proposal", "lead_id", string="Proposed Changes"
    )
    pending_proposal_ids = fields.One2many(
        "crm.lead.proposal", string="Open Proposals", compute="_compute_proposals"
    )
    decided_proposal_ids = fields.One2many(
        "crm.lead.proposal", string="Decided Proposals", compute="_compute_proposals"
    )

    @api.depends("phone_key", "phone2_key", "phone3_key")
    def _compute_wrong_phones(self):
        for lead in self:
            lead.wrong_phones = ", ".join(
                lead[name]
                for name in PHONE_FIELDS
                if lead[name] and not is_e164(lead[f"{name}_key"])
            )

    @api.depends("proposal_ids.state")
    def _compute_proposals(self):
        for lead in self:
            pending = lead.proposal_ids.filtered(lambda p: p.state == "pending")
            lead.pending_proposal_ids = pending
            lead.decided_proposal_ids = lead.proposal_ids - pending

    def action_accept_proposals(self):
        """Accept all open proposals of the lead."""
        self.pending_proposal_ids.action_accept()

    def action_refuse_proposals(self):
        """Refuse all open proposals of the lead."""
        self.pending_proposal_ids.action_refuse()

    def _update_after_customer_change(self):
        """Move the portrait to the customer that staff have chosen, and drop pending
        proposals for the former customer: the lead was not about that contact."""
        if self.partner_id:
            self.portrait_id.partner_id = self.partner_id
        # sudo: staff may not edit proposals, only decide on them
        self.proposal_ids.sudo().filtered(
            lambda p: (
                p.state == "pending"
                and p.partner_id  # others are about the lead itself
                and p.partner_id != self.partner_id
            )
        ).unlink()

    # Odoo asks the next two methods before it copies between lead and contact: to the
    # lead with force_void, to the contact without. A request copies nothing to the
    # contact, and to the lead only values that the client did not send. Later, values
    # that staff are to decide about stay: merely closing Odoo's form would copy them.

    def _get_partner_email_update(self, force_void=True):
        if get_follow_ups():
            return force_void and not self.email_from
        update = super()._get_partner_email_update(force_void)
        return update and not self._is_proposed(["email"], self.email_from)

    def _get_partner_phone_update(self, force_void=True):
        if get_follow_ups():
            return force_void and not self.phone
        update = super()._get_partner_phone_update(force_void)
        return update and not (
            self._is_proposed(PHONE_FIELDS, self.phone)
            # The contact may have the phone in another field.
            or (self.phone and self.partner_id._has_phone_key(self.phone_key))
        )

    def _is_proposed(self, subjects, value):
        """Tell whether the lead proposes, or proposed, the value for its contact."""
        return any(
            proposal.partner_id
            and proposal.partner_id == self.partner_id
            and proposal.subject in subjects
            and proposal.new_values[proposal.subject] == value
            for proposal in self.sudo().proposal_ids  # sudo: not all may read proposals
        )

    def _prepare_address_values_from_partner(self, partner):
        values = super()._prepare_address_values_from_partner(partner)
        source = partner if any(partner[name] for name in values) else self
        return {**values, "district_id": source.district_id}

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        values = super()._prepare_customer_values(partner_name, is_company, parent_id)
        values["district_id"] = self.district_id.id
        if not is_company:
            names = (*PHONE_FIELDS, *PERSONAL_FIELDS)
            values |= {name: self[name] for name in names}
        return values
