# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.day import tell_time
from ...tools.domain import search_in_sql
from .crm_lead_call_outcome import NOT_REACHED

CALL = "mail.mail_activity_data_call"
FAST = 15  # working minutes within which a lead should be contacted


class CrmLead(models.Model):
    """Plan the phone calls of salespeople to the customers of leads."""

    _inherit = "crm.lead"

    # Odoo lists the leads of a customer with what is archived: done activities, too.
    activity_ids = fields.One2many(context={"active_test": True})
    is_called = fields.Boolean(
        "Called",
        compute="_compute_is_called",
        search="_search_is_called",
        help="Somebody has spoken or written to the customer, or the customer has an "
        "appointment.",
    )
    is_contacted_fast = fields.Boolean(
        "Contacted within 15 Working Minutes",
        compute="_compute_is_contacted_fast",
        store=True,
        help="By the working hours of whoever had the lead at the first contact.",
    )
    call_date = fields.Datetime(
        "Call By",
        compute="_compute_call_date",
        help="The time of the first planned call; of a call that was planned without a "
        "time, the end of its day. Leads without a planned call come last, the newest "
        "first.",
    )
    call_date_why = fields.Char(
        "Why by Then",
        compute="_compute_call_date_why",
        help="Why to call, and what the time of a first call follows from.",
    )
    call_user_id = fields.Many2one(
        "res.users", string="Who Calls", compute="_compute_call_date"
    )
    call_reason = fields.Char(
        "Why Call",
        compute="_compute_call_reason",
        help="Why the first call was planned, and which call to the customer it is.",
    )
    is_not_reached = fields.Boolean(
        compute="_compute_call_reason",
        help="The last call was to a wrong number, and none is planned.",
    )
    call_kind = fields.Selection(
        lambda self: self.env["mail.activity"]._get_call_reasons(),
        "Reason of the Call",
        compute="_compute_call_reason",
        search="_search_call_kind",
        help="The same without words of the staff's own, to group leads by.",
    )
    next_step = fields.Selection(
        [("call", "Call"), ("quote", "Quote")],
        compute="_compute_next_step",
        help="What the salesperson does next; its button is the first.",
    )

    @api.depends("first_contact_date")
    def _compute_is_called(self):
        called = self.filtered_domain(self._get_called_domain())
        for lead in self:
            lead.is_called = lead in called

    def _search_is_called(self, operator, value):
        if operator != "in":
            return NotImplemented  # Odoo searches for those that are, and negates
        return self._get_called_domain()

    @api.model
    def _get_called_domain(self):
        """Return the domain of the leads that need no first call. An addon overrides
        this method to add leads whose customers it has met."""
        return Domain("first_contact_date", "!=", False)

    @api.depends("first_contact_date")
    def _compute_is_contacted_fast(self):
        for lead in self:
            date = lead.first_contact_date
            lead.is_contacted_fast = bool(date) and (
                date <= lead._add_working_minutes(lead.create_date, FAST)
            )

    @api.depends("is_called")
    def _compute_next_step(self):
        for lead in self:
            lead.next_step = "quote" if lead.is_called else "call"

    @api.depends(
        "activity_ids.activity_category",
        "activity_ids.date_deadline",
        "activity_ids.planned_date",
        "activity_ids.user_id",
    )
    def _compute_call_date(self):
        for lead in self:
            call = lead._get_next_call()
            lead.call_date = call and call._get_planned_end()
            lead.call_user_id = call.user_id

    @api.depends("call_reason", "call_date")
    @api.depends_context("lang", "uid")
    def _compute_call_date_why(self):
        for lead in self:
            texts, call = [lead.call_reason], lead._get_next_call()
            if call.planned_date and (hours := call.call_hours):
                texts.append(
                    self.env._(
                        "within %(minutes)s working minutes of %(whose)s", **hours
                    )
                )
            if lead.is_not_reached:
                texts.append(
                    self.env._("call another number, write, or mark the lead as lost")
                )
            lead.call_date_why = " · ".join(filter(None, texts))

    @api.depends(
        "is_called",
        "call_date",
        "user_id",
        "activity_ids.active",
        "activity_ids.call_reason",
        "activity_ids.summary",
    )
    @api.depends_context("lang", "uid")
    def _compute_call_reason(self):
        activities = self.env["mail.activity"]
        labels = dict(activities._get_call_reasons())
        counted = activities._get_timed_reasons()  # not calls about an appointment
        done = self._get_done_calls().grouped("res_id")
        starts = self._get_calling_starts()
        for lead in self:
            call = lead._get_next_call()
            code = call.call_reason or (not call and not lead.is_called and "new_lead")
            lead.call_kind = code
            text = labels.get(code) or call._get_reader_summary()
            texts = [text or call.activity_type_id.name]
            if code and not call:  # it comes last
                texts = [
                    self.env._("No call planned")
                    if lead.user_id
                    else self.env._("Nobody's yet")
                ]
            calls = done.get(lead.id, call.browse())
            last_call = calls.sorted("finished_date, id")[-1:]
            last, contact = last_call.call_outcome_id, lead.first_contact_date
            # Not after a wrong number: nobody is to dial that number again.
            lead.is_not_reached = is_wrong = (
                not call
                and last.result == "not_reached"
                and (not contact or contact < last_call.finished_date)
            )
            if is_wrong or (code and not call):
                texts.append(last.name)
            if code and not is_wrong and (start := starts.get(lead)):
                _day, time = tell_time(self.env, start, lead._get_time_zone())
                text = self.env._("call from %s", time)
                whose = lead._get_first_call_hours()["whose"]
                is_other = whose and whose != self.env.user.name
                texts.append(f"{text} ({whose})" if is_other else text)
            is_counted = code in counted or (call and not code)
            if is_counted and calls and not is_wrong:
                texts.append(self.env._("call %s", len(calls) + 1))
            lead.call_reason = " · ".join(filter(None, texts))

    def _search_call_kind(self, operator, value):
        return search_in_sql("call_kind", operator, value)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != "call_kind":
            return super()._field_to_sql(alias, field_expr, query)
        # The rules of its computation: a call without a reason has none.
        lead_id = SQL.identifier(alias, "id")
        calls = self.env["mail.activity"]
        called = self._get_called_domain().optimize_full(self)
        return SQL(
            "CASE WHEN EXISTS %s THEN %s WHEN NOT (%s) THEN 'new_lead' END",
            calls._search_next_call(self._name, lead_id),
            calls._search_next_call(self._name, lead_id, "call_reason"),
            called._to_sql(self, alias, query),
        )

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Order by whom to call first: by time; without a time a wrong number comes
        last, a salesperson's lead before nobody's, and the newest first."""
        order = super()._order_field_to_sql
        if field_name == "call_date":
            lead_id = SQL.identifier(alias, "id")
            calls = self.env["mail.activity"]
            return SQL(
                "(%s) %s %s, %s, %s IS NULL, %s DESC, %s DESC",
                *(calls._search_next_call(self._name, lead_id), direction, nulls),
                calls._search_not_reached(self._name, lead_id),
                self._field_to_sql(alias, "user_id", query),
                self._field_to_sql(alias, "create_date", query),
                lead_id,
            )
        return order(alias, field_name, direction, nulls, query)

    def write(self, vals):
        is_moved = vals.keys() & {"active", "probability", "stage_id"}
        moved = self if is_moved else self.browse()
        before = moved.filtered(lambda each: each._is_at_rest())
        result = super().write(vals)
        closed = moved.filtered(lambda each: each._is_at_rest())
        closed._get_first_calls().unlink()
        opened = before - closed
        # sudo: who opens a lead may not plan activities of others
        leads = self._hand_over_calls() if vals.get("user_id") else opened.sudo()
        # Nobody is to dial a wrong number again: read for all before any is planned
        idle = leads.filtered(lambda each: not each._get_open_calls())
        for lead in idle.filtered(lambda each: not each.is_not_reached):
            lead._plan_first_call(fields.Datetime.now())
        return result

    def _is_at_rest(self):
        """Tell whether nobody works on the lead: closed, or archived."""
        return not self.active or self.won_status != "pending"

    def _merge_dependences_history(self, opportunities):
        # sudo: the calls may be those of other users. Odoo moves open activities only.
        opportunities.sudo()._get_done_calls().res_id = self.id
        result = super()._merge_dependences_history(opportunities)
        self.invalidate_recordset(["activity_ids"])
        # Calls that bookings plan stay; those of earlier versions have no reason.
        calls = self._get_first_calls().filtered(
            lambda call: call.call_reason in (False, "new_lead")
        )
        calls = calls.sorted("planned_date")
        is_called = any((self | opportunities).mapped("is_called"))
        (calls if is_called else calls[1:]).unlink()
        if self.user_id:
            self._hand_over_calls()
        return result

    def _get_first_calls(self):
        """Return the open calls for new leads, and those after a call that nobody
        answered, with superuser rights."""
        # sudo: the calls may be those of other users
        calls = self.sudo()._get_open_calls()
        # A call that was moved to another day has no time.
        calls = calls.filtered(
            lambda call: call.automated and (call.planned_date or call.call_reason)
        )
        return calls | self._get_calls_again("no_answer")

    @api.model
    def _end_first_calls(self, find_leads):
        """Delete the first calls of leads at the end of the transaction: all that was
        read before a deletion is read again after it. The leads are found then, for a
        savepoint may have taken back the reason."""

        def end():
            if calls := find_leads()._get_first_calls():
                calls.unlink()
                self.env.flush_all()

        self.env.cr.precommit.add(end)

    def _hand_over_calls(self):
        """Give the calls that Odoo has planned to the salesperson, and return the
        leads, with superuser rights. Leads without a client, and their activities, are
        other addons' business."""
        # sudo: who assigns a lead may not change the activities of others
        leads = self.sudo().filtered(lambda lead: lead._has_first_call())
        leads = leads.with_context(mail_activity_quick_update=True)
        for lead in leads:
            for call in lead._get_calls_to_hand_over():
                if call.user_id != lead.user_id:
                    call.user_id = lead.user_id
        return leads

    def _get_calls_to_hand_over(self):
        """Return the open calls that go to a new salesperson."""
        return self._get_open_calls().filtered(
            lambda call: call.automated or call.planned_date
        )

    def _prepare_given_values(self, user):
        """Return the values to show, by field, as ``web_read`` does, once the user has
        given the lead to a colleague and may not read it: what changes for certain, and
        ``False`` for what may change."""
        colleague = {"id": user.id, "display_name": user.display_name}
        values, call = {"user_id": colleague}, self._get_next_call()
        if self._has_first_call() and not call:
            values["call_date_why"] = False  # a call may be planned now
        elif self._has_first_call() and call in self._get_calls_to_hand_over():
            values["call_user_id"] = colleague
        return values

    def _plan_first_call(self, start):
        """Plan the first call to the lead's customer, if the client wants it and nobody
        has called yet; the minutes that the client grants begin at ``start``, UTC."""
        self.ensure_one()
        if (
            self.user_id
            and not self._is_at_rest()
            and not self.is_called
            and not self._get_open_calls()
            and (date := self._get_first_call_date(start))
        ):
            self._plan_activity(
                CALL,
                date,
                lambda env, time: env._("Call by %s", time),
                automated=True,
                call_reason="new_lead",
                call_hours=self._get_first_call_hours(),
            )

    def _has_first_call(self):
        """Tell whether Odoo plans the first call of the lead, and gives the call to
        each new salesperson; an addon may add leads."""
        return bool(self.lead_api_client_id)

    def _get_first_call_date(self, start):
        """Return by when to call first after a start, both UTC, if the client wants
        such calls; an addon may have other times."""
        # sudo: only Lead API administrators may read clients
        client = self.sudo().lead_api_client_id
        return client.plans_call and self._add_working_minutes(
            start, client.call_minutes
        )

    def _get_first_call_hours(self):
        """Return the working minutes to the first call, and the name of whom they are,
        as ``call_hours`` keeps both; see :meth:`_get_first_call_date`."""
        # sudo: only Lead API administrators may read clients
        minutes = self.sudo().lead_api_client_id.call_minutes
        return {"minutes": minutes, "whose": self.user_id.name}

    def _get_next_try_date(self, start):
        """Return when to call again if nobody answers a call at a time, UTC; ``None``:
        when the result of the call says. An addon may have times of its own."""
        return None

    def _note_try(self, date):
        """Note that nobody answered a call at a time, UTC; return whether an addon
        counts the call: then the next one is at :meth:`_get_next_try_date`."""
        return False

    def _plan_next_try(self, date, **options):
        """Plan another call after one that nobody answered, in place of a planned
        first call and of an earlier try, at a time, UTC, with options of
        :meth:`_plan_activity`."""
        self._get_first_calls().unlink()
        return self._plan_activity(
            CALL,
            date,
            lambda env, time: env._("Call again at %s: not reached", time),
            call_reason="no_answer",
            **options,
        )

    def _plan_activity(self, activity_type, date, get_summary, user=None, **values):
        """Plan an activity of a user, by default of the salesperson, or else, also
        after the salesperson has left, of whoever plans it; see ``_plan`` of
        ``mail.activity``."""
        self.ensure_one()
        return self.env["mail.activity"]._plan(
            self,
            activity_type,
            date,
            self._get_time_zone(),
            get_summary,
            user or self.user_id.filtered("active") or self.env.user,
            **values,
        )

    def _get_calls_again(self, *reasons):
        """Return the open calls that were planned for one of the reasons, after an
        earlier call, with superuser rights."""
        # sudo: the calls may be those of other users
        calls = self.sudo()._get_open_calls()
        return calls.filtered(lambda call: call.call_reason in reasons)

    def _get_open_calls(self):
        return self.activity_ids.filtered(
            lambda each: each.active and each.activity_category == "phonecall"
        )

    def _get_next_call(self):
        """Return the first of the planned calls, perhaps none."""
        return self._get_open_calls().sorted(lambda call: call._get_planned_end())[:1]

    def _find_first_contact(self):
        """Find when staff first wrote to the customer, or spoke in a call that is done,
        UTC; ``False``: never. Only the superuser finds all messages and calls."""
        # The message of a call does not tell the result.
        messages = self.message_ids.filtered(
            lambda each: (
                each.mail_activity_type_id.category != "phonecall"
                and each._is_contact_with_customer()
            )
        )
        calls = self._get_done_calls().filtered(
            lambda call: call.call_outcome_id.result not in NOT_REACHED
        )
        dates = messages.mapped("date") + calls.mapped("finished_date")
        return bool(dates) and min(dates).replace(microsecond=0)

    def action_log_call(self):
        """Ask for the result of a call, of the first planned one if there is one."""
        self.ensure_one()
        if call := self._get_next_call():
            return call.action_done_with_result()
        return self.env["crm.lead.call.result"]._open(default_lead_id=self.id)

    def action_plan_call(self):
        """Ask for the day and time of a call, and who makes the call."""
        return self.env["mail.activity.schedule"]._get_records_action(
            name=self.env._("Plan a Call"),
            target="new",
            context={
                "active_model": self._name,
                "active_ids": self.ids,
                "default_activity_type_id": self.env.ref(CALL).id,
            },
        )

    def action_open_customer(self):
        """Open the customer, with the timeline of all leads and appointments."""
        return self.partner_id._get_records_action()

    def action_take(self):
        """Give a lead that nobody has to the user; the lead stays at its branch."""
        self._check_free()
        self._take_when_free()
        if not self.user_id:  # the user is of no team there
            team = self.team_id or self._find_team(self.company_id)
            self.write({"user_id": self.env.uid, "team_id": team.id})

    def _take_when_free(self):
        """Give a lead that nobody has to the user who goes on with it, if a member of
        a team: nobody else is to call the customer again."""
        user = self.env.user
        teams = user.crm_team_ids.filtered("active")
        if self.company_id:  # the lead stays at its branch
            companies = {self.company_id, self.company_id.browse()}
            teams = teams.filtered(lambda team: team.company_id in companies)
        if teams and not self.user_id and not self._is_at_rest():
            is_own = self.team_id in teams or self.team_id.user_id == user
            team = self.team_id if is_own else teams[0]
            self.write({"user_id": user.id, "team_id": team.id})

    @api.model
    def _find_team(self, company):
        """Find the team that Odoo gives to opportunities of the user, at a company
        alone, or else at all that the user has ticked."""
        companies = company or self.env.companies
        teams = self.env["crm.team"].with_context(allowed_company_ids=companies.ids)
        return teams._get_default_team_id(domain=[("use_opportunities", "=", True)])

    def _check_free(self):
        colleague = self._get_colleague_in_charge() or {}  # who was faster
        if owner := colleague.get("owner") or self.user_id.name:
            raise UserError(self.env._("%s has this lead already.", owner))

    def _get_time_zone(self):
        """Return the time zone of the salesperson, or else of the user."""
        user, _company, calendar, _resource = self._get_working_hours()
        return pytz.timezone(user.tz or calendar.tz or "UTC")

    def _get_working_hours(self):
        """Return who works on the lead, for which company, the calendar, and whose time
        off counts, if anybody's."""
        self.ensure_one()
        # sudo: staff may not read other users' working hours
        user = (self.user_id or self.env.user).sudo()
        company = (self.company_id or self.env.company).sudo()
        own = user.resource_ids.filtered(lambda each: each.company_id == company)[:1]
        calendar = (own or user.resource_ids[:1]).calendar_id
        return user, company, calendar or company.resource_calendar_id, own or None

    def _get_calling_hours(self):
        """Return by whose hours somebody calls first, as :meth:`_get_working_hours`
        does; an addon may have other hours."""
        return self._get_working_hours()

    def _get_calling_starts(self):
        """Return when the working hours of whoever calls first begin, UTC, by lead: of
        leads without a planned call, outside of these hours."""
        now, starts = fields.Datetime.now(), {}
        waiting = self.filtered(
            lambda lead: not (lead.is_called or lead._get_next_call())
        )
        # One search of time off for all leads of a salesperson
        by_hours = waiting.grouped(lambda lead: lead._get_calling_hours())
        for (_user, company, calendar, resource), leads in by_hours.items():
            start = calendar._add_working_minutes(company, now, 0, resource)
            if start > now:
                starts |= dict.fromkeys(leads, start)
        return starts

    def _add_working_minutes(self, start, minutes):
        """Return the end of some working minutes of the salesperson, in naive UTC."""
        _user, company, calendar, resource = self._get_working_hours()
        return calendar._add_working_minutes(company, start, minutes, resource)
