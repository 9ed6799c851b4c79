# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_lead_api.tests.data import MANAGER_GROUP

from .common import NEEDED, ConnectionHttpCase


@tagged("post_install", "-at_install")
class TestCompanies(ConnectionHttpCase):
    """Administrators of a company change nothing of another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, "manager", MANAGER_GROUP, company_id=cls.company.id
        )
        clients = cls.env["crm.lead.api.client"].with_company(cls.other_company)
        cls.foreign = clients.create(
            {"name": "Hoa Đào", "company_ids": cls.other_company.ids}
        )
        cls.own = cls.connection.with_user(cls.manager)

    def test_a_client_of_another_company(self):
        self.own.name = "Hoa Mai"
        with self.assertRaises(AccessError):
            self.own.client_id = self.foreign
        with self.assertRaises(AccessError):
            self.own.copy({"client_id": self.foreign.id})

    def test_a_line_of_another_company(self):
        other = self._connect("google", NEEDED, client_id=self.foreign.id)
        other.field_ids.filtered(lambda line: line.attribute == "phone_no1").unlink()
        line = self.own.field_ids.filtered(lambda line: line.attribute == "phone_no1")
        with self.assertRaises(AccessError):
            line.connection_id = other.id

    def test_an_archived_company(self):
        """Leave a connection to those of its other companies, and show messages and
        questions of an archived company alone to nobody."""
        branch = self.env["res.company"].create({"name": "Chi nhánh cũ"})
        former = self.foreign.copy({"name": "Cũ", "company_ids": branch.ids})
        self.client.company_ids += branch
        other = self._connect("google", NEEDED, client_id=former.id)
        values = {"name": "x", "count": 1, "last_date": datetime.now()}
        for connection in (self.connection, other):
            self.messages._keep(connection, [{"lead_id": "1"}])
            connection.question_ids = [Command.create(values)]
        messages = (self.connection + other).message_record_ids
        questions = (self.connection + other).question_ids
        self.assertFalse(self.own.has_access("write"))
        self.assertFalse(messages.with_user(self.manager)._filtered_access("read"))
        self.assertFalse(questions.with_user(self.manager)._filtered_access("read"))
        former.active = former.user_id.active = False
        branch.active = False
        self.env.invalidate_all()
        self.own.name = "Hoa Mai"
        self.own.field_ids[0].is_required = True
        seen = messages.with_user(self.manager)._filtered_access("read")
        self.assertEqual(seen.connection_id, self.connection)
        seen = questions.with_user(self.manager)._filtered_access("read")
        self.assertEqual(seen.connection_id, self.connection)

    def _get_lead_of_two(self):
        """Make a lead whose client then is of another company, too; return the lead as
        the administrator of the one company sees it."""
        lead = self.make_lead().lead_id
        self.client.company_ids += self.other_company
        self.env.invalidate_all()
        return lead.with_user(self.manager)

    def test_leads_of_today(self):
        lead = self._get_lead_of_two()
        action = self.own.action_open_leads()
        self.assertEqual(self.own.lead_count, 1)
        self.assertEqual(lead.search(action["domain"]), lead)

    def test_the_message_of_a_lead(self):
        """Show the button to those who may see the message."""
        lead = self._get_lead_of_two()
        page = etree.fromstring(lead.get_view(view_type="form")["arch"])
        [button] = page.xpath("//button[@name='action_open_lead_api_messages']")
        field = button.get("invisible").removeprefix("not ")
        self.assertTrue(lead.came_by)
        self.assertFalse(lead[field])
        self.manager.company_ids += self.other_company
        self.env.invalidate_all()
        self.assertTrue(lead[field])
        self.assertTrue(lead.action_open_lead_api_messages()["res_id"])

    def test_a_platform_of_others(self):
        """Nobody weakens the proof of another company's messages."""
        with self.assertRaises(UserError):
            self.own.platform_id.proof = "none"
        self.own.platform_id.is_checked = True
        self.own.action_adapt()
        adapted = self.own.platform_id
        adapted.test_place = "test"
        self._connect("google", {}, client_id=self.foreign.id, platform_id=adapted.id)
        with self.assertRaises(AccessError):
            adapted.proof = "none"
        with self.assertRaises(UserError):
            adapted.code = "google-2"
