# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import fields, models

from ...tools.text import render_by_lang, replace_in_store

SENT = Markup("<p>✉ ")  # begins the note of a message that staff sent by other means


class MailMessage(models.Model):
    """Show lines of the chatter in the language of each reader."""

    _inherit = "mail.message"

    # Nobody but the code: a text that others wrote would be shown as it is.
    body_by_lang = fields.Json(
        copy=False,
        groups=fields.NO_ACCESS,
        help="The body in each language, by its code.",
    )

    def write(self, vals):
        """Forget the other languages of messages that somebody edits or deletes."""
        if "body" in vals and "body_by_lang" not in vals:
            # sudo: see the field
            self.sudo().filtered("body_by_lang").body_by_lang = False
        return super().write(vals)

    def _is_contact_with_customer(self):
        """Tell whether a message on a lead is a contact of staff with the customer: a
        message to the customer, or an activity."""
        message = self.sudo()  # sudo: the poster may not read all fields used here
        # Odoo keeps an SMS to the customer as a note, as our dialog does each message.
        kind, body = message.message_type, message.body or ""
        is_sent = kind == "sms" or (kind == "notification" and body.startswith(SENT))
        if not message.mail_activity_type_id and not is_sent:
            is_note = message.is_internal or message.subtype_id.internal
            # The mail that made the lead: of a form, or forwarded by a colleague
            get_id = message.env["ir.model.data"]._xmlid_to_res_id
            is_first = message.subtype_id.id == get_id("crm.mt_lead_create")
            if kind not in ("comment", "email") or is_note or is_first:
                return False
        # Odoo's own user is archived, and so not among the users.
        users = message.author_id.user_ids
        return any(not user.share and not user.lead_api_client_ids for user in users)

    def _write_bodies(self, render):
        """Write the HTML body in all installed languages, rendered by code."""
        bodies = render_by_lang(self.env, render)
        body = bodies.get(self.env.lang) or next(iter(bodies.values()))
        # sudo: see the field
        self.sudo().write({"body": to_markup(body), "body_by_lang": bodies})

    def _to_store_defaults(self, target):
        names = super()._to_store_defaults(target)
        return replace_in_store(names, "body", lambda each: each._get_reader_body())

    def _get_reader_body(self):
        # sudo: who may read the message may read each language of the body
        body = (self.sudo().body_by_lang or {}).get(self.env.lang)
        return to_markup(body) if body else self.body


def to_markup(rendered):
    return Markup(rendered)  # noqa: S704  it was Markup before it became JSON
