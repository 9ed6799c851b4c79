# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Payloads of many customers."""

import os

# With this in the environment tests take the numbers, and the limits, of the goals.
IS_FULL = bool(os.environ.get("CRM_LEAD_API_FULL"))
AGENT = "lan.nguyen@example.com"  # who gets the leads, in the demo data
NOBODY = "nobody@example.com"  # an agent whom Odoo does not know


def make_payload(template: dict, number: int, **changes) -> dict:
    """Return a payload of the customer of that number.

    :param template: a payload with ids that exist in the database
    """
    return {
        **template,
        "ticket_id": number,
        "agent_email": AGENT,
        "phone_no1": f"0965{number:06}",
        "email_from": f"khach{number}@example.com",
        "contact_name": f"Khách {number}",
        "customer_portrait": {
            "hobby": ["bơi", "xem phim"],
            "desires": [f"mong muốn {number}"],
            "transport": "car",
        },
        **changes,
    }
