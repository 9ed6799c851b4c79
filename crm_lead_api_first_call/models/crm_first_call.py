# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from functools import partial

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import retrying

from odoo.addons.crm_lead_api.tools.transaction import savepoint

from ..choice import Lead, choose, note_choice

GIVING = "first_call_giving"  # in the context: the addon gives the lead, not staff
CRON = "crm_lead_api_first_call.ir_cron_give_out"
WAITING_REASONS = [
    ("nobody", "Nobody is on duty"),
    ("full", "All on duty have calls enough"),
    ("absent_owner", "Waits for who knows the customer"),
]
BATCH = 100
SOON = timedelta(minutes=1)
HALF_MINUTE = SOON / 2
SAME_CALL = 5 * SOON  # the telephone system tells of it, and then the agent
# Of fields that count minutes
MINUTES = {
    "compute": "_compute_minutes",
    "store": True,
    "precompute": True,
    "aggregator": "avg",
}


class CrmFirstCall(models.Model):
    """Give a lead to somebody on duty, and to somebody else if nobody calls in time.

    A scheduled action decides, soon after the lead's commit: the lead's request neither
    waits for others nor reads working hours. A team is served by one transaction at a
    time, which locks the team.
    """

    _name = "crm.first.call"
    _inherit = "crm.lead.api.retry.mixin"
    _description = "First Call"
    _order = "id"

    lead_id = fields.Many2one("crm.lead", required=True, ondelete="cascade")
    team_id = fields.Many2one(
        "crm.team", related="lead_id.team_id", store=True, precompute=True
    )
    date = fields.Datetime("Came In", required=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", "Who Calls", index="btree_not_null")
    agent_id = fields.Many2one("res.users", "Agent of the Request", ondelete="set null")
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("given", "To Be Called"),
            ("ended", "Ended"),
        ],
        required=True,
        default="waiting",
        help="Waiting: for somebody on duty. To be called: goes to the next after the "
        "deadline. Ended: called, touched, or chosen by hand.",
    )
    waiting_reason = fields.Selection(WAITING_REASONS, "Why It Waits")
    waiting_date = fields.Datetime("Waits Since", default=fields.Datetime.now)
    deadline = fields.Datetime("Call By")
    check_date = fields.Datetime(required=True, default=fields.Datetime.now)
    is_leader_told = fields.Boolean()
    is_late_told = fields.Boolean()
    decision_ids = fields.One2many("crm.first.call.decision", "first_call_id", "Why")
    recall_count = fields.Integer("Recalls")

    # When the lead was given
    given_date = fields.Datetime("First Given")
    stage_id = fields.Many2one("crm.stage", ondelete="set null")

    # When somebody called
    unanswered_date = fields.Datetime("First Unanswered Call")
    last_try_date = fields.Datetime("Last Unanswered Call")
    try_count = fields.Integer("Unanswered Calls")
    contact_date = fields.Datetime(
        "First Contact",
        related="lead_id.first_contact_date",
        store=True,
        precompute=True,
    )
    first_try_date = fields.Datetime(
        "First Try", compute="_compute_first_try_date", store=True, precompute=True
    )
    minutes_to_give = fields.Float(
        "Minutes until Given", help="Working minutes of the team.", **MINUTES
    )
    minutes_to_try = fields.Float(
        "Minutes to the First Try",
        help="Working minutes of the team to the first call, answered or not.",
        **MINUTES,
    )
    minutes_to_contact = fields.Float(
        "Minutes to the First Contact", help="Working minutes of the team.", **MINUTES
    )

    _lead_unique = models.Constraint("UNIQUE(lead_id)", "A lead has one first call.")
    _date_index = models.Index("(date)")
    _team_date_index = models.Index("(team_id, date)")
    _team_deadline_index = models.Index("(team_id, deadline)")
    _check_index = models.Index("(check_date) WHERE state != 'ended'")

    @api.depends("unanswered_date", "contact_date")
    def _compute_first_try_date(self):
        for call in self:
            dates = filter(None, (call.unanswered_date, call.contact_date))
            call.first_try_date = min(dates, default=False)

    @api.depends("date", "given_date", "first_try_date", "contact_date")
    def _compute_minutes(self):
        for call in self:
            team, company = call.team_id, call.lead_id.company_id

            def count(end, date=call.date, team=team, company=company):
                return end and team._count_minutes(date, end, company)

            call.minutes_to_give = count(call.given_date)
            call.minutes_to_try = count(call.first_try_date)
            call.minutes_to_contact = count(call.contact_date)

    # ------------------------------------------------------------ the queue

    @api.model
    def _run_soon(self):
        """Let the scheduled action run soon. Odoo's own method would read the action
        first, and a request has few statements to spare."""
        if cron_id := self.env["ir.model.data"]._xmlid_to_res_id(CRON):
            # sudo: scheduled actions are for administrators
            triggers = self.env["ir.cron.trigger"].sudo()
            triggers.create({"cron_id": cron_id, "call_at": fields.Datetime.now()})
            self.env.cr.postcommit.add(self.env["ir.cron"]._notifydb)

    @api.model
    def _check_waiting_again(self, teams):
        """Look soon for somebody to take the waiting leads of teams."""
        domain = [("team_id", "in", teams.ids), ("state", "=", "waiting")]
        # sudo: members go on duty, and may not write first calls
        self.sudo().search(domain).check_date = fields.Datetime.now()
        self._run_soon()

    @api.model
    def _cron_give_out(self):
        """Give waiting leads out, and take back those that nobody called in time."""
        self.env["crm.team.member"]._end_duties(fields.Datetime.now())
        teams = self.env["crm.team"].search([("gives_leads_out", "=", True)])
        of_teams = Domain("team_id", "in", teams.ids)
        # A team that was switched off, archived or deleted leaves its leads as they are
        self.search(Domain("state", "!=", "ended") & ~of_teams).state = "ended"
        due = Domain("state", "=", "given") & of_teams
        due &= Domain("check_date", "<=", fields.Datetime.now())
        self._do_due(due, "_recall", "check_date, id", batch=1)
        for team in teams:
            while count := retrying(partial(self._give_out, team), self.env):
                if not self.env["ir.cron"]._commit_progress(count):
                    self._run_soon()
                    return

    @api.model
    def _give_out(self, team):
        """Give the next waiting leads of a team to members on duty.

        :return: how many were looked at; 0 if others serve the team now
        """
        now = fields.Datetime.now()
        if not team.try_lock_for_update(allow_referencing=True):
            return 0
        waiting = Domain("team_id", "=", team.id) & Domain("state", "=", "waiting")
        # A date that is further away is of a clock that was set back.
        domain = Domain("check_date", "<=", now) | Domain("check_date", ">", now + SOON)
        domain &= waiting & self._get_due_domain("_give_alone")
        if not team.crm_team_member_ids._get_present(now):
            # All night long it would be the same for each of them.
            domain &= Domain("waiting_reason", "!=", "nobody")
        calls = self.search(domain, limit=BATCH, order="date, id")
        calls = calls.try_lock_for_update(allow_referencing=True)
        if calls:
            try:
                with savepoint(self.env.cr):
                    calls._give(team, now)
            except Exception:
                for call in calls:
                    call._attempt("_give_alone")
        else:
            self._check_long_wait(waiting, team, now)
        return len(calls)

    def _give_alone(self):
        self._give(self.team_id, fields.Datetime.now())

    def _give(self, team, now):
        """Give leads of a team to members on duty; those that nobody takes wait."""
        members = team.crm_team_member_ids
        plain = members._to_plain(now)
        owners = self._find_owners(team, now)
        given, decisions, waiting = defaultdict(self.browse), [], self.browse()
        for call in self:
            lead = call.lead_id
            if not call._needs_somebody():
                call.state = "ended"
                continue
            partner = lead.partner_id.commercial_partner_id
            if lead.user_id:  # who was named by the request has the lead already
                call.agent_id = lead.user_id
            rules = team.browse() if lead.user_id else team
            choice = choose(call._to_plain(owners[partner]), plain, rules)
            if not choice.user:
                call.waiting_reason = choice.reason
                waiting |= call
                continue
            note_choice(choice, plain, now, lead.is_called)
            if partner:
                owners[partner] = [choice.user, *owners[partner]]
            given[choice.user] |= call
            decisions.append(call._prepare_decision(choice, now))
        waiting.check_date = now + HALF_MINUTE  # for the next run
        for user_id, calls in given.items():
            calls._give_to(self.env["res.users"].browse(user_id), team, now)
        self.env["crm.first.call.decision"].create(decisions)
        members._keep_shares(plain, now)

    def _is_open(self):
        """Tell whether the lead still waits for a first call."""
        return self._needs_somebody() and not self.lead_id.is_called

    def _is_due(self):
        """Tell whether the lead waits for a first call, and no call to the customer has
        planned the next."""
        again = self.lead_id._get_calls_again("no_answer", "call_back")
        return self._is_open() and not again

    def _needs_somebody(self):
        """Tell whether the lead waits for a first call, or for a salesperson: customers
        call, or book, before anybody has their lead."""
        lead = self.lead_id
        return not (lead._is_at_rest() or (lead.is_called and lead.user_id))

    def _wait_anew(self):
        """Let leads wait for somebody on duty from now on."""
        now = fields.Datetime.now()
        values = {"state": "waiting", "user_id": False, "deadline": False}
        values |= {"check_date": now, "is_leader_told": False, "waiting_reason": False}
        values["waiting_date"] = now
        self.write(values)
        if self:
            self._run_soon()

    def _alarm(self, reason):
        """Leave a lead that could not be given out to staff, who see it in the list of
        waiting leads; its later attempts go on."""
        self.is_leader_told = True
        self._tell_leader()

    def _find_owners(self, team, now):
        """Return the users of the customers' other leads: of open ones first, then of
        the last one."""
        partners = self.lead_id.partner_id.commercial_partner_id
        result = defaultdict(list)
        if not partners:
            return result
        start = now - relativedelta(months=team.owner_months)
        leads = self.env["crm.lead"].with_context(active_test=False)
        leads = leads.search_fetch(
            [
                ("partner_id", "child_of", partners.ids),
                ("user_id", "!=", False),
                ("id", "not in", self.lead_id.ids),
                *("|", ("create_date", ">=", start)),
                *("&", ("active", "=", True), ("won_status", "=", "pending")),
            ],
            ["partner_id", "user_id", "won_status", "active"],
            order="create_date desc, id desc",
        )
        is_open = {lead: not lead._is_at_rest() for lead in leads}
        for lead in leads.sorted(lambda each: not is_open[each]):
            partner = lead.partner_id.commercial_partner_id
            if is_open[lead] or not result[partner]:
                result[partner].append(lead.user_id.id)
        return result

    def _to_plain(self, owners):
        """Return the lead as plain data, for ``choose``; see there."""
        lead = self.lead_id
        return Lead(
            company=lead.company_id.id or 0,
            language=lead.lang_id.id or None,
            categories=frozenset(lead.service_ids.product_id.categ_id.ids),
            agent=self._filter_of_branch(self.agent_id).id or None,
            owners=tuple(owners),
            former=frozenset(self.decision_ids.former_user_id.ids),
        )

    def _filter_of_branch(self, users):
        """Return the active users who work in the lead's company. With another user
        the lead would lose its company, and so be open to all branches."""
        company = self.lead_id.company_id
        return users.filtered(lambda user: user.active and company <= user.company_ids)

    def _prepare_decision(self, choice, now):
        return {
            "first_call_id": self.id,
            "date": now,
            "user_id": choice.user,
            "reason": choice.reason,
            "on_duty_count": len(choice.candidates),
            "unskilled_count": choice.others,
        }

    def _give_to(self, user, team, now):
        """Give leads to a user, with the time to call by unless it is done."""
        deadlines = self._get_deadlines(team, now)
        for call in self:
            lead = call.lead_id
            is_open = call._is_due()
            call.write(
                {
                    "state": "given" if is_open else "ended",
                    "user_id": user.id,
                    "stage_id": lead.stage_id.id,
                    "given_date": call.given_date or now,
                    "is_late_told": False,
                    "deadline": is_open and deadlines[call],
                    "check_date": deadlines[call],
                }
            )
        leads = self.lead_id.filtered(lambda each: each.user_id != user)
        leads.with_context(**{GIVING: True}, mail_notify_force_send=False).write(
            {"user_id": user.id}
        )
        for lead in self.lead_id - leads:
            lead._plan_first_call(now)  # a quiet client's request has planned none
        self.env["ir.cron"]._run_soon(CRON, sorted(set(deadlines.values())))
        self._tell_given()

    def _get_deadlines(self, team, now):
        """Return by when to call: the team's minutes after the lead's arrival, or after
        now if the lead has waited or comes from somebody else."""
        minutes, result = team.first_call_minutes, {}
        by_company = self.grouped(lambda each: each.lead_id.company_id)
        for company, calls in by_company.items():
            dates = [now, *calls.mapped("date")]
            ends = team._add_minutes_to_each(dates, minutes, company)
            for call in calls:
                has_waited = ends[now] - ends[call.date] > SOON
                is_new = not (call.recall_count or has_waited)
                result[call] = ends[call.date if is_new else now]
        return result

    # ------------------------------------------------------------ the recall

    def _recall(self):
        """Give a lead that nobody called in time to somebody else."""
        now, lead, team = fields.Datetime.now(), self.lead_id, self.team_id
        if not lead.try_lock_for_update(allow_referencing=True):
            self.check_date = now + SOON
            return
        if self._is_touched():
            self.state = "ended"
            return
        if not team._is_open(now, lead.company_id):
            opening = team._add_minutes(now, 0, lead.company_id)
            self.check_date = max(opening, now + SOON)
            return
        edited = lead.write_date + SOON
        if lead.write_uid == self.user_id and edited > now:
            self.check_date = edited
            return
        former, deadline = self.user_id, self.deadline
        others = self._filter_of_branch(team.crm_team_member_ids.user_id)
        others -= former | self.decision_ids.former_user_id | team.user_id
        if others and self.recall_count < team.recalls_max:
            self._recall_by_choice(team, now)
        else:
            self._recall_to_leader(team, now)
        if self.user_id == former:
            self._tell_late()
        else:
            self._tell_recalled(former, deadline)

    def _recall_by_choice(self, team, now):
        """Give a lead to the next member on duty; if there is none, look again soon."""
        members, former = team.crm_team_member_ids, self.user_id
        plain = members._to_plain(now)
        lead = self._to_plain([])
        lead = replace(lead, agent=None, former=lead.former | {former.id})
        choice = choose(lead, plain, team)
        if not choice.user:
            self.check_date = now + SOON
            return
        note_choice(choice, plain, now)
        members._keep_shares(plain, now)
        user = self.env["res.users"].browse(choice.user)
        self._take_back(self._prepare_decision(choice, now))
        self._give_to(user, team, now)

    def _recall_to_leader(self, team, now):
        """Give a lead that several members did not call to the team leader, for good.
        Without a leader who works in its company it stays where it is."""
        leader = self._filter_of_branch(team.user_id)
        if leader and leader != self.user_id:
            self._take_back({"date": now, "user_id": leader.id, "reason": "leader"})
            self._give_to(leader, team, now)
        self.state = "ended"

    def _take_back(self, decision):
        """Take a lead from who did not call, with the values of the line that says who
        calls now."""
        # The planned call says until when; a new one is planned for who calls now.
        self.lead_id._get_first_calls().unlink()
        self.env["crm.lead.api.event"]._watch_recall(self.lead_id, self.user_id)
        self.recall_count += 1
        self.env["crm.first.call.decision"].create(
            {
                **decision,
                "first_call_id": self.id,
                "former_user_id": self.user_id.id,
            }
        )

    def _is_touched(self):
        """Tell whether somebody has done something about the lead since it was given:
        then it stays."""
        lead = self.lead_id
        meetings = self.env["calendar.event"].search_count(
            [("opportunity_id", "=", lead.id), ("create_date", ">=", self.given_date)],
            limit=1,
        )
        return bool(
            self._is_moved_on()
            or lead.user_id != self.user_id
            or meetings
            or "meeting" in lead.activity_ids.mapped("activity_category")
        )

    def _is_moved_on(self):
        """Tell whether the lead needs nobody any more, or has another stage."""
        is_moved = self.state == "given" and self.lead_id.stage_id != self.stage_id
        return is_moved or not self._needs_somebody()

    def _end_touched(self):
        """End the first calls of leads that need nobody any more."""
        for call in self.filtered(lambda each: each.state != "ended"):
            if call._is_moved_on():
                call.state = "ended"

    def _reopen(self):
        """Let leads wait for the call of whoever got them: a contact was taken back."""
        now = fields.Datetime.now()
        for call in self.filtered(lambda each: each.state == "ended"):
            lead, team = call.lead_id, call.team_id
            if (
                team.gives_leads_out
                and call._is_due()
                and not call.try_count
                and call.user_id
                and call._get_reason() not in ("hand", "leader")
                and lead.stage_id == call.stage_id
            ):
                minutes = team.first_call_minutes
                end = team._add_minutes(now, minutes, lead.company_id)
                call.write({"state": "given", "deadline": end, "check_date": end})
                self.env["ir.cron"]._run_soon(CRON, end)

    def _get_reason(self):
        """Return the code of why the lead's salesperson has it, if the lead was given
        out."""
        if not self:
            return None
        line = self.decision_ids[:1]
        if not line:
            return "agent"  # of the request, which is now
        return line.reason if line.user_id == self.lead_id.user_id else "hand"

    # ------------------------------------------------------------ staff

    def _follow_staff(self, former):
        """Leave a lead with whom staff have chosen; a lead that staff have taken from
        somebody waits for somebody else."""
        lead, now = self.lead_id, fields.Datetime.now()
        if lead.user_id and lead.user_id == self.user_id:
            return  # as before, or with a lead that is merged into this one
        line = {"first_call_id": self.id, "date": now, "reason": "hand"}
        if lead.user_id and self.state != "ended":
            self.write(
                {
                    "state": "ended",
                    "user_id": lead.user_id.id,
                    "given_date": self.given_date or now,
                    "deadline": self.deadline or lead.call_date,
                }
            )
            line["user_id"] = lead.user_id.id
        elif not lead.user_id and self._is_open() and lead.team_id.gives_leads_out:
            lead._get_first_calls().unlink()
            self._wait_anew()
            line["former_user_id"] = former.id
        else:  # nobody is to call, or whoever staff have chosen
            self.state = "ended"
            return
        self.env["crm.first.call.decision"].create(line)

    def _merge(self, lead):
        """Keep one first call of a lead and of those that are merged into it."""
        kept = (
            self.filtered(lambda call: call.state == "given")
            or self.filtered(lambda call: call.lead_id == lead)
            or self.sorted("date")
        )[:1]
        if not kept:
            return
        others = self - kept
        others.decision_ids.first_call_id = kept
        is_ended = "ended" in self.mapped("state") or lead.user_id != kept.user_id
        names = ("date", "given_date", "unanswered_date")
        first = {
            name: min(filter(None, self.mapped(name)), default=False) for name in names
        }
        waiting = self.filtered(lambda call: call.state == "waiting")
        if kept in waiting:
            first["waiting_date"] = min(waiting.mapped("waiting_date"))
        others.unlink()
        kept.write({**first, "lead_id": lead.id})
        if lead.user_id and is_ended:
            kept.state = "ended"

    # ------------------------------------------------------------ unanswered calls

    def _get_next_try_date(self, start):
        """Return when to call again after a call at a time, UTC, that nobody answers,
        if the team has a step for that."""
        team, count = self.team_id, self.try_count
        if self._is_noted(start):
            start, count = self.last_try_date, count - 1
        steps = team._get_next_tries() if team.gives_leads_out else []
        if count >= len(steps) or self.contact_date:
            return None
        company, minutes = self.lead_id.company_id, steps[count]
        if minutes:
            return team._add_minutes(start, minutes, company)
        return team._get_next_morning(start, company)

    def _note_try(self, date):
        """Note that nobody answered a call at a time, UTC, and end the recalls; return
        whether the call counts."""
        if not self or self._is_noted(date) or self.contact_date:
            return False
        self.write(
            {
                "unanswered_date": self.unanswered_date or date,
                "last_try_date": date,
                "try_count": self.try_count + 1,
                "state": "ended" if self.state == "given" else self.state,
            }
        )
        return True

    def _is_noted(self, date):
        """Tell whether a call at a time, UTC, that nobody answered is noted already."""
        last = self.last_try_date
        return last and date <= last + SAME_CALL
