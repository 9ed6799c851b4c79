# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def migrate(cr, version):
    """Plan no calls for the leads of the clients that there are: staff have their own
    way of working with them, which an administrator changes."""
    cr.execute("UPDATE crm_lead_api_client SET plans_call = FALSE")
