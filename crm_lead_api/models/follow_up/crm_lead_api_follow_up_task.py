# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class CrmLeadApiFollowUp(models.Model):
    """Do the work of each task, by Odoo's own methods."""

    _inherit = "crm.lead.api.follow.up"

    def _do_note(self):
        self._act_as_maker(self.lead_id)._post_creation_note(**self.arguments)

    def _do_notice(self):
        arguments = dict(self.arguments)
        lead = self._act_as_maker(self.lead_id)
        lead = lead.with_context(lang=arguments.pop("lang"))
        lead._message_auto_subscribe_notify(**arguments)

    def _do_message(self):
        lead = self._act_as_maker(self.lead_id)
        message = lead.env["mail.message"].browse(self.arguments["message_id"])
        # Sends nothing if Odoo's own scheduled action has already sent the notices
        lead.env["mail.message.schedule"]._send_message_notifications(message)

    def _do_contact_note(self):
        groups = self.grouped(lambda each: (each.user_id, each.partner_id.create_date))
        for (_user, date), records in groups.items():
            partners = records._act_as_maker(records.partner_id)
            bodies = {each.partner_id.id: each.arguments["body"] for each in records}
            # A note has the date of its contact.
            partners = partners.with_context(default_date=date.replace(microsecond=0))
            partners._message_log_batch(bodies=bodies)

    def _do_call(self):
        for lead in self.lead_id:
            lead._plan_first_call(lead.create_date)

    def _do_score(self):
        self.lead_id._update_scores()

    def _act_as_maker(self, record):
        """Return a lead or contacts in the environment of the request: the client's
        user, and the user's language.

        With superuser rights, as Odoo itself posts creation notes: the user may have
        lost access meanwhile.
        """
        user = self.user_id
        context = {
            **user.context_get(),
            # Odoo's scheduled action for e-mails sends the e-mails.
            "mail_notify_force_send": False,
        }
        record = record.with_env(self.env(user=user, context=context, su=True))
        if record._name == "crm.lead":
            record = record.with_company(record.company_id)
        return record
