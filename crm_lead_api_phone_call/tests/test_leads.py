# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta, timezone
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.crm_lead_api.models.lead.crm_lead_call import CALL

from .common import NUMBER, PhoneCallCase

CALL_BACK = "2026-11-28T09:00:00+07:00"


@tagged("post_install", "-at_install")
class TestLeads(PhoneCallCase):
    """The lead and the customer of a phone call, and what follows for them."""

    def _get_lines(self, lead):
        return lead.message_ids.filtered(lambda each: "☎" in (each.body or ""))

    def _get_planned(self, record):
        return record.activity_ids.filtered(lambda each: not each.automated)

    def test_the_newest_open_lead_of_the_ticket(self):
        leads = [self.create_lead() for _ in range(3)]
        leads[2].action_set_lost()
        data = self.ring(ticket_id=4711)
        self.assertEqual(data["id_lead"], leads[1].id)
        self.assertEqual(data["account_id"], leads[1].partner_id.id)
        leads[0].action_set_lost()
        leads[1].action_set_won()
        self.assertEqual(self.ring("call-2", ticket_id=4711)["id_lead"], leads[2].id)

    def test_a_corrected_phone_leaves_the_call_with_its_lead(self):
        lead = self.create_lead()
        self.ring(ticket_id=4711, **self.ended)
        lead.action_set_lost()
        self.create_lead()
        account = self.env["res.partner"].create({"name": "Bà Ánh"})
        for changes in ({"phone": "0912 345 679"}, {"account_id": account.id}):
            data = self.ring(**changes)
            self.assertEqual(data["id_lead"], lead.id)
            self.assertEqual(len(self._get_lines(lead)), 1)

    def test_a_call_joins_its_lead_when_it_comes(self):
        data = self.ring(ticket_id=4711, **self.ended)
        self.assertEqual((data["ticket_id"], data["id_lead"]), (4711, None))
        self.ring("call-2", ticket_id=4712)
        lead = self.assertSuccess(self.post())
        call = self.find()
        self.assertEqual((call.lead_id, call.partner_id), (lead, lead.partner_id))
        self.assertFalse(self.find("call-2").lead_id)
        self.assertEqual(len(self._get_lines(lead)), 1)
        self.assertEqual(lead.lead_api_state, "contacted")
        self.assertGreaterEqual(
            lead.first_contact_date, lead.create_date.replace(microsecond=0)
        )
        data = self.assertJson(self.send("GET", "/call-1"), 200)["data"]
        self.assertEqual(data["id_lead"], lead.id)

    def test_another_customer_of_a_lead_that_is_given_away(self):
        group = "sales_team.group_sale_salesman"
        own, second = (self._new_user(name, group) for name in ("mot", "hai"))
        known, right = self.env["res.partner"].create(
            [{"name": "Bà Ánh", "street": "1 Tràng Tiền"}, {"name": "Cô Ánh"}]
        )
        lead = self.create_lead(account_id=known.id)
        self.assertTrue(lead.proposal_ids)
        self.ring(ticket_id=4711)
        lead.user_id = own
        self.env.flush_all()
        self.env.invalidate_all()
        vals = {"user_id": second.id, "partner_id": right.id}
        lead.with_user(own).web_save(vals, {"display_name": {}})
        self.assertEqual(self.find().partner_id, right)

    def test_an_archived_lead_is_not_open(self):
        first, second = (self.create_lead(phone_no1=NUMBER) for _ in range(2))
        second.probability = 50
        second.action_archive()
        data = self.ring(ticket_id=4711)
        self.assertEqual(data["id_lead"], first.id)
        data = self.ring("call-2", ticket_id=None)
        self.assertEqual(data["id_lead"], first.id)

    def test_who_picked_up_was_not_the_customer(self):
        lead = self.create_lead()
        for outcome in ("voicemail", "wrong_number", "no_answer"):
            self.ring(outcome, ticket_id=4711, direction="out")
            self.put(outcome, answered_at=self.ended["answered_at"])
            self.assertEqual(lead.lead_api_state, "contacted")
            self.put(outcome, ended_at=self.ended["ended_at"], outcome=outcome)
            self.assertFalse(lead.first_contact_date)
            self.assertEqual(lead.lead_api_state, "new")

    def test_an_answer_that_is_taken_back(self):
        """Take back the contact of a call that turns out to be another lead's, too."""
        first, second = self.create_lead(), self.create_lead(ticket_id=4712)
        times = {"started_at": "2031-01-01T08:00:00Z"}
        times["answered_at"] = "2031-01-01T08:00:10Z"
        self.ring(ticket_id=4711, **times)
        self.assertEqual(first.lead_api_state, "contacted")
        self.put("call-1", ticket_id=4712)
        self.assertEqual(first.lead_api_state, "new")
        self.assertEqual(second.lead_api_state, "contacted")
        self.put("call-1", answered_at="2031-01-01T08:00:12Z")
        self.assertEqual(second.lead_api_state, "contacted")
        self.put("call-1", answered_at=None, outcome="voicemail")
        self.assertEqual(second.lead_api_state, "new")

    def test_staff_had_a_contact_after_an_answer_that_is_taken_back(self):
        """The customer of the lead is not a new one again."""

        def log_call(lead, outcome):
            outcome = self.env.ref(f"crm_lead_api.call_outcome_{outcome}")
            results = self.env["crm.lead.call.result"].with_user(self.agent)
            values = {"lead_id": lead.id, "outcome_id": outcome.id}
            results.create(values).action_save()

        def mark_sent(lead):
            messages = self.env["crm.lead.message"].with_user(self.agent)
            messages.create({"lead_id": lead.id, "text": "Chào"}).action_mark_sent()

        def post(lead, subtype):
            posted = {"message_type": "comment", "subtype_xmlid": f"mail.mt_{subtype}"}
            lead.with_user(self.agent).message_post(body="Chào", **posted)

        for ticket, (act, state, calls) in enumerate(
            (
                (lambda lead: log_call(lead, "answered"), "contacted", 0),
                (mark_sent, "contacted", 0),
                (lambda lead: post(lead, "comment"), "contacted", 0),
                (lambda lead: log_call(lead, "no_answer"), "new", 1),
                (lambda lead: log_call(lead, "wrong_number"), "new", 1),
                (lambda lead: post(lead, "note"), "new", 1),
            )
        ):
            with self.subTest(ticket):
                lead, call = self.create_lead(ticket_id=ticket + 1), f"call-{ticket}"
                self.ring(call, ticket_id=ticket + 1, direction="out")
                self.put(call, answered_at=self.ended["answered_at"])
                act(lead)
                self.put(call, outcome="voicemail")
                self.assertEqual(lead.lead_api_state, state)
                self.assertEqual(len(lead._get_first_calls()), calls)

    def test_a_call_that_was_agreed_on_in_the_call_stays(self):
        """Such as after a booking is cancelled; a later call ends it."""
        lead = self.create_lead()
        planned = lead._plan_activity(
            CALL,
            datetime(2030, 1, 2, 3),
            lambda _env, time: time,
            automated=True,
            call_reason="call_back",
        )
        self.ring(ticket_id=4711, **self.ended)
        self.assertTrue(planned.exists())
        self.ring(
            "call-2",
            ticket_id=4711,
            started_at="2031-01-01T08:00:00Z",
            answered_at="2031-01-01T08:01:00Z",
            outcome="answered",
        )
        self.assertFalse(planned.exists())

    def test_a_ticket_of_another_client(self):
        lead = self.create_lead()
        other = self._new_client("pbx-2")
        headers = {"Authorization": f"Bearer {self._new_token(other)}"}
        body = {**self.ringing, "ticket_id": 4711}
        response = self.send("PUT", "/call-1", body, **headers)
        self.assertIsNone(self.assertJson(response, 200)["data"]["id_lead"])
        self.assertSuccess(self.post({**self.payload, "street": "Số 2"}))
        self.env.invalidate_all()
        self.assertFalse(self.find().lead_id)
        self.assertFalse(lead.phone_call_ids)

    def test_an_account_that_staff_have_merged(self):
        gone, stayed = self.env["res.partner"].create([{"name": "Bà Ánh"}] * 2)
        gone_id = gone.id
        first = self.ring(account_id=gone_id)
        self.env.cr.execute("UPDATE crm_lead_phone_call SET write_date = '2020-01-01'")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((gone | stayed).ids, stayed)
        self.env.invalidate_all()
        self.assertGreater(str(self.find().write_date), "2026")
        self.assertEqual(first["account_id"], gone_id)
        for call in ("call-1", "call-2"):
            data = self.ring(call, account_id=gone_id)
            self.assertEqual(data["account_id"], stayed.id)

    def test_the_customer_by_account_or_phone(self):
        lead = self.create_lead(phone_no2=NUMBER)
        partner = lead.partner_id
        for number, body in enumerate(
            ({"account_id": partner.id, "phone": None}, {"phone": "+84 912345678"})
        ):
            with self.subTest(body=body):
                data = self.ring(f"call-{number}", **body)
                self.assertEqual(data["id_lead"], lead.id)
                self.assertEqual(data["account_id"], partner.id)
        lead.action_set_lost()
        data = self.ring("call-3")
        self.assertEqual((data["id_lead"], data["account_id"]), (None, None))
        self.assertEqual(self.find("call-3").partner_id, partner)
        self.client.looks_up_customers = True
        data = self.assertJson(self.send("GET", "/call-3"), 200)["data"]
        self.assertEqual(data["account_id"], partner.id)

    def test_nobody_is_made(self):
        with self.assertNothingMade():
            self.ring(phone="0988 777 666")
            self.ring("call-2", phone="Anonymous")
            self.ring("call-3", phone=None)
        self.assertEqual(self.find("call-2").phone, "Anonymous")

    def test_a_call_of_a_lead_of_staff(self):
        """Its client knows of the lead only if it reads all leads."""
        lead = self.create_lead(phone_no1=NUMBER)
        pbx = self._new_client("pbx")
        headers = {"Authorization": f"Bearer {self._new_token(pbx)}"}
        response = self.send("PUT", "/call-1", self.ringing, **headers)
        self.assertIsNone(self.assertJson(response, 200)["data"]["id_lead"])
        self.assertEqual(self.find().partner_id, lead.partner_id)
        pbx.reads_all_leads = True
        response = self.send("PUT", "/call-1", self.ended, **headers)
        data = self.assertJson(response, 200)["data"]
        self.assertEqual(data["id_lead"], lead.id)
        self.assertEqual(len(self._get_lines(lead)), 1)
        pbx.reads_all_leads = False
        response = self.send("GET", "/call-1", **headers)
        data = self.assertJson(response, 200)["data"]
        self.assertEqual((data["id_lead"], data["account_id"]), (None, None))

    def test_one_line_in_the_chatter(self):
        lead = self.create_lead()
        self.ring(ticket_id=4711)
        self.put("call-1", answered_at=self.ended["answered_at"])
        self.put("call-1", **self.ended, note="Hỏi <b>giá</b>")
        line = self._get_lines(lead)
        self.assertEqual(len(line), 1)
        for text in (NUMBER, "03:20", self.agent.name, "Hỏi &lt;b&gt;giá&lt;/b&gt;"):
            self.assertIn(text, line.body)
        self.assertEqual(line.author_id, self.agent.partner_id)
        self.assertFalse(line.notified_partner_ids)
        other = self.create_lead(ticket_id=4712)
        self.put("call-1", ticket_id=4712)
        self.assertFalse(self._get_lines(lead))
        self.assertEqual(len(self._get_lines(other)), 1)

    def test_an_answered_call_is_a_first_contact(self):
        self.client.webhook_url = "https://events.example.com"
        lead = self.create_lead()
        for outcome in ("no_answer", "busy", "voicemail", "wrong_number", None):
            self.ring(ticket_id=4711, outcome=outcome)
            self.assertEqual(lead.lead_api_state, "new", outcome)
        events = self.env["crm.lead.api.event"]
        self.put("call-1", **self.ended, direction="out")
        self.assertEqual(lead.lead_api_state, "contacted")
        told = events.search([("lead_id", "=", lead.id)]).mapped("type")
        self.assertEqual(told.count("lead.contacted"), 1)

    def test_the_call_back(self):
        lead = self.create_lead()
        self.ring(ticket_id=4711, callback_at=CALL_BACK)
        call = self._get_planned(lead)
        self.assertRecordValues(
            call,
            [
                {
                    "activity_category": "phonecall",
                    "user_id": lead.user_id.id,
                    "planned_date": datetime(2026, 11, 28, 2),
                }
            ],
        )
        self.put("call-1", note="Ghi chú")
        self.assertEqual(self._get_planned(lead), call)
        self.put("call-1", callback_at="2026-11-29T09:00:00+07:00")
        call = self._get_planned(lead)
        self.assertEqual(call.planned_date, datetime(2026, 11, 29, 2))
        call.action_done()
        self.put("call-1", callback_at="2026-11-29T09:00:00+07:00")
        self.assertFalse(self._get_planned(lead), "it is done")
        self.put("call-1", callback_at=CALL_BACK)
        self.assertEqual(len(self._get_planned(lead)), 1)
        self.put("call-1", callback_at=None)
        self.assertFalse(self._get_planned(lead))

    def test_another_time_is_agreed_on(self):
        lead = self.create_lead()
        self.ring(ticket_id=4711, callback_at=CALL_BACK)
        later = {"started_at": "2026-11-25T09:00:00+07:00", "ticket_id": 4711}
        self.ring("call-2", callback_at="2026-11-29T09:00:00+07:00", **later)
        call = self._get_planned(lead)
        self.assertEqual(call.mapped("planned_date"), [datetime(2026, 11, 29, 2)])
        self.put("call-1", note="Ghi chú")
        self.assertEqual(self._get_planned(lead), call)

    def test_the_first_call_is_made(self):
        """By the answered call, or another time was agreed on."""
        for changes in (self.ended, {"callback_at": CALL_BACK}):
            with self.subTest(changes=changes):
                lead = self.create_lead()
                self.assertTrue(lead._get_first_calls())
                self.ring(f"call-{lead.id}", ticket_id=4711)
                self.assertTrue(lead._get_first_calls(), "nobody has answered")
                self.put(f"call-{lead.id}", **changes)
                self.assertFalse(lead._get_first_calls())
                call = lead.activity_ids
                self.assertEqual(len(call), "callback_at" in changes)
                self.assertEqual(lead.call_date, call.planned_date)

    def test_the_first_call_is_to_make_after_all(self):
        """A mailbox had picked up, or the call was of another lead."""
        for ticket, changes in (
            (1, {"outcome": "voicemail"}),
            (2, {"ticket_id": 3, "outcome": "answered"}),
        ):
            with self.subTest(changes=changes):
                lead, call = self.create_lead(ticket_id=ticket), f"call-{ticket}"
                self.ring(call, ticket_id=ticket, direction="out")
                self.put(call, answered_at=self.ended["answered_at"])
                self.assertFalse(lead._get_first_calls())
                self.put(call, **changes)
                self.assertEqual(lead.lead_api_state, "new")
                planned = lead._get_first_calls()
                self.assertEqual(planned.call_reason, "new_lead")
                self.assertGreater(planned.planned_date, lead.create_date)

    def test_a_late_note_leaves_a_later_first_call(self):
        lead = self.create_lead()
        self.ring(ticket_id=4711)
        self.put("call-1", **self.ended)
        lead.activity_schedule(CALL, automated=True, planned_date=lead.create_date)
        self.put("call-1", note="Hỏi giá")
        self.assertTrue(lead._get_first_calls())

    def test_a_late_answer_leaves_the_next_try(self):
        """Of a call that nobody answered after the answered one."""
        lead = self.create_lead()
        again = datetime(2030, 1, 2, 3)
        with (
            patch.object(type(lead), "_get_next_try_date", lambda *args: again),
            patch.object(type(lead), "_note_try", lambda *args: True),
        ):
            late = {"direction": "out", "started_at": "2026-11-25T09:00:00+07:00"}
            self.ring("call-2", ticket_id=4711, outcome="no_answer", **late)
        self.ring(ticket_id=4711)
        self.put("call-1", **self.ended)
        self.assertEqual(lead._get_first_calls().planned_date, again)

    def test_the_call_back_of_a_contact(self):
        partner = self.env["res.partner"].create({"name": "Yến", "phone": NUMBER})
        self.ring(ticket_id=4711, callback_at=CALL_BACK)
        planned = self._get_planned(partner)
        self.assertEqual(planned.user_id, self.agent)
        lead = self.assertSuccess(self.post())
        self.assertFalse(self._get_planned(partner))
        self.assertEqual(self._get_planned(lead).user_id, lead.user_id)

    def test_staff_change_the_customer(self):
        lead = self.create_lead()
        self.ring(ticket_id=4711)
        lead.partner_id = self.env["res.partner"].create({"name": "Yến"})
        self.assertEqual(self.find().partner_id, lead.partner_id)

    def test_merged_leads(self):
        lead, other = self.create_lead(), self.create_lead(ticket_id=4712)
        self.ring(ticket_id=4711)
        self.ring("call-2", ticket_id=4712)
        merged = (lead + other).merge_opportunity()
        calls = self.find() + self.find("call-2")
        self.assertEqual(calls.lead_id, merged)
        self.assertEqual(len(self._get_lines(merged)), 2)
        self.put("call-2", note="Ghi chú")
        self.assertEqual(len(self._get_lines(merged)), 2)

    def test_the_calls_of_a_customer(self):
        self.client.looks_up_customers = True
        lead = self.create_lead(phone_no1=NUMBER)
        for number in range(11):
            self.ring(f"call-{number}", started_at=f"2026-11-25T08:{number + 10}:00Z")
        query = f"account_id={lead.partner_id.id}&agent_email=lan@example.com"
        path = f"/api/v1/customers?{query}"
        response = self.post(url=path, method="GET", data=None)
        [customer] = self.assertJson(response, 200)["data"]["customers"]
        self.assertEqual(
            [call["call_id"] for call in customer["phone_calls"]],
            [f"call-{number}" for number in range(10, 0, -1)],
        )
        response = self.post(url=f"{path}&include=leads", method="GET", data=None)
        [customer] = self.assertJson(response, 200)["data"]["customers"]
        self.assertNotIn("phone_calls", customer)

    def test_a_try_of_a_closed_lead(self):
        """The telephone system tells of it late: nobody calls again."""
        again = datetime(2030, 1, 2, 3)
        for number, close in enumerate(("action_set_lost", "action_set_won"), 1):
            lead = self.create_lead(ticket_id=number)
            self.ring(f"call-{number}", ticket_id=number, direction="out")
            getattr(lead, close)()
            with (
                patch.object(type(lead), "_get_next_try_date", lambda *args: again),
                patch.object(type(lead), "_note_try", lambda *args: True),
            ):
                self.put(f"call-{number}", outcome="no_answer")
            self.assertFalse(lead._get_calls_again("no_answer"))

    def test_a_call_that_nobody_answered(self):
        """An addon may say when to call again: once for each outgoing call."""
        lead, again = self.create_lead(), datetime(2026, 11, 25, 2)
        first = self.env["crm.lead"].browse(lead.id)._get_first_calls()
        noted = []

        def note(_lead, date):
            noted.append(date)
            return True

        with (
            patch.object(type(lead), "_get_next_try_date", lambda *args: again),
            patch.object(type(lead), "_note_try", note),
        ):
            self.ring(ticket_id=4711, direction="out")
            self.assertFalse(noted)
            self.put("call-1", outcome="no_answer")
            self.put("call-1", note="Chuông reo mãi")
            self.ring("call-2", ticket_id=4711, outcome="no_answer")  # incoming
        self.assertEqual(noted, [datetime(2026, 11, 25, 1, 15)])
        self.assertFalse(first.exists())
        self.assertIn(again, lead._get_first_calls().mapped("planned_date"))
        self.put("call-1", **self.ended)
        self.assertFalse(lead._get_first_calls(), "an answered call ends it")

    def test_a_wrong_number(self):
        """Count a wrong number as a try, after which nobody dials it again."""
        lead, again, noted = self.create_lead(), datetime(2030, 1, 2, 3), []
        first = lead._get_first_calls()
        with (
            patch.object(type(lead), "_get_next_try_date", lambda *args: again),
            patch.object(
                type(lead), "_note_try", lambda _lead, date: not noted.append(date)
            ),
        ):
            self.ring(ticket_id=4711, outcome="wrong_number")
            self.assertFalse(noted, "the customer has called")
            self.ring("call-2", ticket_id=4711, direction="out", outcome="wrong_number")
        self.assertEqual(noted, [datetime(2026, 11, 25, 1, 15)])
        self.assertEqual(lead._get_open_calls(), first)

    def test_a_call_before_the_lead(self):
        """Without a ticket an older call may join the lead when it is sent again, and
        was about something else; the ticket may be entered after the call, too."""
        lead, noted = self.create_lead(phone_no1=NUMBER), []
        for ticket, (hours, is_about_the_lead) in enumerate(((49, False), (1, True))):
            with self.subTest(hours=hours):
                lead.action_set_lost()
                start = datetime.now(timezone.utc) - timedelta(hours=hours)
                ring = {"started_at": start.isoformat(timespec="seconds")}
                calls = f"answered-{hours}", f"tried-{hours}"
                self.ring(calls[0], outcome="answered", **ring)
                self.ring(calls[1], direction="out", outcome="busy", **ring)
                lead = self.create_lead(phone_no1=NUMBER, ticket_id=ticket + 1)
                with patch.object(
                    type(lead), "_note_try", lambda _lead, date: noted.append(date)
                ):
                    for call in calls:
                        data = self.put(call, note="Hỏi giá")
                        self.assertEqual(data["id_lead"], lead.id)
                state = "contacted" if is_about_the_lead else "new"
                self.assertEqual(lead.lead_api_state, state)
                self.assertEqual(bool(lead._get_first_calls()), not is_about_the_lead)
                self.assertEqual(bool(noted), is_about_the_lead)
