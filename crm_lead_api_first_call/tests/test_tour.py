# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.crm_lead_api.tests.common import LeadApiHttpCase
from odoo.addons.crm_lead_api.tests.data import MANAGER_GROUP

from .common import FirstCallData


class TourCase(FirstCallData, LeadApiHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar.attendance_ids.unlink()
        cls.calendar.attendance_ids = [
            (
                *(0, 0),
                {
                    "name": "Ca",
                    "dayofweek": str(day),
                    "hour_from": 0,
                    "hour_to": 24,
                    "day_period": "morning",
                },
            )
            for day in range(7)
        ]


@tagged("post_install", "-at_install")
class TestTour(TourCase):
    """Do in the browser what people do there."""

    browser_size = "1400x900"

    def test_the_next_lead(self):
        self.minh.is_on_duty = False
        _first, second = self.make_leads(2)
        self.give_out()
        second.activity_ids.planned_date += timedelta(minutes=1)
        self.start_tour(
            "/odoo/action-crm_lead_api.crm_lead_call_action",
            "crm_lead_api_first_call_next_tour",
            login=self.lan.user_id.login,
        )

    def test_a_waiting_lead(self):
        (self.lan | self.minh).is_on_duty = False
        leads = self.make_leads(2)
        self.give_out()
        self.start_tour(
            "/odoo/leads-waiting",
            "crm_lead_api_first_call_waiting_tour",
            login=self.lan.user_id.login,
        )
        self.assertEqual(leads.mapped("user_id"), self.lan.user_id)

    def test_a_manager_gives_a_lead(self):
        self.make_leads()
        manager = self._new_user("manager-of-tour", "sales_team.group_sale_manager")
        self.lan.is_on_duty = False
        self.start_tour(
            "/odoo/leads-waiting",
            "crm_lead_api_first_call_give_tour",
            login=manager.login,
        )

    def test_a_team_leader_switches_it_on(self):
        self.team.gives_leads_out = False
        manager = self._new_user(
            "manager-of-tour", f"{MANAGER_GROUP},sales_team.group_sale_manager"
        )
        self.start_tour(
            f"/odoo/crm.team/{self.team.id}",
            "crm_lead_api_first_call_team_tour",
            login=manager.login,
        )
        self.assertTrue(self.team.gives_leads_out)
        self.assertEqual(self.team.first_call_minutes, 10)
        self.assertEqual(self.lan.first_call_weight, 3)
        self.assertFalse(self.lan.is_on_duty)


@tagged("post_install", "-at_install")
class TestPhoneTour(TourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_on_duty(self):
        self.lan.is_on_duty = False
        self.start_tour(
            "/odoo",
            "crm_lead_api_first_call_duty_tour",
            login=self.lan.user_id.login,
        )
        self.assertTrue(self.lan.is_on_duty)
        self.assertTrue(self.minh.is_on_duty)
