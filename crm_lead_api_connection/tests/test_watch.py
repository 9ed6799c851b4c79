# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

from freezegun import freeze_time
from lxml import etree

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .test_page import PageCase

NOW = datetime(2026, 3, 4, 10, 30)  # a Wednesday, in UTC


class WatchCase(PageCase):
    """Messages of past weeks, and the light of their connection."""

    def add(self, date, state="done", connection=None, **values):
        connection = connection or self.connection
        return self.messages.create(
            {
                "connection_id": connection.id,
                "date": date,
                "message_ref": f"{date}-{state}-{len(self.messages.search([]))}",
                "state": state,
                **values,
            }
        )

    def see(self):
        self.env.invalidate_all()
        return self.connection.light, self.connection.light_text


@tagged("post_install", "-at_install")
class TestLight(WatchCase):
    """A card says whether its connection works."""

    @freeze_time(NOW)
    def test_lights(self):
        self.assertEqual(self.see()[0], "grey")
        for _number in range(20):
            self.add(NOW - timedelta(minutes=5))
        self.assertEqual(self.see(), ("green", "Works."))
        self.add(NOW, "refused", is_test=True)
        self.assertEqual(self.see()[0], "green")
        self.add(NOW, "refused")
        self.assertEqual(self.see(), ("yellow", "Refused in 7 days: 1."))
        for _number in range(4):
            self.add(NOW, "refused")
        self.assertEqual(self.see(), ("red", "Refused in 7 days: 5, that is 20 %."))
        self.connection.is_live = False
        self.assertEqual(self.see(), ("grey", "Not live yet. Steps to do: 5."))
        # Its access token is not known.
        self.connection.platform_id = self.env.ref(
            "crm_lead_api_connection.platform_meta"
        )
        self.assertIn("Steps to do: 2,", self.see()[1])
        self.connection.is_paused = True
        self.assertIn("Paused", self.see()[1])

    @freeze_time(NOW)
    def test_messages_that_do_not_become_leads(self):
        self.add(NOW)
        message = self.add(NOW - timedelta(minutes=20), "waiting")
        text = "Messages do not become leads. Waiting: 1."
        self.assertEqual(self.see(), ("red", text))
        message.state = "done"
        self.assertEqual(self.see()[0], "green")

    def test_a_wrong_secret(self):
        self.fill_in(secret="other")
        self.assertEqual(self.see()[0], "red")
        self.fill_in()
        self.assertEqual(self.see()[0], "yellow")

    def test_a_list_behind_a_figure_has_what_it_counts(self):
        now, old = datetime.now(), datetime.now() - timedelta(days=8)
        for date, is_test in ((now, False), (now, True), (old, False)):
            self.add(date, "refused", is_test=is_test)
        values = {"name": "Nâng mũi", "lead_api_client_id": self.client.id}
        lost, earlier = self.env["crm.lead"].create([values, values])
        lost.active = False
        for date, lead in ((old, lost), (now, lost), (now, earlier)):
            self.add(date, lead_id=lead.id)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s", (old, earlier.id)
        )
        self.env.invalidate_all()
        for view, figure in (
            ("form", "refused_count"),
            ("kanban", "refused_count"),
            ("form", "lead_count"),
        ):
            page = etree.fromstring(self.connection.get_view(view_type=view)["arch"])
            [button] = page.xpath(f"//button[.//field[@name='{figure}']]")
            action = getattr(self.connection, button.get("name"))()
            context = action["context"] | safe_eval(button.get("context", "{}"))
            records = self.env[action["res_model"]].with_context(**context)
            search = etree.fromstring(records.get_view(view_type="search")["arch"])
            domain = Domain(action["domain"])
            for node in search.iterfind(".//filter[@domain]"):
                if context.get(f"search_default_{node.get('name')}"):
                    domain &= Domain(safe_eval(node.get("domain")))
            with self.subTest(view=view, figure=figure):
                self.assertEqual(self.connection[figure], 1)
                self.assertEqual(records.search_count(domain), 1)

    def test_figures_cost_the_same_for_many_connections(self):
        def count(connections):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            connections.mapped(
                lambda connection: (connection.lead_count, connection.light)
            )
            return self.env.cr.sql_log_count - before

        self.add(datetime.now())
        count(self.connection)  # of which much is cached
        one = count(self.connection)
        others = self.connection
        for number in range(8):
            others |= self._connect("google", {}, name=f"Form {number}")
        self.assertLessEqual(count(others), one)


@tagged("post_install", "-at_install")
class TestAlarms(WatchCase):
    """Owners hear of a connection that does not work."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id = False

    def watch(self, at):
        with freeze_time(at):
            self.env.invalidate_all()
            self.env["crm.lead.api.connection"]._watch()
        return self.connection.activity_ids

    def fill_weeks(self, minutes=20, weeks=8):
        """Let messages arrive on past Wednesdays, from 9 to 11."""
        for week in range(1, weeks + 1):
            day = NOW.replace(hour=9, minute=0) - timedelta(weeks=week)
            for number in range(120 // minutes):
                self.add(day + timedelta(minutes=minutes * number))

    def test_silence_is_told_once_until_it_ends(self):
        self.fill_weeks()
        self.add(NOW - timedelta(minutes=50))
        self.assertFalse(self.watch(NOW))
        self.assertFalse(self.watch(NOW + timedelta(hours=3)), "nothing is usual then")
        activity = self.watch(NOW + timedelta(minutes=20))
        self.assertEqual(len(activity), 1)
        self.assertIn(self.connection.name, activity.summary)
        self.assertEqual(activity.user_id, self.client.owner_id)
        activity.action_done()
        self.assertFalse(self.watch(NOW + timedelta(minutes=25)))
        self.connection.silence_alert_date = False
        self.assertTrue(self.watch(NOW + timedelta(minutes=25)))
        with freeze_time(NOW + timedelta(minutes=25)):
            self.assertEqual(self.see()[0], "red")
        self.add(NOW + timedelta(minutes=26))
        with freeze_time(NOW + timedelta(minutes=27)):
            self.assertEqual(self.see()[0], "green")
        self.assertFalse(self.watch(NOW + timedelta(minutes=27)))
        self.assertFalse(self.connection.silence_alert_date)

    def test_silence_for_an_owner_with_a_former_time_zone(self):
        """PostgreSQL does not know its name."""
        self.fill_weeks()
        self.add(NOW - timedelta(minutes=50))
        query = "UPDATE res_partner SET tz = 'Türkiye' WHERE id = %s"
        self.env.cr.execute(query, [self.client.owner_id.partner_id.id])
        self.assertTrue(self.watch(NOW + timedelta(minutes=20)))

    def test_who_pauses_a_connection_ends_its_silence(self):
        self.fill_weeks()
        self.add(NOW - timedelta(minutes=50))
        for record, name in (
            (self.connection, "is_paused"),
            (self.client, "is_paused"),
            (self.client, "active"),
        ):
            with self.subTest(record=record, name=name):
                self.assertTrue(self.watch(NOW + timedelta(minutes=20)))
                record[name] = not record[name]
                self.assertFalse(self.watch(NOW + timedelta(minutes=25)))
                self.assertFalse(self.connection.silence_alert_date)
                self.assertEqual(self.see()[0], "grey")
                record[name] = not record[name]

    def test_long_gaps_may_be_usual(self):
        for week in range(1, 9):
            day = NOW - timedelta(weeks=week)
            for hour, minute in ((6, 0), (10, 10), (10, 20)):
                self.add(day.replace(hour=hour, minute=minute))
        self.add(NOW - timedelta(hours=4))
        self.assertFalse(self.watch(NOW))
        self.assertTrue(self.watch(NOW + timedelta(minutes=20)))

    def test_few_messages_are_no_habit(self):
        self.fill_weeks(minutes=60, weeks=3)
        self.add(NOW - timedelta(hours=2))
        self.assertFalse(self.watch(NOW))

    def test_an_import_is_no_habit(self):
        for number in range(20):  # by twos, a batch each second
            self.add(NOW - timedelta(weeks=1, seconds=number // 2))
        self.add(NOW - timedelta(hours=2))
        self.assertFalse(self.watch(NOW))

    def test_nobody_is_told_when_nobody_works(self):
        self.fill_weeks()
        self.add(NOW - timedelta(hours=2))
        calendar = self.env["resource.calendar"].create({"name": "None", "tz": "UTC"})
        calendar.attendance_ids.unlink()
        self.company.resource_calendar_id = calendar
        self.assertFalse(self.watch(NOW))

    def test_refused_is_told_once_until_it_is_solved(self):
        refused = self.messages
        for _number in range(3):
            refused |= self.add(NOW - timedelta(minutes=9), "refused")
        activity = self.watch(NOW)
        self.assertIn("3", activity.summary)
        activity.action_done()
        self.assertFalse(self.watch(NOW))
        refused.state = "discarded"
        self.watch(NOW)
        self.assertFalse(self.connection.refused_alert_date)
        refused.state = "refused"
        self.assertTrue(self.watch(NOW))

    def test_it_opens_the_connection_until_the_messages_are_leads(self):
        refused = self.messages
        for number in range(3):
            refused |= self.arrive(self.connection, lead_id=f"TeSter-{number}")
        refused.state = "refused"
        now = datetime.now()
        activity = self.watch(now)
        self.assertEqual(self.env[activity.res_model], self.connection.browse())
        self.assertEqual(activity.res_id, self.connection.id)
        self.assertFalse(self.client.activity_ids)
        refused[0].action_make_again()
        refused[1].action_make_again()
        self.assertTrue(self.watch(now), "nothing is a lead yet")
        self.make_leads()
        self.assertTrue(self.watch(now), "one is refused yet")
        refused[2].action_make_again()
        self.make_leads()
        self.assertFalse(self.connection.activity_ids)

    def test_a_message_that_goes_on_failing_keeps_it(self):
        message = self.arrive(self.connection)
        message.retries = {"_make_lead": (5, "2030-01-01 00:00:00")}
        message._alarm("ValueError")
        other = self.arrive(self.connection, lead_id="TeSter-10")
        other._make_lead()
        self.assertEqual(other.state, "done")
        self.assertTrue(self.connection.activity_ids)
        message._make_lead()
        self.assertFalse(self.connection.activity_ids)

    def test_the_owner_reads_it_in_the_owners_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.client.owner_id = self.manager
        self.manager.lang = "vi_VN"
        for _number in range(3):
            self.add(NOW, "refused")
        self.assertIn("số tin bị từ chối", self.watch(NOW).summary)

    def test_the_hourly_action_watches(self):
        for _number in range(3):
            self.add(datetime.now(), "refused")
        self.env["crm.lead.api.client"]._cron_watch()
        self.assertTrue(self.connection.activity_ids)
