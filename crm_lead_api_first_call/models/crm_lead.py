# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from ast import literal_eval
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.crm_lead_api.tools.action import get_notice
from odoo.addons.crm_lead_api.tools.day import tell_time
from odoo.addons.crm_lead_api.tools.mode import is_in_test_mode

from .crm_first_call import GIVING, WAITING_REASONS
from .res_users import OF_TEAM, OFF_DUTY, ON_DUTY

# Changes of these fields may end a first call
TOUCHED_FIELDS = {"active", "probability", "stage_id", "first_contact_date"}
GIVEN_TOO = "first_call_given_too"  # a context key: ids of other leads
GIVE_VIEW = "crm_lead_api_first_call.crm_lead_view_form_give"


class CrmLead(models.Model):
    """Let new leads go to somebody on duty, and show which leads wait for somebody, who
    got one and why, and which one to call next."""

    _inherit = "crm.lead"

    first_call_ids = fields.One2many("crm.first.call", "lead_id")
    first_call_decision_ids = fields.One2many(related="first_call_ids.decision_ids")
    first_call_why = fields.Char(
        "Why This Salesperson", compute="_compute_first_call_why"
    )
    waiting_reason = fields.Selection(
        [*WAITING_REASONS, ("hand", "To be given by hand")],
        "Why It Waits",
        compute="_compute_waiting_reason",
        compute_sudo=True,
    )
    call_soon_date = fields.Datetime(
        compute="_compute_call_soon_date",
        help="The last third of the minutes to the first call begins.",
    )

    @api.depends("first_call_ids.decision_ids.description", "user_id")
    @api.depends_context("lang")
    def _compute_first_call_why(self):
        # sudo: a line names users whom the reader may not see
        for lead, lead_sudo in zip(self, self.sudo(), strict=True):
            last = lead_sudo.first_call_decision_ids[:1]
            is_old = last.user_id and last.user_id != lead_sudo.user_id
            lead.first_call_why = not is_old and last.description

    @api.depends("first_call_ids.state", "first_call_ids.waiting_reason")
    def _compute_waiting_reason(self):
        for lead in self:
            call = lead.first_call_ids
            is_given_out = call.state == "waiting"
            lead.waiting_reason = call.waiting_reason if is_given_out else "hand"

    @api.depends("call_date", "first_call_ids.deadline")
    def _compute_call_soon_date(self):
        # sudo: the time is no secret to who may see the lead
        for lead, lead_sudo in zip(self, self.sudo(), strict=True):
            deadline = lead_sudo.first_call_ids.deadline
            third = timedelta(minutes=lead_sudo.team_id.first_call_minutes / 3)
            is_first = deadline and deadline == lead.call_date
            lead.call_soon_date = is_first and deadline - third

    @api.model_create_multi
    def create(self, vals_list):
        agents = [self._take_absent_agent(vals) for vals in vals_list]
        for vals in vals_list:
            self._take_default_user(vals)
        leads = super().create(vals_list)
        leads._begin_first_calls(dict(zip(leads, agents, strict=True)))
        return leads

    @api.model
    def _take_absent_agent(self, vals):
        """Take the agent of a request out of a lead's values if the team gives leads to
        agents only on duty, and the request is no test; return the user's id."""
        team = self.env["crm.team"].browse(vals.get("team_id"))
        if (
            vals.get("lead_api_client_id")
            and vals.get("user_id")
            and not is_in_test_mode(self.env)
            # sudo: a client's user may not read teams
            and team.sudo().gives_leads_out
            and team.sudo().agents_need_duty
        ):
            user_id, vals["user_id"] = vals["user_id"], False
            return user_id
        return None

    @api.model
    def _take_default_user(self, vals):
        """Take the salesperson whom nobody has chosen, but Odoo's defaults, out of the
        values of a lead of a team that gives all leads out: of an import without
        salespeople who imports, of a website's form the team leader."""
        is_import = self.env.context.get("import_file")
        team = self.env["crm.team"].browse(vals.get("team_id"))
        if is_import and vals.keys().isdisjoint(("team_id", "user_id")):
            team = team.browse(self.env.context.get("default_team_id"))
            team = team or team._get_default_team_id()  # as for who imports
        # sudo: a website's visitor may not read teams
        team = team.sudo()
        if not (team.gives_leads_out and team.gives_all_leads_out):
            return
        if is_import:
            vals.setdefault("user_id", False)
            vals.setdefault("team_id", team.id)
        elif vals.get("user_id") == team.user_id.id and _is_form_without_user():
            vals["user_id"] = False

    def write(self, vals):
        is_by_hand = not self.env.context.get(GIVING)
        owners = {each: each.user_id for each in self if "user_id" in vals}
        moved_by = {"team_id", "active", "probability", "stage_id"} & vals.keys()
        places = {each: each._get_place() for each in self if moved_by}
        may_end = not {"user_id", *TOUCHED_FIELDS}.isdisjoint(vals)
        # sudo: who changes leads may not read their first calls
        callers = {each: each._get_caller() for each in self.sudo() if may_end}
        # Leads without a contact lose none.
        is_emptied = not vals.get("first_contact_date", True)
        taken_back = self.filtered("first_contact_date") if is_emptied else self[:0]
        result = super().write(vals)
        if owners and is_by_hand:
            self.filtered(lambda each: each.user_id != owners[each])._follow_staff(
                owners
            )
        if places:
            self.filtered(
                lambda each: each._get_place() != places[each]
            )._move_first_calls()
        if not TOUCHED_FIELDS.isdisjoint(vals):
            # sudo: who changes leads may not write their first calls
            self.sudo().first_call_ids._end_touched()
            taken_back.sudo().first_call_ids._reopen()
        for lead, caller in callers.items():
            if caller != lead._get_caller():
                lead._close_notices(caller)
        return result

    def unlink(self):
        # sudo: a salesperson may be of another company
        self._close_notices(self.sudo().user_id)
        return super().unlink()

    def _get_place(self):
        return self.team_id, self._is_at_rest()

    def _get_caller(self):
        """Return who got the lead and has not called yet."""
        call = self.first_call_ids
        is_due = call._is_open() and call.stage_id == self.stage_id
        return self.user_id if is_due else self.user_id.browse()

    def _close_notices(self, users):
        """Close the notices of calls that are no longer to be made by users, in all of
        their windows."""
        users._bus_send("crm_lead_api_first_call/over", {"lead_ids": self.ids})

    def _end_first_calls(self, find_leads):
        # sudo: see ``_follow_staff``
        calls = self.sudo().first_call_ids
        self._close_notices(calls.user_id)
        calls._end_touched()  # their members have room for others
        # A call at another time may be agreed on without a contact.
        calls.filtered(lambda each: each.state == "given").state = "ended"
        return super()._end_first_calls(find_leads)

    def _begin_first_calls(self, agents):
        """Let leads wait for somebody on duty, if their team gives leads out."""
        # sudo: who makes leads may not write their first calls
        leads = self.sudo().filtered(lambda lead: lead._may_be_given_out())
        if leads:
            calls = self.env["crm.first.call"].sudo()
            calls.create(
                [{"lead_id": lead.id, "agent_id": agents.get(lead)} for lead in leads]
            )
            calls._run_soon()

    def _may_be_given_out(self):
        team = self.team_id
        is_of_client = bool(self.lead_api_client_id)
        return (
            team.gives_leads_out
            and not self.is_lead_api_test
            and (is_of_client or (team.gives_all_leads_out and not self.user_id))
            and not self.first_call_ids
            and not self._is_at_rest()
        )

    def _follow_staff(self, owners):
        """Leave leads with whom staff have chosen; leads that staff have taken from
        somebody wait again.

        :param dict owners: the users before, by lead
        """
        # sudo: who assigns leads may not write their first calls
        for call in self.sudo().first_call_ids:
            call._follow_staff(owners[call.lead_id])

    def _move_first_calls(self):
        """Let leads in another team, and reopened ones, follow the team's rules: those
        that nobody has wait there, the others stay with whoever has them."""
        # sudo: see ``_follow_staff``
        leads = self.sudo()
        waiting = leads.filtered(lambda lead: not lead.user_id)
        (leads - waiting).first_call_ids.state = "ended"
        open_calls = waiting.first_call_ids.filtered(lambda c: c._needs_somebody())
        open_calls.filtered("team_id.gives_leads_out")._wait_anew()
        waiting._begin_first_calls({})

    def _assign_userless_lead_in_team(self, creation_source):
        """Give no lead to the team leader that waits for somebody on duty."""
        # sudo: see ``_follow_staff``
        calls = self.sudo().first_call_ids
        waiting = calls.filtered(lambda call: call.state == "waiting").lead_id
        others = self.filtered(lambda lead: lead.id not in waiting.ids)
        return super(CrmLead, others)._assign_userless_lead_in_team(creation_source)

    def _merge_dependences(self, opportunities):
        # sudo: see ``_follow_staff``
        (self | opportunities).sudo().first_call_ids._merge(self)
        return super()._merge_dependences(opportunities)

    def _get_payload_warnings(self, payload):
        """Leave out that an agent is unknown who has to be on duty."""
        warnings = super()._get_payload_warnings(payload)
        # sudo: a client's user may not read first calls
        if not self.sudo().first_call_ids.agent_id:
            return warnings
        unknown = ("agent_email", "unknown")
        return [each for each in warnings if (each.field, each.code) != unknown]

    def _get_first_call_date(self, start):
        # sudo: see ``_begin_first_calls``
        lead = self.sudo()
        if call := lead.first_call_ids.filtered(lambda each: each.state != "ended"):
            return call.deadline or call._get_deadlines(lead.team_id, start)[call]
        return super()._get_first_call_date(start)

    def _get_calling_hours(self):
        # sudo: see ``_begin_first_calls``
        lead, hours = self.sudo(), super()._get_calling_hours()
        if lead.first_call_ids.filtered(lambda each: each.state == "waiting"):
            calendar, company = lead.team_id._get_hours(lead.company_id)
            return hours[0], company, calendar, None
        return hours

    def _get_first_call_hours(self):
        # sudo: see ``_begin_first_calls``
        lead = self.sudo()
        if lead.first_call_ids.filtered(lambda each: each.state != "ended"):
            team = lead.team_id
            return {"minutes": team.first_call_minutes, "whose": team.name}
        return super()._get_first_call_hours()

    def _has_first_call(self):
        # sudo: see ``_follow_staff``
        return super()._has_first_call() or bool(self.sudo().first_call_ids)

    def _get_next_try_date(self, start):
        # sudo: see ``_follow_staff``
        date = self.sudo().first_call_ids._get_next_try_date(start)
        return date or super()._get_next_try_date(start)

    def _note_try(self, date):
        # sudo: see ``_follow_staff``
        call = self.sudo().first_call_ids
        if is_first := call._note_try(date):
            self._close_notices(call.user_id)
        return super()._note_try(date) or is_first

    # ------------------------------------------------------------ staff

    def web_save(self, vals, specification, next_id=None):
        """Leave a lead with who got it while a manager chose somebody else."""
        if ON_DUTY in self.env.context and self.user_id:
            line = self.first_call_decision_ids[:1]
            is_given_out = line.user_id == self.user_id
            date = line.date if is_given_out else self.write_date
            _day, time = tell_time(self.env, date, self._get_time_zone())
            raise UserError(
                self.env._(
                    "%(name)s has had this lead since %(time)s. To give it to somebody "
                    "else, open the lead and change its salesperson.",
                    name=self.user_id.name,
                    time=time,
                )
            )
        return super().web_save(vals, specification, next_id)

    def _prepare_given_values(self, user):
        return {**super()._prepare_given_values(user), "first_call_why": False}

    def action_take_waiting(self):
        """Give a waiting lead to the user, who has chosen it by hand, and open it."""
        self.action_take()
        return self._open_first_call()

    def action_give(self):
        """Ask a manager who gets the leads; those on duty in their teams come first, or
        in any team, if their own give no leads out, then the others of their teams."""
        for lead in self:
            lead._check_free()
        teams = self.env["crm.team"].search([("gives_leads_out", "=", True)])
        serving = teams.browse().union(
            *((teams & lead.team_id) or teams for lead in self)
        )
        members = serving.crm_team_member_ids
        present = members._get_present(fields.Datetime.now()).user_id
        users = present.filtered(lambda user: self.company_id <= user.company_ids)
        # sudo: a sales manager may not read clients, whose users are systems
        clients = self.env["crm.lead.api.client"].sudo().with_context(active_test=False)
        systems = clients.search([("user_id", "!=", False)]).user_id
        return self[0]._get_records_action(
            name=self.env._("Give to…")
            if len(self) == 1
            else self.env._("Give %s Leads to…", len(self)),
            views=[(self.env.ref(GIVE_VIEW).id, "form")],
            target="new",
            context={
                ON_DUTY: users.ids,
                OFF_DUTY: (serving.member_ids - present).ids,
                OF_TEAM: self.team_id.member_ids.ids,
                "user_ids_of_clients": systems.ids,
                GIVEN_TOO: self[1:].ids,
            },
        )

    def action_tell_given(self):
        """Give the other chosen leads that still wait to who has the lead now, and tell
        a manager who has them, by when to call, and who is off duty."""
        name, kind = self.user_id.name, "success"
        others = self.browse(self.env.context.get(GIVEN_TOO, ())).exists()
        others = others.filtered(lambda lead: not lead.user_id)
        others.user_id = self.user_id
        message = self.env._("%s has the lead now.", name)
        if others:
            count = len(self | others)
            message = self.env._(
                "%(name)s has %(count)s more leads.", name=name, count=count
            )
        elif self.call_date:
            _day, time = tell_time(self.env, self.call_date, self._get_time_zone())
            message = self.env._(
                "%(name)s has the lead now; call by %(time)s.", name=name, time=time
            )
        on_duty = self.env.context.get(ON_DUTY, ())
        if self.team_id.gives_leads_out and self.user_id.id not in on_duty:
            kind = "warning"
            message += " " + self.env._("%s is not working now.", name)
        return get_notice(kind, message)

    def action_open_next_call(self):
        """Open the lead that the user is to call next: the first of the user's *Calls
        Today*, which begins with the same filter and order. Leads to be called later in
        the day come last."""
        # sudo: salespeople may not read actions
        today = self.env.ref("crm_lead_api.crm_lead_call_action").sudo().domain
        calls = Domain("activity_type_id.category", "=", "phonecall")
        others = calls & Domain("user_id", "not in", [self.env.uid, False])
        nobodys = Domain("user_id", "=", False)
        nobodys &= Domain("activity_ids", "not any", others)
        own = Domain("user_id", "=", self.env.uid) | nobodys
        domain = Domain(literal_eval(today)) & own
        # Calls with a time come first: not all leads that nobody has are read.
        leads = self.search(domain, order="call_date", limit=200)
        now, starts = fields.Datetime.now(), leads._get_calling_starts()

        def wait(lead):
            call = lead._get_next_call()
            is_again = call.call_reason in ("call_back", "no_answer")
            # Without a time it is to be made at any time of the day.
            is_later = bool(is_again and call.planned_date and call.planned_date > now)
            # The team of a lead that nobody has may work later.
            is_closed = not lead.user_id and lead in starts
            return is_later, is_closed

        if lead := min(leads, key=wait, default=None):
            return lead._open_first_call()
        message = self.env._("No lead waits for a call of yours.")
        return get_notice("success", message, closes=False)

    def _open_first_call(self):
        views = [(self.env.ref("crm.crm_lead_view_form").id, "form")]
        return self._get_records_action(name=self.call_name, views=views, context={})


def _is_form_without_user():
    """Tell whether a form of a website, of Odoo's addon ``website_crm``, makes a lead,
    and nobody has chosen the salesperson of the website's leads."""
    website = request and getattr(request, "website", None)
    return (
        website
        and "crm_default_user_id" in website._fields
        and request.httprequest.path.startswith("/website/form/")
        and not website.crm_default_user_id
    )
