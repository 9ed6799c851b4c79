# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.json_body import parse_leniently

MAX_WAITING = 1000  # requests that are read to find those with a code
MAX_RESENT = 100  # requests that are sent again in one transaction


class CrmLeadApiCode(models.Model):
    """Find the refused requests that have a code, and send them again."""

    _inherit = "crm.lead.api.code"

    waiting_count = fields.Integer(
        "Waiting Requests",
        compute="_compute_waiting_count",
        help="Refused requests with this code that can be sent again.",
    )

    @api.depends("client_id", "attribute", "code")
    def _compute_waiting_count(self):
        for code in self:
            code.waiting_count = len(code._find_waiting_requests())

    def action_send_waiting(self):
        """Open the dialog that sends the requests again that waited for the codes, the
        oldest first, at most ``MAX_RESENT`` at once.

        :return: the dialog; a notice if no request waits
        """
        entries = self.env["crm.lead.api.request"].union(
            *(code._find_waiting_requests() for code in self if code.res_id)
        )
        if not entries:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "info",
                    "message": self.env._("No request waits for this code."),
                },
            }
        oldest = entries.sorted("id")[:MAX_RESENT]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_api.crm_lead_api_resend_action"
        )
        return {**action, "context": {"default_request_ids": oldest.ids}}

    def _find_waiting_requests(self):
        """Return the refused requests with this code, one for each ticket.

        Without tickets that have a lead meanwhile: the client has sent them again.
        """
        requests = self.env["crm.lead.api.request"]
        if not (self.client_id and self.attribute and self.code):
            return requests
        is_own = Domain("client_id", "=", self.client_id.id)
        refused = requests.search(
            is_own
            & Domain("state", "=", "refused")
            & Domain("payload", "!=", False)
            & Domain("error_fields", "like", self.attribute),
            limit=MAX_WAITING,
        ).filtered(lambda entry: self._is_in(parse_leniently(entry.payload)))
        tickets = [entry.ticket_ref for entry in refused if entry.ticket_ref]
        done = requests.search(
            is_own
            & Domain("ticket_ref", "in", tickets)
            & Domain("lead_id", "!=", False)
        ).mapped("ticket_ref")
        newest = {}
        for entry in refused:
            newest.setdefault(entry.ticket_ref or entry.origin_id or entry, entry)
        return requests.union(
            *(entry for entry in newest.values() if entry.ticket_ref not in done)
        )

    def _is_in(self, data):
        """Tell whether a payload has the code.

        :param dict data: the payload as sent
        """
        value = data.get(self.attribute)
        values = value if isinstance(value, list) else [value]
        return self.code in {str(each).strip() for each in values}
