# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, api
from odoo.tools.sql import column_exists

from odoo.addons.crm_lead_api.models.follow_up.crm_lead import NOTE
from odoo.addons.crm_lead_api.tools.follow_up import collect_follow_ups


def migrate(cr, version):
    """Let the scheduled action work on the new queue, and put the leads into it that
    were not followed up before the update."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    if cron := env.ref("crm_lead_api.ir_cron_follow_up", raise_if_not_found=False):
        cron.write(
            {
                "name": "Lead API: notes, notices and scores of new leads",
                "model_id": env["ir.model"]._get_id("crm.lead.api.follow.up"),
                "code": "model._cron_process()",
            }
        )
    if not column_exists(cr, "crm_lead", "lead_api_follow_up"):
        return
    cr.execute(
        """
        SELECT id, lead_api_follow_up FROM crm_lead
         WHERE lead_api_follow_up IS NOT NULL ORDER BY id
        """
    )
    for lead_id, left in cr.fetchall():
        _follow_up(env["crm.lead"].browse(lead_id), left)


def _follow_up(lead, left):
    """Subscribe the followers of a lead, and queue the rest of its follow-up.

    :param dict left: ``is_contact_new``: the request has made the contact
    """
    user = lead.create_uid
    context = dict(user.context_get())
    lead = lead.with_env(lead.env(user=user, context=context, su=True))
    values = {
        name: lead[name].id
        for name, field in lead._fields.items()
        if field.type == "many2one" and field.store
    }
    with collect_follow_ups() as follow_ups:
        if isinstance(left, dict) and left.get("is_contact_new"):
            partner = lead.partner_id
            if partner:
                body = partner._creation_message()
                follow_ups.add("contact_note", partner, body=body)
        with follow_ups.making(lead._name):
            lead.message_post(
                body=NOTE % lead._creation_message(),
                subtype_id=lead._creation_subtype().id,
                author_id=user.partner_id.id,
            )
            lead._message_auto_subscribe(values, "update")
        follow_ups.add("score", lead)
    lead.env["crm.lead.api.follow.up"]._queue(follow_ups)
