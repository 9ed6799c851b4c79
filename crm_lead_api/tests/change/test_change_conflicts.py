# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools import mute_logger

from ..common import URL
from .common import ChangeCase


class TestChangeConflicts(ChangeCase):
    def test_a_closed_lead(self):
        self.lead.with_user(self.agent).action_set_won()
        for url in (self.url, f"{URL}?ticket_id={self.payload['ticket_id']}"):
            with self.subTest(url):
                response = self.change({"contact_name": "X"}, url=url)
                body = self.assertError(response, 409, "closed")
                self.assertEqual(body["state"], "won")

    def test_several_open_leads_of_a_ticket(self):
        url = f"{URL}?ticket_id={self.payload['ticket_id']}"
        second = self.assertSuccess(self.post())
        body = self.assertError(self.change({}, url=url), 409, "ambiguous")
        self.assertEqual(body["leads"], [second.id, self.lead.id])
        second.with_user(self.agent).action_set_lost()
        data = self.assertChanged(self.change({}, url=url))
        self.assertEqual(data["id_lead"], self.lead.id)

    @mute_logger("odoo.http")
    def test_what_is_refused_unread_stays_what_it_is(self):
        ticket = f"{URL}?ticket_id=5"
        calls = (
            ("PATCH", self.url, "change", f"PATCH /lead/{self.lead.id}"),
            ("PATCH", ticket, "change", "PATCH /lead?ticket_id=5"),
            ("PUT", URL, "upsert", "PUT /lead"),
            ("POST", f"{self.url}/notes", "note", f"POST /lead/{self.lead.id}/notes"),
        )
        self.client.is_paused = True
        for method, url, kind, route in calls:
            with self.subTest(method, url=url):
                headers = {"Idempotency-Key": "k"}
                response = self.change(self.payload, url, method, headers=headers)
                self.assertError(response, 403, "forbidden")
                entry = self._get_entries()[:1]
                self.assertEqual(
                    (entry.kind, entry.route, entry.idempotency_key), (kind, route, "k")
                )
        self.post(url=f"{URL}?dry_run=1")
        self.assertEqual(self._get_entries()[:1].state, "dry_run")
        self.client.is_paused = False
        self.assertErrors(self.change({}, URL), [("ticket_id", "required")])
        self.assertEqual(self._get_entries()[:1].kind, "change")

    def test_no_lead(self):
        for url in (f"{URL}/999999", f"{URL}?ticket_id=5"):
            body = self.assertError(self.change({}, url=url), 404, "not_found")
            self.assertIn("no lead", body["message"])

    def test_a_lead_of_another_client(self):
        other = self._new_client("web")
        token = self._new_token(other)
        response = self.change({"contact_name": "X"}, token=token)
        self.assertError(response, 404, "not_found")
        other.reads_all_leads = True
        self.env.flush_all()
        response = self.change({"contact_name": "X"}, token=token)
        self.assertError(response, 403, "forbidden")
        self.assertEqual(self.lead.contact_name, self.payload["contact_name"])

    def test_if_match(self):
        etag = self.read_lead().headers["ETag"]
        first = self.change({"contact_name": "A"}, headers={"If-Match": etag})
        self.assertChanged(first, [("customer", "contact_name", None, "A")])
        self.assertNotEqual(first.headers["ETag"], etag)
        self.assertEqual(self.read_lead().headers["ETag"], first.headers["ETag"])
        second = self.change({"contact_name": "B"}, headers={"If-Match": etag})
        self.assertError(second, 412, "precondition_failed")
        self.env.invalidate_all()
        self.assertEqual(self.lead.contact_name, "A")

    def test_the_etag_of_a_ticket_with_one_lead(self):
        url = f"{URL}?ticket_id={self.payload['ticket_id']}"

        def read():
            answer = self.post({}, url=url, method="GET", json=None)
            return answer.headers["ETag"]

        headers = {"If-Match": read()}
        self.assertEqual(headers["If-Match"], self.read_lead().headers["ETag"])
        first = self.change({"contact_name": "A"}, url=url, headers=headers)
        self.assertChanged(first, [("customer", "contact_name", None, "A")])
        second = self.change({"contact_name": "B"}, url=url, headers=headers)
        self.assertError(second, 412, "precondition_failed")
        etag = read()
        self.assertSuccess(self.post()).with_user(self.agent).action_set_lost()
        self.env.flush_all()
        self.assertNotEqual(read(), etag)
        self.assertNotEqual(read(), self.read_lead().headers["ETag"])

    def test_an_etag_that_a_proxy_has_marked_as_weak(self):
        headers = {"If-Match": f"W/{self.read_lead().headers['ETag']}"}
        self.assertChanged(self.change({"work_online": "yes"}, headers=headers))
        response = self.change({"work_online": "no"}, headers=headers)
        self.assertError(response, 412, "precondition_failed")

    def test_the_etag_stands_for_the_lead(self):
        etag = self.read_lead().headers["ETag"]
        self.lead.with_user(self.agent).message_post(body="Ghi chú")
        self.env["crm.lead"]._cron_update_automated_probabilities()
        self.env.flush_all()
        self.assertEqual(self.read_lead().headers["ETag"], etag, "notes and score")
        self.env["res.lang"]._activate_lang("vi_VN")
        self.team.with_context(lang="vi_VN").name = "Tư vấn viên"
        self.service.with_context(lang="vi_VN").name = "Nâng mũi S-Line"
        self.client.has_warnings = True
        names = set()
        for lang in ("vi", "en"):
            headers = {"Accept-Language": lang, "If-Match": etag}
            for answer in (
                self.change({}, headers=headers),
                self.change(self.payload, URL, "PUT", headers=headers),
            ):
                data = self.assertChanged(answer)
                names |= {data["team"], data["services"][0]["name"]}
                self.assertEqual(answer.headers["ETag"], etag, lang)
        self.assertEqual(len(names), 4)
        self.lead.service_ids[0].with_user(self.agent).price_unit = 5
        self.env.flush_all()
        self.assertNotEqual(self.read_lead().headers["ETag"], etag, "a price")

    def test_a_key_counts_for_its_address(self):
        headers = {"Idempotency-Key": "khoa-1"}
        second = self.assertSuccess(self.post({**self.payload, "ticket_id": 2}))
        first = self.change({"contact_name": "A"}, headers=headers)
        again = self.change({"contact_name": "A"}, headers=headers)
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        self.assertEqual(again.headers["ETag"], first.headers["ETag"])
        self.assertEqual(again.text, first.text)
        other = self.change(
            {"contact_name": "A"}, url=f"{URL}/{second.id}", headers=headers
        )
        self.assertNotIn("Idempotency-Replayed", other.headers)
        response = self.change({"contact_name": "B"}, headers=headers)
        self.assertError(response, 409, "conflict")

    def test_an_address_and_a_key_are_told_apart(self):
        """The end of an address is no beginning of a key."""
        first = self.assertSuccess(self.post({**self.payload, "ticket_id": 5}))
        second = self.assertSuccess(self.post({**self.payload, "ticket_id": 51}))
        for ticket, key in ((5, "12"), (51, "2")):
            url = f"{URL}?ticket_id={ticket}"
            headers = {"Idempotency-Key": key}
            response = self.change({"work_online": "yes"}, url=url, headers=headers)
            self.assertNotIn("Idempotency-Replayed", response.headers)
        self.env.invalidate_all()
        leads = first | second
        self.assertEqual(leads.mapped("work_online"), ["yes", "yes"])

    def test_the_ticket_in_an_address_is_forgotten_with_the_payload(self):
        url = f"{URL}?ticket_id={self.payload['ticket_id']}"
        self.assertErrors(self.change({"gender": "x"}, url=url), [("gender", "choice")])
        entry = self._get_entries()[0]
        self.assertIn(str(self.payload["ticket_id"]), entry.route)
        entry._anonymize()
        self.assertFalse(entry.route)
        self.assertEqual(entry.kind, "change")
