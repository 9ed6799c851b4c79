# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.crm_lead_api.http.body import parse_json
from odoo.addons.crm_lead_api.tools.json_body import parse_leniently

from ..models.crm_lead_api_connection_field import OTHERS


class CrmLeadApiResend(models.TransientModel):
    """Send messages again: their requests are served by their connection, and not by a
    route of the lead API."""

    _inherit = "crm.lead.api.resend"

    other_answers = fields.Text(compute="_compute_other_answers")

    @api.depends("payload")
    def _compute_other_answers(self):
        for wizard in self:
            others = parse_leniently(wizard.payload or "").get(OTHERS)
            pairs = others.items() if isinstance(others, dict) else ()
            wizard.other_answers = "\n".join(f"{name}: {text}" for name, text in pairs)

    def _parse(self, received):
        if received.kind != "message":
            return super()._parse(received)
        max_depth = self.env["ir.config_parameter"]._get_lead_api_int("max_depth")
        received.data = parse_json(received.body, max_depth)
        # sudo: whoever sends again sees the log entry
        messages = self.env["crm.lead.api.message"].sudo()
        messages._parse(received, self._find_connection(received))
        return None, {"received": received}

    def _serve(self, received, env):
        if received.kind != "message":
            return super()._serve(received, env)
        self._parse(received)
        # sudo: no user may write messages in any other way
        messages = received.origin.sudo()._get_attempts().message_ids
        outcome = messages._serve(received, env, self._find_connection(received))
        for message in messages:
            words = self._find_words(message, received.data)
            message._finish(received, outcome.entry, is_done=True)
            message.unknown = [*(message.unknown or ()), *words] or False
        return outcome

    def _find_words(self, message, data):
        """Return the words that nobody knew in the last attempt, and nobody corrected:
        the lead still lacks what they mean."""
        before = parse_leniently(message.request_id.payload or "")
        return [
            word
            for word in message.unknown or ()
            if before.get(word[0]) == data.get(word[0])
        ]

    def _send(self, entry, body):
        new = super()._send(entry, body)
        if entry.kind == "message" and new.is_failed:
            messages = new.sudo()._get_attempts().message_ids  # sudo: as above
            reason = messages._get_reason(new.sudo())
            messages.write({"request_id": new.id, "reason": reason})
        return new

    def _find_connection(self, received):
        """Return the connection of a message, with superuser rights.

        :raise UserError: it is gone
        """
        connection_id = received.route.rpartition("/")[2]
        # sudo: making a lead reads secrets of the client
        connection = self.env["crm.lead.api.connection"].sudo()
        connection = connection.with_context(active_test=False).search(
            [
                ("id", "=", int(connection_id) if connection_id.isdecimal() else 0),
                ("client_id", "=", received.client.id),
            ]
        )
        if not connection:
            raise UserError(
                self.env._(
                    "The connection is gone, or has another client by now: press Try "
                    "Again on the message first, then correct it."
                )
            )
        return connection
