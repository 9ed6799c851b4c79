# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.schemas import LeadsQuery
from odoo.addons.crm_lead_api.schemas.about import about
from odoo.addons.crm_lead_api.schemas.customers_query import Phone
from odoo.addons.crm_lead_api.schemas.query import Number

_lt = LazyTranslate(__name__, default_lang="en_US")


class PhoneCallsQuery(LeadsQuery):
    """The phone calls that have changed, of a ticket, of a phone, or all."""

    ticket_id: Number | None = about(
        _lt("Only calls of this ticket, or of its lead."), example=100234
    )
    phone: Phone | None = about(
        _lt("Only calls with this number, in any notation."), example="0900000202"
    )
