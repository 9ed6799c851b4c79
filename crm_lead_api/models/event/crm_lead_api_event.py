# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.json_body import indent_json

TEST = "ping"
GC_LIMIT = 10_000  # events whose bodies are erased at once


class CrmLeadApiEvent(models.Model):
    """Queue and log the events about leads for clients.

    An event is written in the transaction that changes the lead, once for all changes
    in the transaction; a scheduled action sends the event after the commit.
    """

    _name = "crm.lead.api.event"
    _description = "Lead API Event"
    _order = "id desc"
    _log_access = False

    date = fields.Datetime("Time", required=True, index=True)
    client_id = fields.Many2one(
        "crm.lead.api.client", required=True, index=True, ondelete="cascade"
    )
    is_test = fields.Boolean("Test", help="The event is about a test lead.")
    company_id = fields.Many2one("res.company", ondelete="set null")
    type = fields.Selection(
        [
            ("lead.assigned", "Assigned"),
            ("lead.contacted", "Contacted"),
            ("lead.won", "Won"),
            ("lead.lost", "Lost"),
            ("lead.merged", "Merged"),
            (TEST, "Test"),
        ],
        string="Event",
        required=True,
    )
    message_ref = fields.Char(
        "Message ID",
        required=True,
        index=True,
        help="The header webhook-id: the same each time it is sent.",
    )
    lead_id = fields.Many2one("crm.lead", index="btree_not_null", ondelete="set null")
    ticket_ref = fields.Char("Ticket", index="btree_not_null")
    body = fields.Text(help="In JSON; forgotten after some time.")
    body_text = fields.Text("Body in Lines", compute="_compute_body_text")

    # Result
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("delivered", "Delivered"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        default="waiting",
    )
    is_held = fields.Boolean(
        compute="_compute_is_held",
        compute_sudo=True,
        help="The event waits, because the client's events are paused.",
    )
    attempts = fields.Integer(aggregator=None)
    date_tried = fields.Datetime("First Attempt")  # since the last pause of the client
    next_date = fields.Datetime("Next Attempt")
    claimed_until = fields.Datetime(
        "Claimed until",
        help="Until then a server is sending the event. If the server dies, the event "
        "is sent again afterwards.",
    )
    date_delivered = fields.Datetime("Delivered on")
    status = fields.Integer(
        "HTTP Status",
        aggregator=None,
        help="The status of the last answer; 0: there was no answer.",
    )
    error = fields.Char(help="The reason why the last delivery failed.")
    duration = fields.Integer("Duration (ms)", aggregator="avg")

    _waiting_index = models.Index("(next_date, id) WHERE state = 'waiting'")
    _claimed_index = models.Index("(client_id) WHERE claimed_until IS NOT NULL")
    _body_date_index = models.Index("(date) WHERE body IS NOT NULL")
    _test_date_index = models.Index("(date) WHERE is_test IS TRUE")

    @api.depends("type", "ticket_ref")
    def _compute_display_name(self):
        names = dict(self._fields["type"]._description_selection(self.env))
        for event in self:
            ticket = event.ticket_ref
            name = names[event.type]
            event.display_name = f"{name} ({ticket})" if ticket else name

    @api.depends("body")
    def _compute_body_text(self):
        for event in self:
            event.body_text = indent_json(event.body)

    @api.depends("state", "type", "client_id.is_webhook_paused")
    def _compute_is_held(self):
        for event in self:
            is_sent = event.state != "waiting" or event.type == TEST
            event.is_held = not is_sent and event.client_id.is_webhook_paused

    def action_send_again(self):
        """Send failed, delivered or cancelled events again."""
        events = self.filtered(lambda event: event.state != "waiting" and event.body)
        if not events:
            raise UserError(
                self.env._(
                    "Nothing to resend: these events are still queued, or "
                    "their content was erased."
                )
            )
        events.check_access("read")
        events.client_id.check_access("write")
        if not all(event._get_url() for event in events):
            raise UserError(self.env._("The client has no address for events."))
        # sudo: users may not write the log of events
        events.sudo().write(
            {
                "state": "waiting",
                "attempts": 0,
                "date_tried": False,
                "next_date": fields.Datetime.now(),
                "claimed_until": False,
                "date_delivered": False,
                "error": False,
            }
        )
        events._trigger_sending()

    def _get_url(self):
        """Return the address that the event goes to; ``False`` if there is none."""
        return self.client_id._get_webhook_url(self.is_test)

    def _cancel(self):
        self.write({"state": "cancelled", "next_date": False})

    @api.autovacuum
    def _gc_bodies(self):
        """Erase the content of old events; the figures stay."""
        days = self.env["ir.config_parameter"]._get_lead_api_int("payload_days")
        oldest = fields.Datetime.now() - timedelta(days=days)
        events = self.search(
            Domain("date", "<", oldest) & Domain("body", "!=", False), limit=GC_LIMIT
        ).try_lock_for_update(allow_referencing=True)
        events.filtered(lambda event: event.state == "waiting")._cancel()
        events.write({"body": False, "ticket_ref": False, "error": False})
        return len(events), len(events) == GC_LIMIT
