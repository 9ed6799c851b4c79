# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the list of leads that wait for a salesperson."""

from ast import literal_eval
from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.modules.module import load_script
from odoo.tests import Form
from odoo.tools import SQL, file_path, mute_logger
from odoo.tools.safe_eval import safe_eval

from ..models.crm_lead import GIVEN_TOO
from ..models.res_users import ON_DUTY
from .common import MORNING, FirstCallCase
from .test_touched import TouchedCase

RETRY_LOGGER = "odoo.addons.crm_lead_api.models.event.crm_lead_api_retry_mixin"


class TestWaiting(FirstCallCase):
    def setUp(self):
        super().setUp()
        (self.lan | self.minh).is_on_duty = False
        self.lead = self.make_leads()
        self.give_out()
        self.call = self.lead.first_call_ids

    def take(self, user):
        return self.lead.with_user(user).action_take_waiting()

    def find_waiting(self):
        """Return the waiting leads that Lan finds in the list."""
        action = self.env.ref("crm_lead_api_first_call.crm_first_call_waiting_action")
        domain = [*literal_eval(action.domain), ("team_id", "=", self.team.id)]
        return self.env["crm.lead"].with_user(self.lan.user_id).search(domain)

    def test_nobody_is_on_duty(self):
        self.assertEqual(self.lead.waiting_reason, "nobody")
        self.assertEqual(self.lead.call_name, "Khách 1")

    def test_the_team_works_when_the_company_does_not(self):
        closed = self.calendar.copy({"company_id": self.company.id})
        closed.attendance_ids.write({"hour_from": 20, "hour_to": 21})
        self.company.resource_calendar_id = closed
        for calendar, has_time in ((self.calendar, False), (closed, True)):
            self.team.resource_calendar_id = calendar
            self.lead.invalidate_recordset(["call_reason", "call_date_why"])
            why = self.lead.with_user(self.lan.user_id).call_date_why
            self.assertEqual("call from" in why, has_time, why)

    def test_a_team_that_gives_no_leads_out(self):
        """Nobody else sees that nobody has its leads, although somebody has called."""
        self.team.gives_leads_out = False
        by_hand, called = self.make_leads(2)
        called.first_contact_date = MORNING
        self.give_out()  # ends the first call of the lead that waited
        waiting = self.find_waiting()
        self.assertEqual(waiting.sorted("id"), self.lead | by_hand | called)
        self.assertEqual(set(waiting.mapped("waiting_reason")), {"hand"})

    def test_the_customer_is_reached_first(self):
        """The lead still needs somebody, who has nobody to call."""

        def book(lead):  # as another addon sees it
            domain = Domain("id", "=", lead.id)
            called = patch.object(
                type(lead), "_get_called_domain", lambda leads: domain
            )
            called.start()
            self.addCleanup(called.stop)

        user = self.lan.user_id
        for reach in (lambda lead: lead.write({"first_contact_date": MORNING}), book):
            self.lan.is_on_duty = False
            [lead] = self.make_leads()
            reach(lead)
            self.give_out()
            self.assertTrue(lead.is_called)
            self.assertIn(lead.id, self.find_waiting().ids)
            self.assertEqual(lead.waiting_reason, "nobody")
            self.lan.is_on_duty = True
            self.give_out()
            call = lead.first_call_ids
            self.assertEqual((lead.user_id, call.user_id), (user, user))
            self.assertEqual((call.state, call.deadline), ("ended", False))
            self.assertFalse(lead.activity_ids)
            self.assertEqual(self.get_told(user, "notice")[-1]["message"], "")
            self.assertNotIn(lead.id, self.find_waiting().ids)

    def test_the_customer_is_reached_by_the_agent_first(self):
        """The agent on duty keeps the lead."""
        self.team.agents_need_duty = self.minh.is_on_duty = True
        lead = self.make_leads(agent_email=self.minh.user_id.email)
        lead.first_contact_date = MORNING
        self.give_out()
        self.assertEqual(lead.user_id, self.minh.user_id)
        self.assertEqual(self.get_reasons(lead), ["agent"])

    def test_they_are_looked_at_when_somebody_works(self):
        """Not each minute of the night, and in the morning without a further switch."""
        self.lan.is_on_duty = True
        self.give_out()
        self.team.ends_duty = False
        self.frozen.move_to(MORNING + timedelta(hours=12))
        lead = self.make_leads()
        self.give_out()
        call = lead.first_call_ids
        date = call.check_date
        for hour in range(13, 16):
            self.frozen.move_to(MORNING + timedelta(hours=hour))
            self.give_out()
        self.assertEqual((call.waiting_reason, call.check_date), ("nobody", date))
        self.frozen.move_to(MORNING + timedelta(hours=24))
        self.give_out()
        self.assertEqual(lead.user_id, self.lan.user_id)

    def test_all_have_calls_enough(self):
        self.lan.write({"is_on_duty": True, "first_calls_max": 1})
        self.make_leads()
        self.give_out()
        reasons = self.env["crm.first.call"].search(
            [("team_id", "=", self.team.id), ("state", "=", "waiting")]
        )
        self.assertEqual(reasons.mapped("waiting_reason"), ["full"])

    def test_a_called_one_is_no_call(self):
        """Leave room for another lead."""
        self.lan.write({"is_on_duty": True, "first_calls_max": 1})
        self.lead.first_contact_date = MORNING
        leads = self.lead | self.make_leads()
        self.give_out()
        self.assertEqual(leads.user_id, self.lan.user_id)
        self.assertEqual(leads.mapped("first_call_ids.state"), ["ended", "given"])

    def test_one_that_fails_holds_no_other_team_up(self):
        other = self.team.copy({"gives_leads_out": True, "sequence": 1})
        self._make_member("Hoa", "hoa.fc", crm_team_id=other.id)
        self.lan.is_on_duty = True
        failing = self.make_leads()
        failing.team_id = other
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "ALTER TABLE crm_lead ADD CHECK (user_id IS NULL OR id != %s)",
                failing.id,
            )
        )
        with mute_logger("odoo.sql_db", RETRY_LOGGER):
            self.give_out()
        self.assertEqual(self.lead.user_id, self.lan.user_id)
        self.assertFalse(failing.user_id)
        self.assertIn("_give_alone", failing.first_call_ids.retries)

    def test_somebody_takes_one(self):
        user = self.lan.user_id
        action = self.take(user)
        self.assertEqual(action["res_id"], self.lead.id)
        self.assertEqual(self.lead.user_id, user)
        self.assertEqual(self.call.state, "ended", "nothing takes it away again")
        self.assertEqual(self.get_reasons(self.lead), ["hand"])

    def test_a_manager_gives_one_to_somebody(self):
        manager = self._new_user("manager", "sales_team.group_sale_manager")
        for user, is_shown in ((manager, True), (self.agent, False)):
            for kind in ("list", "kanban"):
                view = f"crm_lead_api_first_call.crm_lead_view_{kind}_waiting"
                view_id = self.env.ref(view).id
                arch = self.lead.with_user(user).get_view(view_id, kind)["arch"]
                self.assertEqual('name="action_give"' in arch, is_shown, kind)
        self.minh.is_on_duty = True
        action = self.lead.with_user(manager).action_give()
        users = self.env(user=manager, context=action["context"])["res.users"]
        found = users.web_name_search("", {"display_name": {}})
        names = [each["__formatted_display_name"] for each in found]
        lan = "Lan --Of the Team, Not Working Now--"
        self.assertEqual(names[:2], ["Minh --On Duty--", lan])
        self.assertFalse([name for name in names[2:] if "--" in name])
        self.assertEqual(len(users.name_search(limit=2)), 2)
        leads = self.env[action["res_model"]].with_user(manager)
        with Form(leads.browse(action["res_id"]), action["views"][0][0]) as form:
            form.user_id = self.minh.user_id
        lead = form.record.with_context(**action["context"])
        notice = lead.action_tell_given()["params"]["message"]
        self.assertEqual(notice, "Minh has the lead now; call by 9:15 AM.")
        self.assertEqual(self.lead.user_id, self.minh.user_id)
        self.assertEqual(self.get_reasons(self.lead), ["hand"])
        self.assertEqual(self.lead._get_next_call().user_id, self.minh.user_id)
        [lead] = self.make_leads(1)
        lead.team_id = self.team.copy({"gives_leads_out": False})
        context = lead.with_user(manager).action_give()["context"]
        self.assertEqual(context[ON_DUTY], self.minh.user_id.ids)
        lead.team_id.member_ids = self._make_user("Mai", "mai.fc")
        context = lead.with_user(manager).action_give()["context"]
        users = self.env(user=manager, context=context)["res.users"]
        [found] = users.web_name_search("Mai", {"display_name": {}})
        self.assertEqual(found["__formatted_display_name"], "Mai --Of the Team--")
        [found] = users.web_name_search(self.lan.user_id.name, {"display_name": {}})
        self.assertIn("--Not Working Now--", found["__formatted_display_name"])
        other = self.team.copy({"name": "Tối"})
        vy = self._make_member("Vy", "vy.fc", crm_team_id=other.id).user_id
        of_other = self.make_leads()
        of_other.write({"user_id": False, "team_id": other.id})
        for leads, users in (
            (of_other, vy),
            (of_other | lead, vy | self.minh.user_id),  # whose team gives none out
        ):
            context = leads.with_user(manager).action_give()["context"]
            self.assertEqual(set(context[ON_DUTY]), set(users.ids))

    def test_a_manager_gives_several_at_once(self):
        """Give the leads that still wait; a colleague took one meanwhile."""
        manager = self._new_user("manager", "sales_team.group_sale_manager")
        self.minh.is_on_duty = True
        leads = (self.lead | self.make_leads(2)).with_user(manager)
        action = leads.action_give()
        self.assertEqual(action["name"], "Give 3 Leads to…")
        leads[1].user_id = self.lan.user_id
        lead = leads.browse(action["res_id"]).with_context(**action["context"])
        lead.web_save({"user_id": self.minh.user_id.id}, {})
        notice = lead.action_tell_given()["params"]["message"]
        self.assertEqual(notice, "Minh has 2 more leads.")
        minh, lan = self.minh.user_id, self.lan.user_id
        self.assertEqual([each.user_id for each in leads], [minh, lan, minh])

    def test_a_manager_gives_several_of_which_one_is_gone(self):
        manager = self._new_user("manager", "sales_team.group_sale_manager")
        leads = (self.lead | self.make_leads(2)).with_user(manager)
        action = leads.action_give()
        self.env["crm.lead"].browse(action["context"][GIVEN_TOO][0]).unlink()
        lead = leads.browse(action["res_id"]).with_context(**action["context"])
        lead.web_save({"user_id": self.minh.user_id.id}, {})
        notice = lead.action_tell_given()["params"]["message"]
        self.assertIn("Minh has 2 more leads.", notice)
        self.assertEqual(leads.exists().user_id, self.minh.user_id)

    def test_nobody_is_on_duty_whom_a_manager_could_give_it_to(self):
        """The team comes first, systems are not offered, and the notice says it."""
        manager = self._new_user("manager", "sales_team.group_sale_manager")
        self._make_user("An", "an.fc")  # of another team
        lead = self.lead.with_user(manager)
        action = lead.action_give()
        lead = lead.with_context(**action["context"])
        users = lead.env["res.users"]
        view = lead.get_view(action["views"][0][0], "form")
        [field] = etree.fromstring(view["arch"]).iterfind(".//field[@name='user_id']")
        names = {"context": action["context"]}
        domain = safe_eval(field.get("domain"), names)
        offered = users.browse(i for i, _name in users.name_search("", domain))
        self.assertEqual(offered[:2].mapped("name"), ["Lan", "Minh"])
        self.assertIn("An", offered.mapped("name"))
        self.assertNotIn(self.client.user_id, offered)
        lead.web_save({"user_id": self.lan.user_id.id}, {})
        params = lead.action_tell_given()["params"]
        self.assertIn("Lan is not working now.", params["message"])
        self.assertEqual(params["type"], "warning")

    def test_a_colleague_was_faster(self):
        self.take(self.minh.user_id)
        self.env.invalidate_all()
        for user in (self.agent, self.lan.user_id):  # who sees all leads, and who not
            lead = self.lead.with_user(user)
            for press in (lead.action_take_waiting, lead.action_give):
                with self.assertRaisesRegex(UserError, "Minh has this lead already"):
                    press()
        self.assertEqual(self.lead.user_id, self.minh.user_id)

    def test_a_colleague_was_faster_than_the_manager(self):
        lead = self.lead.with_user(self.agent)
        lead = lead.with_context(**lead.action_give()["context"])
        self.take(self.minh.user_id)
        with self.assertRaisesRegex(UserError, "Minh has had this lead since 9:00 AM"):
            lead.web_save({"user_id": self.lan.user_id.id}, {})
        self.assertEqual(self.lead.user_id, self.minh.user_id)


class TestLongWait(TouchedCase):
    """Test when the leader is told that leads wait for long."""

    def test_the_leader_is_told_once(self):
        (self.lan | self.minh).is_on_duty = False
        leads = self.make_leads(2)
        self.give_out()

        def count():
            leader = self.team.user_id.partner_id
            domain = [("res_partner_id", "=", leader.id)]
            domain.append(("mail_message_id.model", "=", "crm.lead"))
            return self.env["mail.notification"].search_count(domain)

        self.assertEqual(count(), 0)
        self.pass_deadline(31)
        self.assertEqual(count(), 1)
        leads |= self.make_leads()
        self.pass_deadline(62)
        self.assertEqual(count(), 1)
        self.assertFalse(leads.filtered("first_contact_date"))
        self.lan.is_on_duty = True
        self.give_out()
        self.assertEqual(leads.user_id, self.lan.user_id)

    def test_a_merged_lead_has_waited_as_long_as_the_first(self):
        (self.lan | self.minh).is_on_duty = False
        kept, other = self.make_leads(2)
        waiting_date = MORNING - timedelta(minutes=25)
        other.first_call_ids.waiting_date = waiting_date
        kept.probability, other.probability = 90, 10
        merged = (kept | other).merge_opportunity()
        self.assertEqual(merged, kept)
        self.assertEqual(merged.first_call_ids.waiting_date, waiting_date)

    def test_a_lead_that_is_put_back_has_not_waited(self):
        lead = self.make_leads()
        self.give_out()
        self.team.first_call_minutes = 600
        self.pass_deadline(62)
        self.assertTrue(lead.user_id)
        (self.lan | self.minh).is_on_duty = False
        lead.user_id = False
        self.give_out()
        self.give_out()  # nobody was found, now the team looks how long
        self.assertFalse(lead.first_call_ids.is_leader_told)
        other = self.make_leads()
        self.give_out()
        other.first_call_ids.waiting_date -= timedelta(minutes=31)
        self.give_out()
        self.assertTrue(other.first_call_ids.is_leader_told, "it waits for longer")

    def test_a_lead_that_is_restored_or_moved_has_not_waited(self):
        """Its time begins when it is there again."""
        (self.lan | self.minh).is_on_duty = False
        other = self.team.copy({"name": "Chăm sóc", "gives_leads_out": False})
        for name, leave, come_back in (
            (
                "restored",
                lambda lead: lead.action_set_lost(),
                lambda lead: lead.action_restore(),
            ),
            (
                "moved",
                lambda lead: lead.write({"team_id": other.id}),
                lambda lead: lead.write({"team_id": self.team.id}),
            ),
        ):
            with self.subTest(name):
                self.frozen.move_to(MORNING)
                lead = self.make_leads()
                leave(lead)
                self.pass_deadline(62)
                come_back(lead)
                self.give_out()
                self.pass_deadline(63)
                call = lead.first_call_ids
                self.assertEqual((call.state, call.is_leader_told), ("waiting", False))
                self.pass_deadline(93)
                self.assertTrue(call.is_leader_told)
                lead.action_set_lost()

    def test_update_of_leads_that_wait(self):
        """An earlier version has no time since when: that of the last line, or of the
        lead."""
        (self.lan | self.minh).is_on_duty = False
        put_back, new = self.make_leads(2)
        self.frozen.move_to(MORNING + timedelta(minutes=5))
        put_back.user_id = self.lan.user_id
        put_back.user_id = False
        path = "crm_lead_api_first_call/migrations/19.0.1.1.0/pre-waiting.py"
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_first_call SET waiting_date = NULL")
        load_script(file_path(path), "pre_waiting").migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual(
            (put_back | new).first_call_ids.mapped("waiting_date"),
            [MORNING + timedelta(minutes=5), MORNING],
        )
