# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools.action import get_list_action, get_notice
from ...tools.domain import count_of
from ...tools.webhook import (
    SECRET_BYTES,
    SECRET_PREFIX,
    WebhookError,
    check_url,
    generate_secret,
)
from ..access.crm_lead_api_client import MANAGER_GROUP
from .crm_lead_api_event import TEST

# The types of events, by the field that turns them on for a client
EVENT_FIELDS = {
    "webhook_assigned": "lead.assigned",
    "webhook_contacted": "lead.contacted",
    "webhook_won": "lead.won",
    "webhook_lost": "lead.lost",
    "webhook_merged": "lead.merged",
}
PAUSED = "crm_lead_api.mail_activity_type_webhook"
ADDRESS_FIELDS = {
    *("webhook_url", "webhook_test_url", "webhook_secret"),
    *("webhook_allow_private", "is_webhook_paused"),
}


class CrmLeadApiClient(models.Model):
    """Send a client events about its leads, to an address of the client."""

    _inherit = "crm.lead.api.client"

    webhook_url = fields.Char(
        "Address for Events",
        copy=False,
        tracking=True,
        help="Odoo tells this address about the progress of the client's leads: for "
        "example https://tickets.example.com/events.",
    )
    webhook_test_url = fields.Char(
        "Address for Events of Tests",
        copy=False,
        tracking=True,
        help="Events about test leads go to this address. Leave the field empty to "
        "send none.",
    )
    # No column: the secret is never in the chatter, the log of events or Odoo's log.
    webhook_secret = fields.Char(
        "Signing Secret",
        compute="_compute_webhook_secret",
        inverse="_inverse_webhook_secret",
        copy=False,
        groups=MANAGER_GROUP,
        help="Events are signed with the secret, so that the client's system can "
        "recognize forged events. Only administrators of the lead API see the "
        "secret.",
    )
    webhook_assigned = fields.Boolean(
        "Assigned", default=True, help="The lead has a new salesperson."
    )
    webhook_contacted = fields.Boolean(
        "Contacted", default=True, help="Staff have spoken to the customer."
    )
    webhook_won = fields.Boolean("Won", default=True)
    webhook_lost = fields.Boolean("Lost", default=True)
    webhook_merged = fields.Boolean(
        "Merged", default=True, help="The lead is part of another one now."
    )
    webhook_allow_private = fields.Boolean(
        "Allow Private Addresses",
        tracking=True,
        help="Events may go to addresses that are not on the public internet: for a "
        "receiver in your own network.",
    )
    is_webhook_paused = fields.Boolean(
        "Events Paused",
        copy=False,
        tracking=True,
        help="Events are kept, and sent after the pause.",
    )
    event_ids = fields.One2many("crm.lead.api.event", "client_id")
    waiting_event_count = fields.Integer(
        "Waiting Events", compute="_compute_waiting_event_count"
    )

    def _compute_webhook_secret(self):
        # For a computed field Odoo checks neither the record nor the field.
        self._origin.check_access("read")
        self._check_field_access(self._fields["webhook_secret"], "read")
        # sudo: users may not read the model of the secrets
        secrets = self.env["crm.lead.api.secret"].sudo()._get(self._origin)
        for client in self:
            client.webhook_secret = secrets.get(client._origin.id)

    def _inverse_webhook_secret(self):
        # sudo: as above; Odoo has checked that the user may write this field
        secrets = self.env["crm.lead.api.secret"].sudo()
        for client in self:
            secrets._set(client, client.webhook_secret)

    @api.depends("event_ids.state")
    def _compute_waiting_event_count(self):
        events = self.env["crm.lead.api.event"]
        is_waiting = Domain("state", "=", "waiting")
        for client, count in count_of(events, self, "client_id", is_waiting).items():
            client.waiting_event_count = count

    @api.constrains("webhook_url", "webhook_test_url", "webhook_allow_private")
    def _check_webhook_url(self):
        for client in self:
            for url in filter(None, (client.webhook_url, client.webhook_test_url)):
                try:
                    check_url(url, client.webhook_allow_private)
                except WebhookError as error:
                    raise ValidationError(
                        error.reason._translate(self.env.lang or "en_US")
                    ) from None

    @api.constrains("webhook_secret")
    def _check_webhook_secret(self):
        for client in self.filtered("webhook_secret"):
            text = client.webhook_secret
            try:
                key = base64.b64decode(text.removeprefix(SECRET_PREFIX), validate=True)
            except ValueError:
                key = b""
            if not text.startswith(SECRET_PREFIX) or len(key) < SECRET_BYTES:
                raise ValidationError(
                    self.env._(
                        "A secret is %(prefix)s and %(count)s bytes in base64: press "
                        "“New Secret”.",
                        prefix=SECRET_PREFIX,
                        count=SECRET_BYTES,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        clients = super().create(vals_list)
        clients._update_waiting_events()
        return clients

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"active", *ADDRESS_FIELDS}:
            self._update_waiting_events()
        if not vals.get("is_webhook_paused", True):  # there is nothing more to solve
            self.activity_unlink([PAUSED])
        return result

    def action_new_webhook_secret(self):
        """Replace the signing secret."""
        self.ensure_one()
        self.check_access("write")
        self.webhook_secret = generate_secret()
        self.message_post(body=self.env._("New signing secret for events"))
        message = self.env._(
            "The new secret signs all events from now on: copy it for the client's "
            "system."
        )
        return get_notice("success", message)  # the form shows the new one

    def action_send_test_event(self):
        """Send a test event, and open it in the log."""
        self.ensure_one()
        self.check_access("write")
        if not self._get_webhook_url():
            raise UserError(
                self.env._(
                    "Write an address for events first, and restore the client if it "
                    "is archived."
                )
            )
        # sudo: users may not write events
        events = self.env["crm.lead.api.event"].sudo()
        event = events.create(events._prepare_values(self, TEST, {}))
        event._trigger_sending()
        return event.get_formview_action()

    def action_open_events(self):
        name = "waiting" if self.waiting_event_count else "live"
        shown = {f"search_default_{name}": 1}
        return get_list_action(self, "crm_lead_api_event_action", "client_id", **shown)

    def _update_waiting_events(self):
        """Send, hold or cancel the waiting events after a change of the address."""
        for client in self:
            has_url = client.webhook_url or client.webhook_test_url
            if has_url and not client.webhook_secret:
                client.webhook_secret = generate_secret()
        # sudo: users may not write the log of events
        events = self.env["crm.lead.api.event"].sudo()
        waiting = events.search(
            [("client_id", "in", self.ids), ("state", "=", "waiting")]
        )
        # Without events that are being claimed, or saved, at this moment
        waiting = waiting.try_lock_for_update(allow_referencing=True)
        listening = waiting.filtered(lambda event: event._get_url())
        (waiting - listening)._cancel()
        # An event has a full day, and all attempts, to succeed again.
        listening.write({"date_tried": False, "attempts": 0})
        now = fields.Datetime.now()
        soon = listening.filtered(lambda e: not e.client_id.is_webhook_paused)
        soon.filtered(lambda event: event.next_date > now).next_date = now
        if soon:
            soon._trigger_sending()

    def _get_webhook_url(self, is_test=False):
        """Return the address for events; ``False`` if the client gets none."""
        return self.active and (self.webhook_test_url if is_test else self.webhook_url)

    def _get_webhook_events(self, is_test=False):
        """Return the types of the events that the client receives, if there is one."""
        events = EVENT_FIELDS if self._get_webhook_url(is_test) else {}
        return {event_type for name, event_type in events.items() if self[name]}

    def action_end_webhook_pause(self):
        """Send the events that wait, and all that come."""
        self.is_webhook_paused = False

    def _pause_webhook(self, get_reason):
        """Pause the client's events, and ask the client's owner to solve the problem,
        whose reason is a function of an environment in the owner's language."""
        self.is_webhook_paused = True
        self._schedule_activity(
            PAUSED,
            lambda env: env._(
                "%(client)s: events are paused (%(reason)s)",
                client=self.name,
                reason=get_reason(env),
            ),
        )
