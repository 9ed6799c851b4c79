# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from odoo.addons.mail.tools.discuss import Store


class MailMessage(models.Model):
    """Show lines of the chatter in the language of each reader."""

    _inherit = "mail.message"

    chatter_line = fields.Json(
        help="What the line tells: the model and the id of a record, whose method "
        "_get_chatter_line returns the text; the body is in one language.",
    )

    def _to_store_defaults(self, target):
        names = super()._to_store_defaults(target)
        body = Store.Attr("body", lambda message: message._get_line_body())
        return [body if name == "body" else name for name in names]

    def _get_line_body(self):
        """Return the text of the message, of a line in the reader's language."""
        line = self.chatter_line
        if line and line["model"] in self.env:
            # sudo: who may read the message may read what it tells
            record = self.env[line["model"]].sudo().browse(line["id"]).exists()
            if record:
                return record._get_chatter_line(line)
        return self.body
