# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that requests are sent again after their code has got a meaning."""

import unicodedata

from odoo.tests import Form, tagged

from ..common import LeadApiHttpCase
from ..data import MANAGER_GROUP


@tagged("post_install", "-at_install")
class TestCodeWaiting(LeadApiHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._new_user("manager-of-tour", MANAGER_GROUP)
        cls.client.takes_own_codes = True

    def _refuse(self, ticket, *services, **changes):
        payload = {**self.payload, "crm_line_ids": [*services], "ticket_id": ticket}
        self.assertEqual(self.post({**payload, **changes}).status_code, 422)
        return self.client.request_ids.sorted("id")[-1]

    def _get_code(self, text):
        code = self.client.code_ids.filtered(lambda code: code.code == text)
        return code.with_user(self.manager)

    def _get_dialog(self, code):
        action = code.action_send_waiting()
        wizards = self.env[action["res_model"]].with_user(self.manager)
        return wizards.with_context(**action["context"]).create({})

    def test_the_dialog_says_that_the_request_is_right_now(self):
        self._refuse(1, "NM")
        code = self._get_code("NM")
        code.res_id = self.service.id
        action = code.action_send_waiting()
        wizards = self.env[action["res_model"]].with_user(self.manager)
        form = Form(wizards.with_context(**action["context"]))
        self.assertTrue(form.is_right)
        payload, form.payload = form.payload, "{}"
        self.assertFalse(form.is_right)
        form.payload = payload
        self.assertTrue(form.is_right)

    def test_sent_again(self):
        first = self._refuse(1, "NM", self.service.id)
        again = self._refuse(1, "NM", self.service.id)
        second = self._refuse(2, "KH", "NM")
        self._refuse(3, "KH")
        self._refuse(4, self.service.id, gender="NM")
        corrected = self._refuse(5, "NM")
        payload = {**self.payload, "ticket_id": 5}
        self.assertSuccess(self.post(payload))
        code = self._get_code("NM")
        self.assertEqual(code.waiting_count, 2)
        # Without a meaning there is nothing to be gained.
        self.assertEqual(
            code.action_send_waiting(),
            {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "info",
                    "message": "No request waits for this code.",
                },
            },
        )
        code.res_id = self.service_2.id
        wizard = self._get_dialog(code)
        self.assertEqual(wizard.request_ids, again | second)
        wizard.action_send()
        self.env.invalidate_all()
        self.assertTrue(again.lead_id)
        self.assertEqual(code._find_waiting_requests().origin_id, second)
        kham = self._get_code("KH")
        kham.res_id = self.service.id
        self.assertEqual(kham.waiting_count, 2)
        self._get_dialog(kham).action_send()
        self.env.invalidate_all()
        self.assertEqual(
            second.lead_id.service_ids.product_id, self.service | self.service_2
        )
        self.assertEqual(code.waiting_count, 0)
        self.assertFalse((first | corrected).lead_id)

    def test_the_requests_in_which_it_was_unknown(self):
        apart = unicodedata.normalize("NFD", "Mí")
        entries = self._refuse(1, "Mí", "KH") | self._refuse(2, apart)
        self._refuse(3, "KH")
        self._refuse(4, self.service.id, gender="Mí")
        lead = self.assertSuccess(self.post())
        change = {"add_crm_line_ids": ["Mí"]}
        self.post(change, url=f"/api/v1/lead/{lead.id}", method="PATCH")
        entries |= self.client.request_ids.sorted("id")[-1]
        code = self._get_code("Mí")
        code.res_id = self.service.id
        self.assertSuccess(self.post({**self.payload, "crm_line_ids": ["Mí"]}))
        action = code.action_open_requests()
        requests = self.env[action["res_model"]].with_user(self.manager)
        self.assertEqual(requests.search(action["domain"]), entries.sorted())
        self.assertFalse(action["context"])  # tests and dry runs, too

    def _change(self, address, **payload):
        return self.post(payload, url=f"/api/v1/lead{address}", method="PATCH")

    def _find_failed(self):
        """Find the entries of the filter *Failed, Not Sent Again*."""
        return self.client.request_ids.search([("is_unsettled", "=", True)])

    def test_a_change_of_a_ticket_with_a_lead(self):
        lead = self.assertSuccess(self.post())
        self._change("?ticket_id=4711", add_crm_line_ids=["NM"])
        code = self._get_code("NM")
        code.res_id = self.service_2.id
        self.assertEqual((code.waiting_count, code.call_count), (1, 1))
        self._get_dialog(code).action_send()
        self.env.invalidate_all()
        self.assertEqual(lead.service_ids.product_id[-1:], self.service_2)
        self.assertEqual(code.waiting_count, 0)

    def test_tests_settle_no_live_request(self):
        token = self._new_token(is_test=True)
        live = self._refuse(500, "NM")
        payload = {**self.payload, "ticket_id": 500}
        self.assertSuccess(self.post(payload, token=token))
        wrong = {**payload, "crm_line_ids": ["NM"]}
        self.assertEqual(self.post(wrong, token=token).status_code, 422)
        test = self.client.request_ids.sorted("id")[-1]
        self.assertEqual(self._get_code("NM")._find_waiting_requests(), live | test)
        self.assertEqual(self._find_failed(), live | test)

    def test_a_change_that_the_client_has_corrected_itself(self):
        leads = [
            self.assertSuccess(self.post({**self.payload, "ticket_id": ticket}))
            for ticket in (1, 2)
        ]
        for lead in leads:
            change = {"street": "1", "add_crm_line_ids": ["NM"]}
            self.assertEqual(self._change(f"/{lead.id}", **change).status_code, 422)
        waiting = self.client.request_ids.sorted("id")[-1]
        self.assertEqual(self._change(f"/{leads[0].id}", street="2").status_code, 200)
        self.assertEqual(self._get_code("NM")._find_waiting_requests(), waiting)
        self.assertEqual(self._find_failed(), waiting)

    def test_a_note_corrects_no_change(self):
        self.assertSuccess(self.post())
        self._change("?ticket_id=4711", add_crm_line_ids=["NM"])
        refused = self.client.request_ids.sorted("id")[-1]
        note = {"text": "Gọi lại", "agent_email": self.agent.login}
        response = self.post(note, url="/api/v1/lead/notes?ticket_id=4711")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self._get_code("NM")._find_waiting_requests(), refused)
        self.assertEqual(self._find_failed(), refused)
        response = self._change("?ticket_id=4711", add_crm_line_ids=[self.service.id])
        self.assertEqual(response.status_code, 200)
        self.assertFalse(self._find_failed())

    def test_a_deleted_lead_brings_no_failure_back(self):
        self._refuse(5, "NM")
        lead = self.assertSuccess(self.post({**self.payload, "ticket_id": 5}))
        lead.sudo().unlink()
        self.assertFalse(self._find_failed())
        self.assertFalse(self._get_code("NM")._find_waiting_requests())

    def test_an_upsert_without_a_ticket_is_of_no_other_ticket(self):
        payload = {**self.payload, "ticket_id": None}
        put = {"url": "/api/v1/lead", "method": "PUT"}
        self.assertEqual(self.post(payload, **put).status_code, 422)
        refused = self.client.request_ids.sorted("id")[-1]
        self.assertEqual(self.post(**put).status_code, 200)
        self.assertEqual(self._find_failed(), refused)

    def test_each_ticket_of_merged_leads(self):
        leads = [
            self.assertSuccess(self.post({**self.payload, "ticket_id": ticket}))
            for ticket in (4711, 4712)
        ]
        (leads[0] | leads[1]).merge_opportunity()
        self.env.flush_all()
        for ticket in (4711, 4712):
            with self.subTest(ticket):
                address = f"?ticket_id={ticket}"
                change = {"street": f"Số {ticket}", "add_crm_line_ids": ["NM"]}
                self.assertEqual(self._change(address, **change).status_code, 422)
                change["add_crm_line_ids"] = [self.service.id]
                self.assertEqual(self._change(address, **change).status_code, 200)
                corrected = self.client.request_ids.sorted("id")[-1]
                self.assertEqual(corrected.ticket_ref, str(ticket))
        payload = {**self.payload, "ticket_id": 4712}
        self.post(payload, url="/api/v1/lead", method="PUT")
        last = self.client.request_ids.sorted("id")[-1]
        self.assertEqual((last.state, last.ticket_ref), ("done", "4712"))
        self.assertFalse(self._find_failed())

    def test_only_of_the_client_itself(self):
        self._refuse(1, "NM")
        other = self._new_client("web-form", takes_own_codes=True)
        code = self.env["crm.lead.api.code"].create(
            {"client_id": other.id, "attribute": "crm_line_ids", "code": "NM"}
        )
        self.assertEqual(code.waiting_count, 0)

    def test_in_the_browser(self):
        entries = self._refuse(1, "NM") | self._refuse(2, "NM")
        self.start_tour(
            f"/odoo/lead-api-clients/{self.client.id}",
            "crm_lead_api_code_tour",
            login=self.manager.login,
        )
        self.assertEqual(self._get_code("NM").res_id, self.service_2.id)
        self.assertEqual(len(entries.lead_id), 2)
