# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import logging
import uuid

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError

from ..models.request.errors import describe_error
from ..models.request.received_request import ReceivedRequest
from ..tools.json_body import format_problems, parse_json, to_json
from ..tools.mode import TEST_CONTEXT
from ..tools.savepoint import savepoint

_logger = logging.getLogger(__name__)


class CrmLeadApiResend(models.TransientModel):
    """Resend failed requests: many, or a single request that can be corrected first."""

    _name = "crm.lead.api.resend"
    _description = "Send Lead API Requests Again"

    request_ids = fields.Many2many(
        "crm.lead.api.request", string="Requests", readonly=True
    )
    count = fields.Integer(compute="_compute_count")
    # Computed with the user's rights, although the fields are stored.
    payload = fields.Text(
        compute="_compute_payload", store=True, readonly=False, compute_sudo=False
    )
    problems = fields.Text(
        "Errors",
        compute="_compute_payload",
        store=True,
        readonly=False,
        compute_sudo=False,
    )
    is_right = fields.Boolean(
        compute="_compute_is_right",
        store=True,
        readonly=False,
        compute_sudo=False,
        help="The payload was checked, without errors.",
    )
    lead_ids = fields.Many2many(
        "crm.lead",
        string="Leads of the Same Ticket",
        compute="_compute_lead_ids",
        help="The client may have corrected the payload, and sent it itself.",
    )

    @api.depends("request_ids")
    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard.request_ids)

    @api.depends("request_ids")
    def _compute_payload(self):
        for wizard in self:
            one = len(wizard.request_ids) == 1 and wizard.request_ids
            wizard.payload = one and one.payload_text
            wizard.problems = one and one.problems

    @api.depends("request_ids")
    def _compute_lead_ids(self):
        for wizard in self:
            entry = len(wizard.request_ids) == 1 and wizard.request_ids
            # A change is about the ticket's lead in any case.
            is_new = entry and entry.kind == "create"
            wizard.lead_ids = is_new and entry._find_leads_of_ticket()

    @api.depends("request_ids", "payload")
    def _compute_is_right(self):
        for wizard in self:
            entry = len(wizard.request_ids) == 1 and wizard.request_ids
            # Odoo may refuse other requests again, although the payload is right.
            wizard.is_right = (
                entry
                and entry.is_failed
                and entry.error_type == "validation"
                and wizard._may_act_for_client()
                and not wizard._find_problems()
            )

    def action_check(self):
        """Check the payload, and show its errors; send nothing."""
        self.ensure_one()
        self._apply_corrections()
        self._check_payload()
        return self._reopen()

    def action_send(self):
        """Send the requests again, with the rights of their clients.

        :return: the action that shows the result
        """
        self.ensure_one()
        if len(self.request_ids) > 1:
            entries = self.env["crm.lead.api.request"]
            for entry in self.request_ids.sorted("id"):
                entries |= self._send(entry, entry.payload)
            return self._show(entries)
        entry = self.request_ids
        if not entry._get_attempts().lead_id:
            self._apply_corrections()
            self._check_payload()
            if self.problems:
                return self._reopen()
            entry = self._send(entry, self.payload)
            is_new = entry != self.request_ids and not entry.is_replayed
            if is_new and entry.state == "done" and not entry.lead_id:
                return entry.get_formview_action()
            self.problems = entry.problems
        lead = entry._get_attempts().lead_id
        if not lead:
            self.is_right = False
            self.problems = self.problems or self.env._(
                "The request already made a lead, which has been deleted since."
            )
            return self._reopen()
        return lead.get_formview_action()

    def _check_payload(self):
        self.problems = self._find_problems()
        self.corrections = self._find_corrections()
        self.is_right = not self.problems

    def _find_problems(self):
        """Return the errors of the payload, in lines; ``""`` without errors."""
        client = self._get_client(self.request_ids)
        try:
            data = self._parse_body(self.payload)
            self._check_records(client, data, self._parse_payload(client, data))
        except UserError as error:
            return format_problems(self._describe(error))
        return ""

    def _parse_payload(self, client, data):
        engine = self._get_client_env(self.request_ids)["crm.lead.api.engine"]
        return engine._parse_by_kind(client, self.request_ids.kind, data)

    def _check_records(self, client, data, payload):
        """Check the payload against the database.

        :param dict data: the payload as sent
        :param payload: the payload as parsed
        :raise UserError: the payload has errors, or the lead cannot be changed
        """
        entry = self.request_ids
        engine = self._get_client_env(self.request_ids)["crm.lead.api.engine"]
        received = ReceivedRequest(
            client,
            request_ref="",
            data=data,
            payload=payload,
            kind=entry.kind,
            route=entry.route or "",
        )
        engine._check_by_kind(received)

    def _send(self, entry, body):
        """Send one request again.

        :param entry: the request's entry in the log, ``crm.lead.api.request``
        :param str body: the payload, perhaps corrected
        :return: the new entry; the old entry if there is nothing to send
        """
        client = self._get_client(entry)
        # sudo: no user may edit the log, except by sending a request again
        entry = entry.sudo()
        if not entry.is_failed or not body:
            return entry.with_env(self.env)
        env = self._get_client_env(entry)
        received = ReceivedRequest(
            client,
            request_ref=str(uuid.uuid4()),
            idempotency_key=entry.idempotency_key or "",
            body=body,
            is_test=entry.is_test,
            origin=entry.origin_id or entry,
            sender=self.env.user,
            kind=entry.kind,
            route=entry.route or "",
        )
        engine = env["crm.lead.api.engine"]
        try:
            with savepoint(self.env.cr):
                received.data = self._parse_body(body)
                received.payload = engine._parse_by_kind(
                    client, entry.kind, received.data
                )
                received.ignored_fields = received.payload.get_ignored_fields()
                new = engine._serve_by_kind(received).entry
        except (OperationalError, ConcurrencyError):
            raise  # Odoo runs the whole action again
        except Exception as error:  # logged, like any error of a request
            answer = self._describe(error)
            body = json.loads(answer)
            if reference := body.get("reference"):
                _logger.exception("Reference %s", reference)
            new = env["crm.lead.api.request"]._log(received, body["error"], answer)
        else:
            # A request of another addon need not have a lead.
            if new.lead_id or not new.is_replayed:
                entry._mark_as_resent(new)
                self.env["crm.lead.api.follow.up"]._trigger()
        self.env.invalidate_all()
        return new.with_env(self.env)

    def _get_client(self, entry):
        """Return the client of an entry, with superuser rights.

        :raise AccessError: the user may not act for the client in all of its companies
        """
        entry.check_access("read")
        entry.client_id.check_access("write")
        # sudo: making a lead reads secrets and counters of the client
        return entry.client_id.sudo()

    def _may_act_for_client(self):
        return self.request_ids.client_id.has_access("write")

    def _get_client_env(self, entry):
        """Return an environment like that of the request of an entry."""
        client = self._get_client(entry)
        env = self.env(user=client.user_id.id, context={}, su=False)
        context = TEST_CONTEXT if entry.is_test else {}
        return env(context={**env.user.context_get(), **context})

    def _parse_body(self, body):
        parameters = self.env["ir.config_parameter"]
        engine = self.env["crm.lead.api.engine"]
        nesting = [engine._get_nesting(entry.kind) for entry in self.request_ids]
        max_depth = parameters._get_lead_api_int("max_depth") + max(nesting, default=0)
        return parse_json(body or "", max_depth)

    def _describe(self, error):
        body, _status, _headers = describe_error(error, self.env.lang or "en_US")
        return to_json(body)

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Again"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _show(self, entries):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "Sent Again: %(done)s of %(count)s are leads now",
                done=len(entries.filtered("lead_id")),
                count=len(entries),
            ),
            "res_model": entries._name,
            "view_mode": "list,form",
            "domain": [("id", "in", entries.ids)],
        }
