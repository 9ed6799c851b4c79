# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime
from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.exceptions import FieldError, PayloadError

_lt = LazyTranslate(__name__, default_lang="en_US")

MISSED = ("no_answer", "busy", "voicemail")  # outcomes
BEFORE_START = _lt("Send a time that is not before started_at.")
AFTER_START = _lt("Send a time that is not after answered_at and ended_at.")


class CrmLeadPhoneCall(models.Model):
    """Keep a phone call with a customer, as an outside system tells of it."""

    _name = "crm.lead.phone.call"
    _inherit = ["crm.lead.api.test.mixin"]
    _description = "Phone Call"
    _order = "start_date desc, id desc"
    _has_texts_of_clients = True

    client_id = fields.Many2one(
        "crm.lead.api.client",
        required=True,
        ondelete="restrict",
        help="The outside system that tells of the call.",
    )
    call_ref = fields.Char(
        "Call ID", required=True, help="The call's id in the outside system."
    )
    company_id = fields.Many2one("res.company", required=True)

    # Who spoke
    direction = fields.Selection(
        [("in", "Incoming"), ("out", "Outgoing")], required=True
    )
    phone = fields.Char(help="The customer's number as it was sent; empty: withheld.")
    phone_key = fields.Char(
        index="btree_not_null", help="The number in international form."
    )
    phone_search = fields.Char(
        "Phone in Any Notation",
        compute="_compute_phone_search",
        search="_search_phone_search",
        help="Finds a whole number, with the country code or without.",
    )
    agent_email = fields.Char(
        required=True,
        index="trigram",
        help="Who spoke, or should have, as the outside system says.",
    )
    agent_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        ondelete="set null",
        help="The user with the agent's e-mail or login, if there is one.",
    )

    agent_name = fields.Char("Agent's Name", compute="_compute_agent_name")

    # When
    start_date = fields.Datetime("Started", required=True, index=True)
    answer_date = fields.Datetime("Answered at")
    end_date = fields.Datetime("Ended")
    duration = fields.Float(
        compute="_compute_duration",
        store=True,
        aggregator="avg",
        help="Minutes from the answer to the end; the average is of answered calls.",
    )
    hour = fields.Selection(
        selection=lambda self: [(f"{n:02}", f"{n:02}:00") for n in range(24)],
        compute="_compute_hour",
        store=True,
        help="The hour of the day in which the call began, in the time zone of the "
        "agent, or else of the company.",
    )

    # What it was about
    outcome = fields.Selection(
        [
            ("answered", "Answered"),
            ("no_answer", "No answer"),
            ("busy", "Busy"),
            ("voicemail", "Voicemail"),
            ("wrong_number", "Wrong number"),
            ("callback", "Call back"),
        ]
    )
    is_answered = fields.Boolean("Answered", compute="_compute_is_answered", store=True)
    answered_share = fields.Float(
        "Answered (%)",
        compute="_compute_is_answered",
        store=True,
        aggregator="avg",
        help="100 if answered, otherwise 0; the average is the answered share.",
    )
    call_type = fields.Char("Kind", help="A word of the outside system.")
    note = fields.Text(index="trigram")
    recording_url = fields.Char(
        "Recording Elsewhere", help="Where the outside system keeps the recording."
    )

    # A test and a live call may have the same id.
    _call_unique = models.UniqueIndex("(call_ref, client_id, is_lead_api_test)")
    # For clients that poll for changed calls
    _client_write_date_index = models.Index("(client_id, write_date, id)")
    _write_date_index = models.Index("(write_date, id)")

    @api.depends("phone")
    def _compute_phone_search(self):
        for call in self:
            call.phone_search = call.phone

    @api.model
    def _search_phone_search(self, operator, value):
        if operator not in ("ilike", "=") or not isinstance(value, str):
            return NotImplemented
        country = self.env.company.country_id
        keys = self.env["res.partner"]._get_phone_search_keys(value, country)
        return Domain("phone_key", "in", keys)

    @api.depends("answer_date", "end_date", "start_date", "is_answered")
    def _compute_duration(self):
        for call in self:
            start = call.answer_date or call.start_date
            is_known = call.is_answered and call.end_date and start
            seconds = (call.end_date - start).total_seconds() if is_known else 0
            call.duration = max(seconds, 0) / 60

    @api.depends("start_date", "agent_id", "company_id")
    def _compute_hour(self):
        for call in self:
            start = call.start_date and pytz.utc.localize(call.start_date)
            zone = pytz.timezone(call._get_tz())
            call.hour = start and f"{start.astimezone(zone).hour:02}"

    @api.depends("agent_id.name", "agent_email")
    def _compute_agent_name(self):
        # sudo: the client's user may not read all users
        for call in self.sudo():
            call.agent_name = call.agent_id.name or call.agent_email

    @api.depends("outcome", "answer_date")
    def _compute_is_answered(self):
        for call in self:
            is_open = call.outcome in (False, "callback")
            is_answered = is_open and bool(call.answer_date)
            call.is_answered = is_answered or call.outcome == "answered"
            call.answered_share = 100.0 if call.is_answered else 0.0

    @api.depends("phone", "start_date", "partner_id.name")
    def _compute_display_name(self):
        for call in self:
            date = format_datetime(self.env, call.start_date, dt_format="short")
            name = call.partner_id.name or call.phone or self.env._("withheld")
            call.display_name = f"{name}, {date}"

    def _get_tz(self):
        """Return the name of the time zone of the agent, or else of the company."""
        # sudo: staff may not read the working hours of other companies
        call = self.sudo()
        return call.agent_id.tz or call.company_id.resource_calendar_id.tz or "UTC"

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == "duration:avg":
            duration = self._field_to_sql(self._table, "duration", query)
            return SQL("AVG(NULLIF(%s, 0))", duration)
        return super()._read_group_select(aggregate_spec, query)

    # ------------------------------------------------------------ requests

    def _put_from_payload(self, payload, call_ref):
        """Change the call by a request, or make a call if there is none.

        :param PhoneCallRequest payload: its errors are reported together with errors
            that show only here
        :param str call_ref: the call's id in the outside system
        :return: the call
        :raise PayloadError: the payload has errors
        """
        values = payload.to_values()
        errors = payload.get_errors()
        if not self:
            errors += payload.find_missing_of_new()
        errors += self._find_wrong_times(payload, values)
        related, wrong = self._prepare_related_values(payload, values, call_ref)
        values |= related
        errors += wrong
        if errors:
            raise PayloadError(payload.sort_errors(errors))
        if not self:
            client = self.env.user._get_lead_api_client()
            call = self.create({**values, "client_id": client.id, "call_ref": call_ref})
            call._process_changes(set(values))
            return call
        changed = {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }
        if changed:
            self.write(changed)
            self._process_changes(set(changed))
        return self

    def _find_wrong_times(self, payload, values):
        """Return an error for each time before the beginning of the call.

        :param dict values: the new values, by field
        """
        start = values.get("start_date", self.start_date)
        names = {"answered_at": "answer_date", "ended_at": "end_date"}
        times = {
            attribute: values.get(field, self[field])
            for attribute, field in names.items()
        }
        wrong = [
            name for name, time in times.items() if start and time and time < start
        ]
        if wrong and not any(map(payload.names, wrong)):
            return [FieldError("started_at", "range", AFTER_START)]
        return [FieldError(name, "range", BEFORE_START) for name in wrong]

    def _process_changes(self, names):
        """Update lead, chatter and planned calls after values have changed.

        :param set names: the fields that have changed
        """
        self.ensure_one()

    def _get_ticket_id(self):
        """Return the ticket as the client sends it; ``None`` without a ticket."""
        ticket = self.ticket_ref
        # sudo: staff may not read clients, but a client may know how its tickets are
        if ticket and not self.client_id.sudo().has_text_tickets and ticket.isdecimal():
            return int(ticket)
        return ticket or None
