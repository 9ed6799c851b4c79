# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timezone

from markupsafe import Markup

from odoo import fields, models
from odoo.tools import plaintext2html


class CrmLead(models.Model):
    """Keep the notes of a client's agents in the chatter."""

    _inherit = "crm.lead"

    def _post_note(self, payload):
        """Post an internal note, written by the agent's user or else by the client's,
        with the agent's e-mail below.

        :param NoteRequest payload: a checked payload
        :return: the note, ``mail.message``
        """
        self.ensure_one()
        company = self.company_id or self.env.company
        [agent] = self.with_company(company)._find_agents([payload.agent_email])
        author = agent or self.env.user
        moment = payload.occurred_at
        body = plaintext2html(payload.text)
        if not agent:
            body += Markup("<p>– %s</p>") % payload.agent_email
        return self.message_post(
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            # sudo: a client's user may not read all users
            author_id=author.sudo().partner_id.id,
            date=moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)
            if moment
            else fields.Datetime.now(),
        )
