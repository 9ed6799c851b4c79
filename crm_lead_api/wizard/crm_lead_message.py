# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from urllib.parse import quote

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ..models.lead.mail_message import SENT
from ..tools.action import get_notice
from ..tools.phone_number import is_e164


class CrmLeadMessage(models.TransientModel):
    """Write a message to the customer of a lead, by the channel that the customer has.

    An addon overrides ``_get_text`` for what it knows, such as an appointment.
    """

    _name = "crm.lead.message"
    _description = "Message to a Customer"

    lead_id = fields.Many2one(
        "crm.lead", required=True, readonly=True, ondelete="cascade"
    )
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        compute="_compute_lang",
        store=True,
        readonly=False,
    )
    text = fields.Text(compute="_compute_text", store=True, readonly=False)
    zalo_url = fields.Char(related="lead_id.phone_zalo_url", related_sudo=False)
    channel = fields.Char(help="What was opened last: Zalo or SMS.")
    may_sms = fields.Boolean("Can Get SMS", compute="_compute_channels")
    may_email = fields.Boolean("Can Get E-Mail", compute="_compute_channels")

    @api.depends("lead_id")
    def _compute_lang(self):
        for message in self:
            message._check_lead()
            message.lang = message.lead_id._get_customer_lang()

    @api.depends("lead_id", "lang")
    def _compute_text(self):
        for message in self:
            message._check_lead()
            message.text = message.with_context(lang=message.lang)._get_text()

    @api.depends("lead_id")
    def _compute_channels(self):
        for message in self:
            lead = message.lead_id
            message.may_sms = is_e164(lead.phone_key or "")
            contact = lead.partner_id
            message.may_email = bool(contact.email if contact else lead.email_from)

    def action_open_zalo(self):
        self.ensure_one()
        self.channel = "Zalo"
        return {"type": "ir.actions.act_url", "url": self.zalo_url, "target": "new"}

    def action_send_sms(self):
        """Open the telephone's own messages, with number and text."""
        self.ensure_one()
        self.channel = "SMS"
        url = f"sms:{self.lead_id.phone_key}?body={quote(self.text or '')}"
        return {
            "type": "ir.actions.client",
            "tag": "crm_lead_api_open_address",
            "params": {"url": url},
        }

    def action_write_email(self):
        """Open an e-mail to the customer with the text."""
        self.ensure_one()
        lead = self.lead_id
        if not lead.partner_id:
            lead._handle_partner_assignment()
        if not lead.partner_id.email:
            raise UserError(
                self.env._("The contact of the lead has no e-mail address.")
            )
        return self.env["mail.compose.message"]._get_records_action(
            name=self.env._("E-Mail to the Customer"),
            target="new",
            context={
                "default_model": lead._name,
                "default_res_ids": lead.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": lead.partner_id.ids,
                "default_body": plaintext2html(self.text or ""),
            },
        )

    def action_mark_sent(self):
        """Tell colleagues that the customer has got the text: a contact, as an e-mail
        is. Odoo cannot know what was pasted into a chat."""
        self.ensure_one()
        lead = self.lead_id
        lead.check_access("write")
        message = lead._message_log()
        message._write_bodies(lambda lang: self.with_context(lang=lang)._describe())
        if not lead.first_contact_date:
            lead.first_contact_date = message.date
        lead._take_when_free()
        text = self.env._("The message is in the chatter of the lead.")
        return get_notice("success", text)

    def _describe(self):
        parts = [self.env._("Message sent to the customer"), self.channel]
        line = SENT + Markup("%s</p>") % " · ".join(filter(None, parts))
        return line + plaintext2html(self.text or "")

    def _check_lead(self):
        """Check that the user may read the lead: the superuser computes fields."""
        self.lead_id.sudo(False).check_access("read")

    def _get_text(self):
        """Return the text to begin with, in the language of the environment."""
        lead = self.lead_id
        return self.env._(
            "Dear %(customer)s, this is %(company)s. Thank you for your interest: when "
            "may we call you?",
            customer=lead.contact_name or lead.partner_id.name or lead.call_name,
            company=(lead.company_id or self.env.company).name,
        )
