# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_lead_api.tools.transaction import savepoint

from ..tools.choice import Lead, choose, note_choice

GIVING = "first_call_giving"  # in the context: the addon gives the lead, not staff
CRON = "crm_lead_api_first_call.ir_cron_give_out"
BATCH = 100
SOON = timedelta(minutes=1)


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
        "crm.team", related="lead_id.team_id", store=True, index=True
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
    deadline = fields.Datetime("Call By")
    check_date = fields.Datetime(required=True, default=fields.Datetime.now)
    is_leader_told = fields.Boolean()
    decision_ids = fields.One2many("crm.first.call.decision", "first_call_id", "Why")
    recall_count = fields.Integer("Recalls")

    # When the lead was given
    given_date = fields.Datetime("First Given")
    stage_id = fields.Many2one("crm.stage", ondelete="set null")

    _lead_unique = models.Constraint("UNIQUE(lead_id)", "A lead has one first call.")
    _check_index = models.Index("(check_date) WHERE state != 'ended'")

    # ------------------------------------------------------------ the queue

    @api.model
    def _run_soon(self, at=None):
        """Let the scheduled action run soon, or at a naive UTC time."""
        self.env["ir.cron"]._run_soon(CRON, at)

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
        due = Domain("state", "=", "given")
        due &= Domain("check_date", "<=", fields.Datetime.now())
        self._do_due(due, "_recall", "check_date, id", batch=1)
        teams = self.env["crm.team"].search([("gives_leads_out", "=", True)])
        for team in teams:
            while count := self._give_out(team):
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
        domain = Domain(
            [
                ("team_id", "=", team.id),
                ("state", "=", "waiting"),
                ("check_date", "<=", now),
            ]
        )
        domain &= self._get_due_domain("_give_alone")
        calls = self.search(domain, limit=BATCH, order="date, id")
        calls = calls.try_lock_for_update(allow_referencing=True)
        if calls:
            try:
                with savepoint(self.env.cr):
                    calls._give(team, now)
            except Exception:
                if len(calls) == 1:
                    raise
                for call in calls:
                    call._attempt("_give_alone")
        return len(calls)

    def _give_alone(self):
        self._give(self.team_id, fields.Datetime.now())

    def _give(self, team, now):
        """Give leads of a team to members on duty; those that nobody takes wait."""
        members = team.crm_team_member_ids
        plain = members._to_plain(now)
        rules = team._get_rules()
        owners = self._find_owners(team, now)
        given, decisions = defaultdict(self.browse), []
        for call in self:
            lead = call.lead_id
            if not call._is_open():
                call.state = "ended"
                continue
            partner = lead.partner_id.commercial_partner_id
            if lead.user_id:  # by the request, or by staff meanwhile
                call.agent_id = lead.user_id
            choice = choose(call._to_plain(owners[partner]), plain, rules)
            if not choice.user:
                call._wait(team, now)
                continue
            note_choice(choice, plain, now)
            if partner:
                owners[partner] = [choice.user, *owners[partner]]
            given[choice.user] |= call
            decisions.append(call._prepare_decision(choice, now))
        for user_id, calls in given.items():
            calls._give_to(self.env["res.users"].browse(user_id), team, now)
        self.env["crm.first.call.decision"].create(decisions)
        members._keep_shares(plain, now)

    def _is_open(self):
        """Tell whether the lead still waits for a first call."""
        lead = self.lead_id
        return lead.active and lead.won_status == "pending" and not lead.is_called

    def _wait(self, team, now):
        """Let a lead wait, and tell the team leader once if it waits for long."""
        self.check_date = now + SOON
        if self.is_leader_told or not team.waiting_minutes:
            return
        waited = team._count_minutes(self.date, now, self.lead_id.company_id)
        if waited >= team.waiting_minutes:
            self.is_leader_told = True
            self._tell_leader()

    def _tell_leader(self):
        """Tell the team leader of a lead that waits for long."""

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
                ("create_date", ">=", start),
                ("id", "not in", self.lead_id.ids),
            ],
            ["partner_id", "user_id", "won_status", "active"],
            order="create_date desc, id desc",
        )
        is_open = {lead: lead.active and lead.won_status == "pending" for lead in leads}
        for lead in leads.sorted(lambda each: not is_open[each]):
            partner = lead.partner_id.commercial_partner_id
            if is_open[lead] or not result[partner]:
                result[partner].append(lead.user_id.id)
        return result

    def _to_plain(self, owners):
        """Return the lead as plain data, for ``choose``; see there."""
        lead = self.lead_id
        return Lead(
            company=lead.company_id.id,
            language=lead.lang_id.id or None,
            categories=frozenset(lead.service_ids.product_id.categ_id.ids),
            agent=self.agent_id.id or None,
            owners=tuple(owners),
            former=frozenset(self.decision_ids.former_user_id.ids),
        )

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
        """Give leads to a user, with the time to call by."""
        for call in self:
            lead = call.lead_id
            call.write(
                {
                    "state": "given",
                    "user_id": user.id,
                    "stage_id": lead.stage_id.id,
                    "given_date": call.given_date or now,
                    **call._prepare_deadline(team, now),
                }
            )
        leads = self.lead_id.filtered(lambda each: each.user_id != user)
        leads.with_context(**{GIVING: True}, mail_notify_force_send=False).write(
            {"user_id": user.id}
        )
        for call in self:
            call._run_soon(call.check_date)

    def _prepare_deadline(self, team, now):
        """Return by when to call: the team's minutes after the lead's arrival, or after
        now if the lead has waited or comes from somebody else."""
        lead, minutes = self.lead_id, team.first_call_minutes
        deadline = team._add_minutes(self.date, minutes, lead.company_id)
        from_now = team._add_minutes(now, minutes, lead.company_id)
        if self.recall_count or from_now - deadline > SOON:
            deadline = from_now
        return {"deadline": deadline, "check_date": deadline}

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
        if not team.gives_leads_out or not team._is_open(now, lead.company_id):
            self.check_date = max(
                team._add_minutes(now, 0, lead.company_id), now + SOON
            )
            return
        edited = lead.write_date + SOON
        if lead.write_uid == self.user_id and edited > now:
            self.check_date = edited
            return
        members = team.crm_team_member_ids
        plain = members._to_plain(now)
        former = self.user_id
        if self.recall_count >= team.recalls_max:
            choice = None
            user = team.user_id
        else:
            facts = self._to_plain([])
            facts = Lead(
                facts.company,
                facts.language,
                facts.categories,
                former=facts.former | {former.id},
            )
            choice = choose(facts, plain, team._get_rules())
            user = self.env["res.users"].browse(choice.user)
        if not user or user == former:
            self.check_date = now + SOON
            return
        # The planned call says until when; a new one is planned for who calls now.
        lead._get_first_calls().unlink()
        self.recall_count += 1
        if choice:
            note_choice(choice, plain, now)
            members._keep_shares(plain, now)
            values = self._prepare_decision(choice, now)
        else:
            values = {"first_call_id": self.id, "date": now, "user_id": user.id}
            values["reason"] = "leader"
        self._give_to(user, team, now)
        if not choice:
            self.state = "ended"
        decisions = self.env["crm.first.call.decision"]
        decisions.create({**values, "former_user_id": former.id})

    def _is_touched(self):
        """Tell whether somebody has done something about the lead since it was given:
        then it stays."""
        lead = self.lead_id
        meetings = (
            self.env["calendar.event"]
            .sudo()
            .search_count(
                [
                    ("opportunity_id", "=", lead.id),
                    ("create_date", ">=", self.given_date),
                ],
                limit=1,
            )
        )
        return bool(
            not self._is_open()
            or lead.user_id != self.user_id
            or lead.stage_id != self.stage_id
            or meetings
        )
