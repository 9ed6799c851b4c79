# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..models.booking.crm_booking import OPEN_BOOKINGS


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        partners = self.env["res.partner"].browse(partner_ids)
        partners |= dst_partner or partners
        # Odoo would delete the bookings of a contact whose bookings cannot be moved: a
        # customer has one open booking in a group.
        # sudo: bookings of other branches count, too
        bookings = self.env["crm.booking"].sudo()
        are_open = Domain("partner_id", "in", partners.ids) & OPEN_BOOKINGS
        bookings.search(are_open)._make_room(dst_partner or partners[:1])
        for _group, found in bookings._read_group(
            are_open, ["group_id"], ["id:recordset"]
        ):
            if len(found) > 1:
                raise UserError(
                    self.env._(
                        "Each of these contacts has an open booking: %s. Cancel all "
                        "but one before you merge the contacts.",
                        ", ".join(found.mapped("code")),
                    )
                )
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        partners.exists()._mark_meetings()  # PostgreSQL has moved the bookings
        return result
