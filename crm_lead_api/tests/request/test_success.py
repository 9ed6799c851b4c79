# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from ast import literal_eval
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from ..common import LeadApiHttpCase
from ..data import NO_PORTRAIT, PORTRAIT


@tagged("post_install", "-at_install")
class TestSuccess(LeadApiHttpCase):
    def test_the_contracts_example(self):
        response = self.post()
        lead = self.assertSuccess(response)
        action = self.env.ref("crm.crm_lead_action_pipeline").id
        menu = self.env.ref("crm.crm_menu_root").id
        self.assertEqual(
            response.json(),
            {
                "error": 0,
                "message": "Success",
                "data": {
                    "customer_portrait": PORTRAIT,
                    "id_lead": lead.id,
                    "link_lead_detail": f"{self.base_url()}/web#id={lead.id}"
                    f"&model=crm.lead&view_type=form&action={action}&menu_id={menu}",
                },
            },
        )
        self.assertEqual(
            list(response.json()["data"]["customer_portrait"]), list(PORTRAIT)
        )

    def test_no_portrait(self):
        for portrait in (None, "", {}, {"hobby": [], "transport": ""}):
            with self.subTest(portrait=portrait):
                response = self.post({**self.payload, "customer_portrait": portrait})
                lead = self.assertSuccess(response)
                answer = response.json()["data"]["customer_portrait"]
                self.assertEqual(answer, NO_PORTRAIT)
                self.assertFalse(lead.portrait_id)

    def test_midnight_is_not_a_time_that_was_not_sent(self):
        portrait = {"work_start_time": 0, "work_end_time": "0.0", "break_end_time": 8.5}
        response = self.post({**self.payload, "customer_portrait": portrait})
        self.assertSuccess(response)
        answer = response.json()["data"]["customer_portrait"]
        self.assertIn('"work_start_time": 0.0', response.text)
        self.assertEqual(answer["work_end_time"], 0.0)
        self.assertIsNone(answer["break_start_time"])
        self.assertEqual(answer["break_end_time"], 8.5)
        self.env.invalidate_all()
        Portrait = self.env["crm.customer.portrait"]
        self.assertTrue(Portrait.search([("work_start_time", "=", 0)]))
        self.assertTrue(Portrait.search([("break_start_time", "=", False)]))
        self.assertFalse(Portrait.search([("break_end_time", "=", False)]))

    def test_both_addresses(self):
        self.assertSuccess(self.post(url="/phong-kham/api/v1/lead"))
        self.assertSuccess(self.post(url="/api/v1/lead"))

    def test_request_id(self):
        for sent, is_kept in (
            ("ticket-4711.retry:1", True),
            ("x" * 128, True),
            ("x" * 129, False),
            ("a b", False),
            ("<script>", False),
        ):
            with self.subTest(sent):
                response = self.post(headers={"X-Request-Id": sent})
                answered = response.headers["X-Request-Id"]
                self.assertEqual(answered == sent, is_kept)
                self.assertTrue(answered)

    def test_ignored_fields(self):
        payload = {
            **self.payload,
            "foo": {"deep": [1]},
            "a\r\nX-Evil: 1": 1,
            "tên": "x",
            "customer_portrait": {"bar": 1},
        }
        response = self.post(payload)
        self.assertSuccess(response)
        self.assertEqual(
            response.headers["X-Ignored-Fields"],
            "foo, a%0D%0AX-Evil%3A%201, t%C3%AAn, customer_portrait.bar",
        )
        self.assertNotIn("X-Evil", response.headers)
        self.assertNotIn("X-Ignored-Fields", self.post().headers)
        response = self.post({"foo": 1})
        self.assertEqual(response.headers["X-Ignored-Fields"], "foo")
        response = self.post({**self.payload, **dict.fromkeys(map(str, range(9999)))})
        self.assertNotIn("X-Ignored-Fields", response.headers)  # null is not sent
        response = self.post(
            {**self.payload, **dict.fromkeys(map(str, range(9999)), 1)}
        )
        self.assertLess(len(response.headers["X-Ignored-Fields"]), 1100)

    def _set_leads_feature(self, is_on):
        command = Command.link if is_on else Command.unlink
        group = self.env.ref("crm.group_use_lead")
        self.env.ref("base.group_user").implied_ids = [command(group.id)]

    def test_the_link_has_odoos_own_address(self):
        """Odoo's website gives records the address that customers know."""
        get_own = self.registry["crm.lead"].get_base_url

        def get_base_url(lead):
            return "https://www.example.com" if lead else get_own(lead)

        with patch.object(self.registry["crm.lead"], "get_base_url", get_base_url):
            link = self.post().json()["data"]["link_lead_detail"]
        self.assertTrue(link.startswith(f"{self.base_url()}/web#"), link)

    def test_leads_land_where_staff_look(self):
        leads, pipeline = "crm.crm_lead_all_leads", "crm.crm_lead_action_pipeline"
        for is_on, team_uses_leads, lead_type, action in (
            (False, True, "opportunity", pipeline),
            (True, True, "lead", leads),
            (True, False, "opportunity", pipeline),
        ):
            with self.subTest(is_on=is_on, team_uses_leads=team_uses_leads):
                self._set_leads_feature(is_on)
                self.team.use_leads = team_uses_leads
                response = self.post()
                lead = self.assertSuccess(response)
                self.assertEqual((lead.type, lead.team_id), (lead_type, self.team))
                link = response.json()["data"]["link_lead_detail"]
                self.assertIn(f"&action={self.env.ref(action).id}&", link)
                # The list behind the link shows it.
                domain = literal_eval(self.env.ref(action).domain)
                self.assertIn(lead, lead.search(domain))

    def test_several_leads_of_one_ticket(self):
        first, second = self.post(), self.post({**self.payload, "shuttle_bus": "no"})
        self.assertNotEqual(self.assertSuccess(first), self.assertSuccess(second))
