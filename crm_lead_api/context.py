# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What only this addon's code can put into Odoo's context: those who call Odoo's own
RPC can send no such value."""

_ON = object()

# In a call: records that are the same for many calls need not be read again.
RECALL = {"lead_api_recall": _ON}
# What the making of a lead and its contact leaves out, to be done after the answer
PUT_OFF = {
    "lead_api_put_off": _ON,
    # Who makes them is a program, and does not follow them.
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}


def is_recalling(env) -> bool:
    return env.context.get("lead_api_recall") is _ON


def is_putting_off(env) -> bool:
    return env.context.get("lead_api_put_off") is _ON
