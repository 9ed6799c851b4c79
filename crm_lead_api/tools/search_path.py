# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Domain


def search_path(path: str, operator: str, value):
    """Return a domain for the records that a path of fields leads to.

    ``False`` finds the records from which the path leads to no record.

    :param str path: names of fields, with dots between them
    """
    if operator in Domain.NEGATIVE_OPERATORS:
        return NotImplemented  # Odoo negates the positive operator instead
    domain = Domain(path, operator, value)
    if operator == "in" and False in value:
        domain |= ~Domain(path, "any", Domain.TRUE)
    return domain
