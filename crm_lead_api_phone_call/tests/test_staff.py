# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.modules.module import load_script
from odoo.tests import Form, tagged
from odoo.tools import file_path

from odoo.addons.crm_lead_api.tests.data import MANAGER_GROUP

from ..models.res_config_settings import RECORDING_DAYS, RECORDING_SIZE
from .common import KEY, NUMBER, PhoneCallCase
from .sounds import WAVE


@tagged("post_install", "-at_install")
class TestStaff(PhoneCallCase):
    """Who sees which calls, and where."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = cls._new_user("own-leads", "sales_team.group_sale_salesman")
        cls.manager = cls._new_user("manager", "sales_team.group_sale_manager")

    def test_calls_as_their_lead(self):
        lead = self.create_lead()
        self.ring(ticket_id=4711)
        self.ring("call-2", phone="0988 777 666")
        with_lead, without = self.find(), self.find("call-2")
        mine = self.calls.with_user(self.salesman)
        self.assertEqual(mine.search([]), without)
        with self.assertRaises(AccessError):
            with_lead.with_user(self.salesman).check_access("read")
        lead.user_id = False
        self.assertEqual(mine.search([]), with_lead + without)
        lead.user_id = self.salesman
        lead.action_set_lost()
        self.assertEqual(mine.search([]), with_lead + without)
        stranger = self._new_user("stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self.calls.with_user(stranger).search([])
        for user in (self.salesman, self.manager):
            with self.assertRaises(AccessError):
                without.with_user(user).note = "x"

    def test_calls_of_a_lead_that_is_gone(self):
        """They keep its protection, also when the client tells of them again."""
        lead = self.create_lead()
        lead.user_id = self.salesman
        self.ring(ticket_id=4711)
        self.put_recording(WAVE)
        self.ring("call-2", phone="0988 777 666")
        self.put_recording(WAVE, "call-2")
        of_lead, of_nobody = self.find(), self.find("call-2")
        colleague = self._new_user("colleague", "sales_team.group_sale_salesman")
        sees_all = self._new_user("all", "sales_team.group_sale_salesman_all_leads")

        def assertHeardBy(*users):
            for user in (self.salesman, colleague, sees_all, self.manager):
                self.env.invalidate_all()
                expected = of_nobody + (of_lead if user in users else of_nobody[:0])
                calls = self.calls.with_user(user).search([])
                self.assertEqual(set(calls), set(expected), user.login)
                attachment = of_lead._get_recording_attachment().with_user(user)
                heard = attachment.with_context(bin_size=False).has_access("read")
                self.assertEqual(heard, user in users, user.login)

        assertHeardBy(self.salesman, sees_all, self.manager)
        lead.unlink()
        assertHeardBy(sees_all, self.manager)
        self.ring(ticket_id=4711, **self.ended)
        self.ring(ticket_id=None, phone="0988 777 667")
        self.assertFalse(of_lead.lead_id)
        assertHeardBy(sees_all, self.manager)
        # Of another lead it has the protection of that lead.
        self.create_lead(ticket_id=4712).user_id = self.salesman
        self.ring(ticket_id=4712)
        assertHeardBy(self.salesman, sees_all, self.manager)

    def test_the_update_marks_old_calls(self):
        lead = self.create_lead(ticket_id=4712)
        self.ring(ticket_id=4711)
        self.ring("call-2", ticket_id=4712)
        self.ring("call-3", phone="0988 777 666")
        lead.unlink()
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead_phone_call SET is_shared = NULL")
        path = "crm_lead_api_phone_call/migrations/19.0.1.1.0/post-calls.py"
        load_script(file_path(path), "post_calls").migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        calls = [self.find(f"call-{number}") for number in (1, 2, 3)]
        self.assertEqual([call.is_shared for call in calls], [False, False, True])

    def test_calls_move_with_their_lead(self):
        """A list of calls has none whose lead the reader may not see; the client ends
        its call, and reads it on its pages."""
        self.assertNotIn(self.other_company, self.caller.company_ids)
        lead = self.create_lead()
        named = {"ticket_id": 4711, "account_id": lead.partner_id.id}
        self.ring(**named)
        lead.write(
            {
                "company_id": self.other_company.id,
                "pricelist_id": self.other_pricelist.id,
                "service_ids": [(5,)],
                "user_id": False,
                "team_id": False,
            }
        )
        lead.partner_id.company_id = self.other_company
        self.assertEqual(self.find().company_id, self.other_company)
        calls = self.calls.with_user(self.salesman)
        self.assertEqual(calls.web_search_read([], {"phone": {}})["length"], 0)
        self.put("call-1", **named, **self.ended)
        self.assertJson(self.put_recording(WAVE), 200)
        self.assertRecordValues(
            self.find(),
            [
                {
                    "lead_id": lead.id,
                    "company_id": self.other_company.id,
                    "outcome": "answered",
                    "recording_type": "audio/wav",
                }
            ],
        )
        for self.client.reads_all_leads in (False, True):
            items = self.assertJson(self.send("GET", ""), 200)["data"]["items"]
            self.assertEqual([each["call_id"] for each in items], ["call-1"])

    def test_merged_contacts_keep_what_was_said(self):
        partner, other = self.env["res.partner"].create(
            [
                {"name": "Yến", "phone": NUMBER, "country_id": self.country.id},
                {"name": "Yến"},
            ]
        )
        self.ring(note="Hỏi giá")
        nobodys = self.find()
        nobodys.partner_id = False
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((partner | other).ids, other)
        self.env.invalidate_all()
        self.assertEqual(nobodys.note, "Hỏi giá")

    def test_exports(self):
        """A text of a client is no formula in a spreadsheet."""
        texts = {"agent_email": "=1+1", "call_type": "@SUM(1)", "note": "=1+1"}
        self.ring(**texts)
        data = self.find().export_data(list(texts))
        self.assertEqual(data["datas"], [[f"'{text}" for text in texts.values()]])

    def test_companies(self):
        self.ring()
        call = self.find()
        call.company_id = self.other_company
        self.assertFalse(self.calls.with_user(self.manager).search([]))

    def test_counts_and_lists(self):
        lead = self.create_lead()
        partner = lead.partner_id
        self.ring(ticket_id=4711)
        self.ring("call-2", account_id=partner.id)
        self.ring("call-3", phone="0988 777 666")
        expected = self.find() + self.find("call-2")
        for record in (lead, partner):
            record = record.with_user(self.manager)
            self.assertEqual(record.phone_call_count, 2)
            action = record.action_view_phone_calls()
            self.assertEqual(self.calls.search(action["domain"]), expected)
        with Form(lead.with_user(self.manager)) as form:
            self.assertEqual(form.phone_call_count, 2)
        stranger = self.env["res.partner"].create({"name": "Mới"})
        self.assertEqual(stranger.with_user(self.salesman).phone_call_count, 0)

    def test_the_timeline(self):
        lead = self.create_lead()
        self.ring(ticket_id=4711, **self.ended, note="Hỏi giá")
        self.assertEqual(len(self.env["crm.lead.api.request"].search([])), 1)
        self.manager.group_ids += self.env.ref(MANAGER_GROUP)
        timeline = lead.partner_id.with_user(self.manager).timeline
        for text in ("Incoming", "Answered", "03:20", "Hỏi giá"):
            self.assertIn(text, timeline)
        self.assertNotIn("Request", timeline, "the call says it")

    def test_a_phone_in_any_notation(self):
        self.ring()
        for text in (NUMBER, KEY, "0912.345.678"):
            found = self.calls.with_user(self.manager).search(
                [("phone_search", "ilike", text)]
            )
            self.assertEqual(found, self.find(), text)

    def test_a_contact_that_is_erased(self):
        partner = self.env["res.partner"].create({"name": "Yến", "phone": NUMBER})
        self.ring(note="Hỏi giá", recording_url="https://pbx.example.com/1")
        self.put_recording(WAVE)
        self.ring("call-2", phone="0988 777 666")
        call = self.find()
        self.assertEqual(call.partner_id, partner)
        partner.unlink()
        self.env.invalidate_all()
        self.assertRecordValues(
            call,
            [
                {
                    "partner_id": False,
                    "phone": False,
                    "phone_key": False,
                    "note": False,
                    "recording_url": False,
                    "recording_type": False,
                    "agent_id": self.agent.id,
                }
            ],
        )
        self.assertFalse(call._get_recording_attachment())
        self.assertTrue(self.find("call-2").phone)

    def test_a_call_that_is_erased(self):
        lead = self.create_lead()
        self.ring(ticket_id=4711)
        self.put_recording(WAVE)
        call = self.find()
        attachment, message = call._get_recording_attachment(), call.message_id
        call.with_user(self.manager).unlink()
        self.assertFalse(attachment.exists() or message.exists())
        self.assertTrue(lead.exists())

    def test_settings(self):
        settings = self.env["res.config.settings"].create(
            {"phone_call_recording_days": 30}
        )
        settings.execute()
        get = self.env["ir.config_parameter"]._get_lead_api_int
        self.assertEqual(get(RECORDING_DAYS), 30)
        self.assertEqual(get(RECORDING_SIZE), 25)
        with self.assertRaisesRegex(Exception, "at least 1"):
            self.env["res.config.settings"].create({"phone_call_recording_size": 0})
