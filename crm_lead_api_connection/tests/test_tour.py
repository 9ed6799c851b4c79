# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from odoo.addons.crm_lead_api.tests.data import MANAGER_GROUP

from .common import ConnectionHttpCase


@tagged("post_install", "-at_install")
class TestTour(ConnectionHttpCase):
    """Do in the browser what people do there."""

    def test_somebody_connects_a_form(self):
        manager = self._new_user("manager-of-tour", MANAGER_GROUP)
        self.client.name = "Client of tour"
        self.start_tour("/odoo", "crm_lead_api_connection_tour", login=manager.login)
        message = self.find("tour-1")
        self.make_leads()
        self.assertEqual(message.state, "done", message.problems)
        self.assertEqual(message.lead_id.contact_name, "Đỗ Thị Kim Liên")
        self.assertEqual(message.lead_id.ad_campaign, "123456")

    def test_somebody_looks_at_what_was_refused(self):
        manager = self._new_user("manager-of-tour", MANAGER_GROUP)
        self.fill_in(answers={"FULL_NAME": ""})
        self.make_leads()
        self.start_tour(
            "/odoo/lead-api-connections",
            "crm_lead_api_message_tour",
            login=manager.login,
        )

    def test_each_connection_has_its_own_message(self):
        manager = self._new_user("manager-of-tour", MANAGER_GROUP)
        self.fill_in()
        self._connect("ladipage", {}, name="Khuyến mãi tháng 12")
        team = self.team.copy({"name": "Nhóm của trang"})
        self._new_client("web-form", company_id=self.company.id, team_id=team.id)
        self.start_tour(
            "/odoo/lead-api-connections",
            "crm_lead_api_two_connections_tour",
            login=manager.login,
        )

    def test_a_salesperson_sees_where_a_lead_comes_from(self):
        self.fill_in(answers={"Bạn cần tư vấn gì?": "Chăm sóc da"})
        self.make_leads()
        lead = self.find().lead_id
        lead.user_id = self.agent
        link = lead._get_staff_url().removeprefix(lead.get_base_url())
        self.start_tour(link, "crm_lead_api_came_by_tour", login=self.agent.login)
