# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from ..common import URL
from .common import ChangeCase


class TestChangeMerged(ChangeCase):
    def setUp(self):
        super().setUp()
        self.other_client = self._new_client("web")
        self.other_token = self._new_token(self.other_client)
        payload = {
            **self.payload,
            "ticket_id": 88,
            "street": "9 Lý Tự Trọng",
            "shuttle_bus": "",
        }
        self.other_lead = self.assertSuccess(self.post(payload, token=self.other_token))
        leads = self.other_lead | self.lead
        self.kept = leads.with_user(self.agent).merge_opportunity()
        self.gone = leads - self.kept
        self.env.flush_all()

    def test_both_clients_change_the_lead_by_their_tickets(self):
        """A client overwrites neither staff's values nor those of the other client."""
        tokens = {4711: self.token, 88: self.other_token}
        own = 88 if self.kept == self.other_lead else 4711
        for ticket, token in tokens.items():
            url = f"{URL}?ticket_id={ticket}"
            response = self.change({"street": f"Số {ticket}"}, url=url, token=token)
            data = self.assertJson(response, 200)["data"]
            self.assertEqual(data["id_lead"], self.kept.id)
            on_lead = [each for each in data["proposed"] if each["on"] == "lead"]
            self.env.invalidate_all()
            if ticket == own:
                self.assertEqual(on_lead, [])
                self.assertEqual(self.kept.street, f"Số {ticket}")
            else:
                sent = [(e["field"], e["present"], e["sent"]) for e in on_lead]
                self.assertEqual(sent, [("street", None, f"Số {ticket}")])
                self.assertNotEqual(self.kept.street, f"Số {ticket}")

    def test_the_merged_lead_is_gone(self):
        token = self.token if self.gone == self.lead else self.other_token
        url = f"{URL}/{self.gone.id}"
        self.assertError(self.change({}, url=url, token=token), 404, "not_found")
