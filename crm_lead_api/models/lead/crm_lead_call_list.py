# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ...tools.phone_number import is_e164
from ...tools.social_address import get_zalo_url


class CrmLead(models.Model):
    """Show the leads that wait for a phone call."""

    _inherit = "crm.lead"

    call_name = fields.Char(
        "Customer to Call",
        compute="_compute_call_name",
        help="The contact's name, or else the name of the company or the title.",
    )
    phone_zalo_url = fields.Char(compute="_compute_phone_zalo_url")
    first_service = fields.Char(
        compute="_compute_first_service",
        help="The first of the services, and the number of further services.",
    )
    untitled_service_ids = fields.Many2many(
        "product.product",
        string="Further Services",
        compute="_compute_untitled_service_ids",
        help="The services that are not in the title.",
    )
    call_check = fields.Char(
        "To Check",
        compute="_compute_call_check",
        help="What to ask the customer about: changes that the request proposes, and "
        "other contacts that match.",
    )

    @api.depends("contact_name", "partner_name", "partner_id.name", "name")
    def _compute_call_name(self):
        for lead in self:
            lead.call_name = (
                lead.contact_name
                or lead.partner_id.name
                or lead.partner_name
                or lead.name
            )

    @api.depends("phone_key")
    def _compute_phone_zalo_url(self):
        for lead in self:
            key = lead.phone_key
            lead.phone_zalo_url = key and is_e164(key) and get_zalo_url(key, key)

    @api.depends("service_ids.product_id.name", "service_ids.sequence")
    def _compute_first_service(self):
        for lead in self:
            lead.first_service = _shorten(lead.service_ids.product_id)

    @api.depends("service_ids.product_id.name", "name")
    def _compute_untitled_service_ids(self):
        for lead in self:
            title = lead.name or ""
            lead.untitled_service_ids = lead.service_ids.product_id.filtered(
                lambda service, title=title: service.name not in title
            )

    @api.depends("proposal_ids.state", "is_match_doubtful")
    def _compute_call_check(self):
        for lead in self:
            texts = []
            if any(each.state == "pending" for each in lead.proposal_ids):
                texts.append(self.env._("Proposed changes"))
            if lead.is_match_doubtful:
                texts.append(self.env._("Other contacts match"))
            lead.call_check = " · ".join(texts)

    @api.model
    def _format_title(self, contact_name, services):
        """Return the title of a lead: the customer, the first of the wished services,
        and the number of further services.

        :param str contact_name: the name of the customer
        :param services: ``product.product``, named in the environment's language
        :rtype: str
        """
        return f"{contact_name} – {_shorten(services)}"

    @api.model
    def _is_made_title(self, title, contact_name, services):
        """Tell whether a title is as a request made it, and not of staff.

        :param str title: the title of the lead
        :param str contact_name: the name of the customer
        :param services: ``product.product``, named in the environment's language
        :rtype: bool
        """
        # Until version 19.0.6.0.0 the title had all services.
        before = f"{contact_name} - {', '.join(services.mapped('name'))}"
        return title in (self._format_title(contact_name, services), before)


def _shorten(services):
    """Return the first service, and the number of the others: ``Khám +2``."""
    if not services:
        return ""
    name, others = services[0].name, len(services) - 1
    return f"{name} +{others}" if others else name
