# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import pytz
from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_duration

from odoo.addons.crm_lead_api.tools.day import tell_time

CALL = "mail.mail_activity_data_call"
# Fields whose values the line in the chatter has
LINE_FIELDS = {
    *("lead_id", "direction", "phone", "outcome", "start_date", "answer_date"),
    *("end_date", "agent_id", "agent_email", "note", "call_type"),
}


class CrmLeadPhoneCall(models.Model):
    """Tell the lead of the phone call: a line in the chatter, the first contact, the
    next call."""

    _inherit = "crm.lead.phone.call"

    callback_date = fields.Datetime("Call Again at")
    activity_id = fields.Many2one(
        "mail.activity",
        string="Planned Call",
        index="btree_not_null",
        ondelete="set null",
    )
    message_id = fields.Many2one(
        "mail.message",
        string="Line in the Chatter",
        index="btree_not_null",
        ondelete="set null",
    )

    def _process_changes(self, names):
        # In the language of the client's user: that of the request is for the answer.
        lang = self.env.user.context_get().get("lang")
        # sudo: the client's user has no rights on leads and contacts of staff
        call = self.sudo().with_context(lang=lang)
        if "lead_id" in names:
            call._tell_other_lead()
        if names & LINE_FIELDS:
            call._tell_lead()
        call._mark_first_contact()
        is_done = call.activity_id and not call.activity_id.active
        is_moved = names & {"lead_id", "partner_id"} and not is_done
        if "callback_date" in names or is_moved:
            call._plan_callback()
        return super()._process_changes(names)

    def _tell_other_lead(self):
        """Delete the line of the call in the chatter of an earlier lead."""
        if self.message_id.res_id != self.lead_id.id:
            self.message_id.unlink()

    def _tell_lead(self):
        """Write the line of the call in the chatter of its lead, or change it."""
        if self.message_id:
            self.message_id.body = self._get_line()
        elif self.lead_id:
            author = self.agent_id or self.env.user
            self.message_id = self.lead_id._message_log(
                body=self._get_line(), author_id=author.partner_id.id, email_from=False
            )

    def _get_line(self):
        """Return the call in a line, and the note below."""
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("direction", "outcome")
        }
        parts = [
            self.env._("Phone call"),
            labels["direction"][self.direction],
            self.phone or self.env._("withheld"),
            tell_time(self.env, self.start_date, pytz.timezone(self._get_tz()))[1],
            labels["outcome"].get(self.outcome),
            self.duration and self._format_duration(),
            self.agent_name,
            self.call_type,
        ]
        line = Markup("<p>☎ %s</p>") % " · ".join(part for part in parts if part)
        if self.note:
            note = Markup("<br/>").join(self.note.splitlines())
            line += Markup("<p>%s</p>") % note
        return line

    def _format_duration(self):
        """Return minutes and seconds: ``03:20``."""
        return format_duration(self.duration)

    def _mark_first_contact(self):
        """Mark an answered call as the first contact with the customer of the lead."""
        lead = self.lead_id
        if self.is_answered and lead and not lead.first_contact_date:
            made = lead.create_date.replace(microsecond=0)
            lead.first_contact_date = max(self.answer_date or self.start_date, made)

    def _plan_callback(self):
        """Plan the next call for the salesperson, on the lead or else on the contact;
        a call that was planned before and is still open goes."""
        if self.activity_id.active:
            self.activity_id.unlink()
        record = self.lead_id or self.partner_id
        if not (self.callback_date and record):
            return
        user = record.user_id or self.agent_id
        zone = pytz.timezone(user.tz or self._get_tz())
        env = self.with_context(lang=user.lang or self.env.lang).env
        day, time = tell_time(env, self.callback_date, zone)
        # Without an e-mail: the call is in the salesperson's list.
        record = record.with_context(mail_activity_quick_update=True)
        self.activity_id = record.activity_schedule(
            CALL,
            day,
            summary=env._("Call back at %s", time),
            user_id=user.id,
            planned_date=self.callback_date,
            automated=False,
        )
