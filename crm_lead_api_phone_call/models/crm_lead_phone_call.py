# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

import pytz
from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_duration

from odoo.addons.crm_lead_api.models.lead.crm_lead_call import CALL
from odoo.addons.crm_lead_api.models.lead.customer_profile_mixin import PHONE_KEY_FIELDS
from odoo.addons.crm_lead_api.models.lead.res_partner import TimelineEntry
from odoo.addons.crm_lead_api.tools.day import format_moment, tell_time, to_local
from odoo.addons.crm_lead_api.tools.fields import PROPOSED, keep_until
from odoo.addons.crm_lead_api.tools.mode import ALL, MODE
from odoo.addons.crm_lead_api.tools.phone_number import is_filler, parse_phone

from .res_config_settings import CALL_BACK_MINUTES, RECORDING_DAYS

MISSED = ("no_answer", "busy", "voicemail")  # outcomes
WRONG = "wrong_number"  # nobody is to dial the number again
DAY = timedelta(days=1)


class CrmLeadPhoneCall(models.Model):
    """Keep a phone call with a customer, as an outside system tells of it, and by when
    a missed one is to be called back."""

    _name = "crm.lead.phone.call"
    _inherit = ["crm.lead.api.record.mixin", "crm.lead.api.test.mixin"]
    _description = "Phone Call"
    _order = "start_date desc, id desc"
    _has_texts_of_clients = True
    _staff_action = "crm_lead_api_phone_call.crm_lead_phone_call_action"

    client_id = fields.Many2one(
        "crm.lead.api.client",
        required=True,
        ondelete="restrict",
        help="The outside system that tells of the call.",
    )
    call_ref = fields.Char(
        "Call ID", required=True, help="The call's id in the outside system."
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        **PROPOSED,
        required=True,
    )

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

    # Whose call it was
    lead_id = fields.Many2one("crm.lead", index="btree_not_null", ondelete="set null")
    is_shared = fields.Boolean(
        "For All Salespeople",
        compute="_compute_is_shared",
        store=True,
        precompute=True,
        help="Never of a lead. Other calls are for those who may see the lead or, when "
        "it is deleted, for those who see all leads.",
    )
    # Not "cascade": Odoo's privacy look-up does not find records that the database
    # deletes with the contact.
    partner_id = fields.Many2one(
        "res.partner", string="Contact", index="btree_not_null", ondelete="set null"
    )
    has_account = fields.Boolean(
        "Contact as Sent", help="The outside system has named the contact."
    )
    ticket_ref = fields.Char(
        "Ticket", help="The ticket's number in the outside system."
    )
    source_group_id = fields.Many2one(related="lead_id.source_group_id")

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
    recording = fields.Binary(attachment=True)
    recording_type = fields.Char("Type of Recording")
    recording_size = fields.Integer("Size of Recording", aggregator=None)
    kept_until = keep_until(RECORDING_DAYS, "start_date")

    # What follows
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
    is_missed = fields.Boolean(
        "Missed",
        compute="_compute_is_missed",
        store=True,
        help="An incoming call that nobody answered.",
    )
    call_back_deadline = fields.Datetime(
        "Call Back By",
        help="The end of the working minutes that the settings grant after a missed "
        "call; empty without a number that can be called.",
    )
    called_back_date = fields.Datetime(
        "Called Back",
        help="When the number was called, or spoken with, after the missed call.",
    )
    is_called_back_late = fields.Boolean(
        "Called Back Late", compute="_compute_is_called_back_late", store=True
    )

    # A test and a live call may have the same id.
    _call_unique = models.UniqueIndex("(call_ref, client_id, is_lead_api_test)")
    # For clients that poll for changed calls
    _client_write_date_index = models.Index("(client_id, write_date, id)")
    _write_date_index = models.Index("(write_date, id)")
    _ticket_index = models.Index("(ticket_ref, client_id) WHERE ticket_ref IS NOT NULL")
    _recording_index = models.Index("(start_date) WHERE recording_type IS NOT NULL")
    _missed_index = models.Index(
        "(phone_key, start_date) WHERE is_missed AND called_back_date IS NULL"
    )
    _number_index = models.Index("(phone_key, start_date) WHERE phone_key IS NOT NULL")
    _deadline_index = models.Index("(call_back_deadline) WHERE is_missed")

    @api.depends("lead_id.company_id")
    def _compute_company_id(self):
        for call in self:
            call.company_id = call.lead_id.company_id or call.company_id

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

    @api.depends("agent_id.name", "agent_email")
    def _compute_agent_name(self):
        # sudo: the client's user may not read all users
        for call in self.sudo():
            call.agent_name = call.agent_id.name or call.agent_email

    @api.depends("lead_id")
    def _compute_is_shared(self):
        for call in self:
            before = call._origin
            call.is_shared = not call.lead_id and (not before or before.is_shared)

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
            zone, start = pytz.timezone(call._get_tz()), call.start_date
            call.hour = start and f"{to_local(start, zone).hour:02}"

    @api.depends("outcome", "answer_date")
    def _compute_is_answered(self):
        for call in self:
            is_open = call.outcome in (False, "callback")
            is_answered = is_open and bool(call.answer_date)
            call.is_answered = is_answered or call.outcome == "answered"
            call.answered_share = 100.0 if call.is_answered else 0.0

    @api.depends("direction", "outcome")
    def _compute_is_missed(self):
        for call in self:
            call.is_missed = call.direction == "in" and call.outcome in MISSED

    @api.depends("called_back_date", "call_back_deadline")
    def _compute_is_called_back_late(self):
        for call in self:
            deadline, date = call.call_back_deadline, call.called_back_date
            call.is_called_back_late = bool(deadline and date and date > deadline)

    @api.depends("phone", "start_date", "partner_id.name")
    def _compute_display_name(self):
        for call in self:
            date = format_moment(self.env, call.start_date)
            name = call.partner_id.name or call.phone or self.env._("withheld")
            call.display_name = f"{name}, {date}"

    def unlink(self):
        # sudo: the line tells of the call
        self.sudo().message_id.unlink()
        return super().unlink()

    def _check_access(self, operation):
        """Let staff read, and so hear, only the calls of leads that they may read."""
        result = super()._check_access(operation)
        if self.env.su or operation != "read" or self.env.user._get_lead_api_client():
            return result
        forbidden, get_error = result or (self.browse(), None)
        # sudo: the calls' leads, whose rights are then checked
        calls = (self - forbidden).sudo()
        leads = calls.lead_id.with_env(self.env)
        hidden = leads - leads._filtered_access("read")
        if not hidden:
            return result
        forbidden |= self.browse(calls.filtered(lambda c: c.lead_id in hidden).ids)
        rules = self.env["ir.rule"]
        return forbidden, get_error or (
            lambda: rules._make_access_error(operation, forbidden)
        )

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == "duration:avg":
            duration = self._field_to_sql(self._table, "duration", query)
            return SQL("AVG(NULLIF(%s, 0))", duration)
        return super()._read_group_select(aggregate_spec, query)

    # ------------------------------------------------------------ the lead

    def _get_first_contacts(self):
        """Return the calls after which a planned first call is needless."""
        return self.filtered(
            lambda call: (
                (call.is_answered or call.callback_date) and not call._is_before_lead()
            )
        )

    def _is_before_lead(self):
        """Tell whether the call ended a day or more before its lead was made, and was
        about something else: an older call without a ticket joins the customer's newest
        lead when a request changes the call."""
        made, end = self.lead_id.create_date, self.end_date or self.start_date
        return bool(made) and not self.ticket_ref and end <= made - DAY

    def _get_leads_at_rest(self):
        """Return the leads of the calls, but those whose next call stays: nobody has
        answered a later call, or staff have planned it since the call began, such as
        for a customer who cancels in it."""
        tries = Domain("direction", "=", "out") & Domain("outcome", "in", MISSED)
        unasked = (False, "new_lead", "no_answer")
        return self.filtered(
            lambda call: (
                not self.search_count(
                    tries
                    & Domain("lead_id", "=", call.lead_id.id)
                    & Domain("start_date", ">", call.start_date),
                    limit=1,
                )
                and not call.lead_id._get_first_calls().filtered(
                    lambda next_call: (
                        next_call.call_reason not in unasked
                        and next_call.create_date > call.start_date
                    )
                )
            )
        ).lead_id

    def _process_try(self):
        """Let an outgoing call that did not reach the customer count for the lead: the
        next one, after a call that nobody answered, takes the place of a planned first
        call."""
        lead, outcome = self.lead_id, self.outcome
        if not lead or self.direction != "out" or outcome not in (*MISSED, WRONG):
            return
        if self._is_before_lead():
            return
        date = outcome != WRONG and lead._get_next_try_date(self.start_date)
        user = (lead.user_id | self.agent_id).filtered("active")[:1]
        is_noted = lead._note_try(self.start_date)
        is_open = not lead._is_at_rest()
        if is_noted and is_open and date and user and not self.callback_date:
            lead._plan_next_try(date, automated=True, user=user)

    def _write_line(self):
        """Write the line of the call in the chatter of its lead, or change it."""
        if self.lead_id and not self.message_id:
            author = self.agent_id or self.env.user
            self.message_id = self.lead_id._message_log(
                author_id=author.partner_id.id, email_from=False
            )
        if self.message_id:
            self.message_id._write_bodies(
                lambda lang: self.with_context(lang=lang)._get_line()
            )

    def _get_line(self):
        """Return the call in a line, and the note below."""
        direction, outcome = self._get_labels()
        parts = [
            self.env._("Phone call"),
            direction,
            self.phone or self.env._("withheld"),
            tell_time(self.env, self.start_date, pytz.timezone(self._get_tz()))[1],
            outcome,
            self.duration and format_duration(self.duration),
            self.agent_name,
            self.call_type,
        ]
        line = Markup("<p>☎ %s</p>") % " · ".join(part for part in parts if part)
        if self.note:
            note = Markup("<br/>").join(self.note.splitlines())
            line += Markup("<p>%s</p>") % note
        return line

    def _get_contact_date(self):
        """Return when an answered call reached the customer of its lead, UTC; ``False``
        for other calls, and for those of before the lead."""
        made = self.lead_id.create_date
        if not (made and self.is_answered) or self._is_before_lead():
            return False
        return max(self.answer_date or self.start_date, made.replace(microsecond=0))

    def _take_back_contact(self, lead, date):
        """Take back that a call was the first contact with a lead's customer at a date,
        unless the call still is: a mailbox had picked up, or the lead was wrong. The
        first contact is a later one, if there was any. Return the lead if so, else
        none."""
        is_same = lead == self.lead_id and date == self._get_contact_date()
        if not date or is_same or lead.first_contact_date != date:
            return lead.browse()
        answered = lead.phone_call_ids.filtered("is_answered")
        dates = [call._get_contact_date() for call in answered]
        dates.append(lead._find_first_contact())
        lead.first_contact_date = min(filter(None, dates), default=False)
        return lead

    def _plan_callback(self):
        """Plan the next call for the salesperson, on the lead or else on the contact;
        a call that was planned before and is still open goes. A missed call is to be
        called back, unless another call of the lead is due by then."""
        self._unplan_callback()
        record = self.lead_id or self.partner_id
        date, is_missed = self.callback_date, False
        if not date and not self.called_back_date and self.lead_id:
            date = self.call_back_deadline
            is_missed = bool(date)
            planned = self.lead_id._get_next_call()
            if is_missed and planned and planned._get_planned_end() <= date:
                return
        if not (date and record):
            return
        if not is_missed:  # another time was agreed on, as when staff log a call
            self._find_agreed_before()._unplan_callback()
        user = (record.user_id | self.agent_id).filtered("active")[:1]
        self.activity_id = self.env["mail.activity"]._plan(
            record,
            CALL,
            date,
            pytz.timezone(user.tz or self._get_tz()),
            lambda env, time: (
                env._("Missed call: call back by %s", time)
                if is_missed
                else env._("Call back at %s", time)
            ),
            user,
            call_reason="missed" if is_missed else "call_back",
        )

    def _find_agreed_before(self):
        """Return the earlier calls with the customer in which a next call was agreed
        on."""
        of_customer = Domain("lead_id", "=", self.lead_id.id)
        if not self.lead_id:
            of_customer &= Domain("partner_id", "=", self.partner_id.id)
        return self.search(
            of_customer
            & Domain("start_date", "<", self.start_date)
            & Domain("callback_date", "!=", False)
        )

    def _unplan_callback(self):
        self.activity_id.filtered("active").unlink()

    # ------------------------------------------------------------ missed calls

    def _update_missed(self, is_other_number):
        """Set the time by which to call back, by the company's working hours, and the
        later call that counts, or else when staff called the same number by hand."""
        minutes = self.env["ir.config_parameter"]._get_lead_api_int(CALL_BACK_MINUTES)
        key = self.phone_key or ""
        is_withheld = is_filler(key) and not parse_phone(key, False)
        if self.is_missed and not is_withheld:
            by_hand = not is_other_number and self.called_back_date
            dates = (self._find_call_back().start_date, by_hand)
            dates = [date for date in dates if date and date >= self.start_date]
            calendar = self.company_id.resource_calendar_id
            self.write(
                {
                    "call_back_deadline": calendar._add_working_minutes(
                        self.company_id, self.start_date, minutes
                    ),
                    "called_back_date": min(dates, default=False),
                }
            )
        elif self.call_back_deadline:  # not missed after all
            self.write({"call_back_deadline": False, "called_back_date": False})
        if not is_withheld:
            self._update_missed_before()

    def _find_call_back(self):
        """Return the first later call of the number that was outgoing or answered."""
        return self.search(
            self._get_same_number()
            & Domain("start_date", ">=", self.start_date)
            & (Domain("direction", "=", "out") | Domain("is_answered", "=", True)),
            order="start_date",
            limit=1,
        )

    def _update_missed_before(self):
        """Note on earlier missed calls of the number that this call answers them, or
        that it does so no more."""
        if self.direction == "in" and not self.is_answered:
            self._find_called_back()._update_called_back()
            return
        missed = self.search(
            self._get_same_number()
            & Domain("start_date", "<=", self.start_date)
            & Domain("is_missed", "=", True)
            & Domain("called_back_date", "=", False)
        )
        missed._mark_as_called_back(self.start_date)

    def _update_called_back(self):
        """Note when missed calls were called back, if not by the call that counted."""
        for call in self:
            call.called_back_date = call._find_call_back().start_date
            if not (call.callback_date or call.activity_id):
                call._plan_callback()

    def _find_called_back(self):
        """Return the missed calls that this call has answered."""
        return self.search(
            self._get_same_number()
            & Domain("is_missed", "=", True)
            & Domain("called_back_date", "=", self.start_date)
        )

    def _mark_as_called_back(self, date):
        """Note when the missed calls were called back; a call that was planned for a
        time that was agreed on stays planned."""
        self.called_back_date = date
        self.filtered(lambda call: not call.callback_date)._unplan_callback()

    @api.model
    def _mark_calls_of(self, activities):
        """Mark the missed calls that done activities were planned for, and those of the
        activities' leads, and of the leads' numbers, as called back now."""
        called = Domain("activity_id", "in", activities.ids)
        done = activities.filtered(lambda each: each.res_model == "crm.lead")
        # sudo: no user may write calls, and who has called may not see the lead
        for lead in self.env["crm.lead"].sudo().browse(done.mapped("res_id")):
            numbers = [lead[name] for name in PHONE_KEY_FIELDS if lead[name]]
            company = lead.company_id or self.env.company
            has_number = Domain("phone_key", "in", numbers)
            has_number &= Domain("company_id", "=", company.id)
            is_own = Domain("lead_id", "=", lead.id) | has_number
            called |= is_own & Domain("is_lead_api_test", "=", lead.is_lead_api_test)
        is_open = Domain("called_back_date", "=", False)
        calls = self.sudo().with_context(**{MODE: ALL})
        missed = calls.search(called & Domain("is_missed", "=", True) & is_open)
        missed._mark_as_called_back(fields.Datetime.now())

    def _get_same_number(self):
        """Return the domain of the number's calls in the same company, or by the same
        telephone system, which may be of several branches."""
        is_near = Domain("company_id", "=", self.company_id.id)
        is_near |= Domain("client_id", "=", self.client_id.id)
        return Domain("phone_key", "=", self.phone_key) & is_near

    # ------------------------------------------------------------ erasure

    def _anonymize(self):
        """Erase what the calls tell about the customer; the figures stay."""
        self._delete_recordings()
        # sudo: who may delete a contact may erase it from the chatter
        self.sudo().message_id.unlink()
        told = ("phone", "phone_key", "note", "call_type", "recording_url")
        self.write(dict.fromkeys((*told, "ticket_ref"), False))
        # Nobody can call back any more.
        self.filtered(lambda call: not call.called_back_date).call_back_deadline = False

    # ------------------------------------------------------------ texts

    def _get_timeline_entry(self):
        self.ensure_one()
        direction, outcome = self._get_labels()
        parts = (
            direction,
            outcome,
            self.duration and format_duration(self.duration),
            self.agent_name,
            self.note,
        )
        return TimelineEntry(
            self.start_date,
            self.env._("Phone Call"),
            self.lead_id,
            " · ".join(part for part in parts if part),
            icon="fa-phone",
        )

    def _get_labels(self):
        """Return direction and outcome for people; ``None``: it is not known yet."""
        return [
            dict(self._fields[name]._description_selection(self.env)).get(self[name])
            for name in ("direction", "outcome")
        ]

    def _get_tz(self):
        """Return the name of the time zone of the agent, or else of the company."""
        # sudo: staff may not read the working hours of other companies
        call = self.sudo()
        return call.agent_id.tz or call.company_id.resource_calendar_id.tz or "UTC"
