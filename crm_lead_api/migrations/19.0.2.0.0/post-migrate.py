# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A caller was a user; now it is a client, which has one.

Tokens were API keys of Odoo's, of which only a hash of another kind is known: they
cannot be taken over, and are removed.
"""

import logging

from odoo import SUPERUSER_ID, api
from odoo.tools import convert_file

RULES = "security/ir_rule.xml"

_logger = logging.getLogger(__name__)


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    # Portraits were for all salespeople; rules are not updated by themselves.
    convert_file(env, "crm_lead_api", RULES, {}, mode="init")
    group = env.ref("crm_lead_api.crm_lead_api_group_user")
    callers = env["res.users"].search(
        [("group_ids", "in", group.ids), ("lead_api_client_ids", "=", False)]
    )
    # The field is the client's now; Odoo has not dropped the column yet.
    cr.execute("SELECT id FROM res_users WHERE lead_api_replay_content")
    replayed_ids = {user_id for (user_id,) in cr.fetchall()}
    for caller in callers:
        env["crm.lead.api.client"].create(
            {
                "name": caller.name,
                "user_id": caller.id,
                "owner_id": env.ref("base.user_admin").id,
                "replay_content": caller.id in replayed_ids,
            }
        )
    cr.execute("DELETE FROM res_users_apikeys WHERE scope = 'crm_lead_api'")
    if cr.rowcount:
        _logger.warning(
            "The lead API's tokens have another form now: %s were removed, make new "
            "ones under CRM > Configuration > Lead API > Clients.",
            cr.rowcount,
        )
