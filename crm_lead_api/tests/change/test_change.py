# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from ..common import URL
from ..data import PORTRAIT
from .common import ChangeCase


class TestChange(ChangeCase):
    def test_only_what_was_sent_changes(self):
        before = self.read_lead().json()["data"]
        data = self.assertChanged(
            self.change({"email_from": "moi@example.com"}),
            [("customer", "email_from", None, "moi@example.com")],
        )
        self.assertEqual(data["email_from"], "moi@example.com")
        self.assertEqual(self.lead.email_from, "moi@example.com")
        different = {name for name in before if before[name] != data[name]}
        self.assertLessEqual(different, {"email_from", "updated_at"})

    def test_by_ticket(self):
        url = f"{URL}?ticket_id={self.payload['ticket_id']}"
        data = self.assertChanged(self.change({"work_online": "yes"}, url=url))
        self.assertEqual(data["id_lead"], self.lead.id)
        self.assertEqual(self.lead.work_online, "yes")

    def test_by_a_ticket_that_is_a_text(self):
        self.client.has_text_tickets = True
        lead = self.assertSuccess(self.post({**self.payload, "ticket_id": "TCK 1/a"}))
        url = f"{URL}?ticket_id=TCK%201%2Fa"
        data = self.assertChanged(self.change({"ticket_id": " TCK 1/a "}, url=url))
        self.assertEqual((data["id_lead"], data["ticket_id"]), (lead.id, "TCK 1/a"))
        entry = self._get_entries()[0]
        self.assertEqual(entry.route, "PATCH /lead?ticket_id=TCK+1%2Fa")
        self.assertErrors(
            self.change({"ticket_id": "tck 1/a"}, url=url), [("ticket_id", "immutable")]
        )

    def test_null_empties_and_an_empty_text_is_not_sent(self):
        data = self.assertChanged(
            self.change({"birth_date": None, "zalo_acc": "", "shuttle_bus": " "})
        )
        self.assertIsNone(data["birth_date"])
        self.assertFalse(self.lead.birthdate_date)
        self.assertTrue(self.lead.zalo_account)
        self.assertTrue(self.lead.shuttle_bus)
        # The contact keeps its own data.
        self.assertTrue(self.lead.partner_id.birthdate_date)

    def test_a_required_attribute_cannot_be_emptied(self):
        response = self.change(
            {"contact_name": None, "phone_no1": None, "crm_line_ids": None}
        )
        self.assertErrors(
            response,
            [
                ("phone_no1", "required"),
                ("contact_name", "required"),
                ("crm_line_ids", "required"),
            ],
        )
        self.assertTrue(self.lead.contact_name)

    def test_some_attributes_cannot_be_changed(self):
        partner = self.env["res.partner"].create({"name": "Khách khác"})
        response = self.change({"ticket_id": 1, "account_id": partner.id})
        self.assertErrors(
            response, [("account_id", "immutable"), ("ticket_id", "immutable")]
        )
        present = self.read_lead().json()["data"]
        names = ("ticket_id", "account_id", "company_id")
        self.assertChanged(self.change({name: present[name] for name in names}))

    def test_nothing_changes_nothing(self):
        etag = self.read_lead().headers["ETag"]
        date = self.lead.write_date
        response = self.change({})
        self.assertChanged(response)
        self.assertEqual(response.headers["ETag"], etag)
        self.assertEqual(self.lead.write_date, date)

    def test_another_province_without_a_ward(self):
        """null empties the ward: the ward of the former province does not count."""
        self.assertTrue(self.lead.district_id)
        self.assertChanged(
            self.change({"state_id": self.other_state.id, "district_id": None}),
            [
                ("customer", "state_id", None, self.other_state.id),
                ("customer", "district_id", None, None),
            ],
        )
        self.assertEqual(self.lead.state_id, self.other_state)
        self.assertFalse(self.lead.district_id)
        [proposal] = self.lead.pending_proposal_ids
        self.assertFalse(proposal.new_values.get("district_id"))

    def test_back_and_forth_ends_at_the_last(self):
        for name in ("A", "B", "A"):
            self.change({"contact_name": name})
        self.env.invalidate_all()
        self.assertEqual(self.lead.contact_name, "A")

    def test_the_title_follows_until_staff_write_one(self):
        self.change({"contact_name": "Trần Thị Thảo"})
        self.env.invalidate_all()
        self.assertTrue(self.lead.name.startswith("Trần Thị Thảo –"), self.lead.name)
        self.write_as_staff(name="Khách của chị Hoa")
        self.change({"contact_name": "Trần Thị Thảo Vy"})
        self.env.invalidate_all()
        self.assertEqual(self.lead.name, "Khách của chị Hoa")

    # ------------------------------------------------------------ staff

    def test_what_staff_changed_stays(self):
        self.write_as_staff(phone="0911 111 111")
        data = self.assertChanged(
            self.change({"phone_no1": "0922 222 222", "work_online": "yes"}),
            [
                ("lead", "phone_no1", "0911 111 111", "0922 222 222"),
                ("customer", "phone_no1", None, "0922 222 222"),
            ],
        )
        self.assertEqual(data["phone_no1"], "0911 111 111")
        self.assertEqual(self.lead.work_online, "yes")
        on_lead = self.lead.pending_proposal_ids.filtered(lambda p: not p.partner_id)
        self.assertEqual(on_lead.subject_text, "Phone (lead)")
        on_contact = self.lead.pending_proposal_ids - on_lead
        self.assertEqual(on_contact.subject_text, "Phone (contact)")
        self.assertEqual(on_lead.old_text, "0911 111 111")
        on_lead.with_user(self.agent).action_accept()
        self.assertEqual(self.lead.phone, "0922 222 222")
        self.env.cr.flush()
        message = self.lead.message_ids[0]
        self.assertIn("Phone (lead) changed, as", message.body)
        self.assertEqual(message.tracking_value_ids.new_value_char, "0922 222 222")
        # The value is the client's again.
        self.assertChanged(
            self.change({"phone_no1": "0933 333 333"}),
            [("customer", "phone_no1", None, "0933 333 333")],
        )
        self.assertEqual(self.lead.phone, "0933 333 333")

    def test_what_staff_refused_is_not_proposed_again(self):
        self.write_as_staff(street="1 Hai Bà Trưng")
        self.change({"street": "2 Hai Bà Trưng"})
        self.env.invalidate_all()
        self.lead.pending_proposal_ids.with_user(self.agent).action_refuse()
        self.assertChanged(self.change({"street": "2 Hai Bà Trưng"}))
        self.assertFalse(self.lead.pending_proposal_ids)

    def test_a_later_value_replaces_the_proposal(self):
        self.write_as_staff(work_online="yes")
        self.change({"work_online": None})
        self.env.invalidate_all()
        self.assertEqual(len(self.lead.pending_proposal_ids), 1)
        self.assertChanged(self.change({"work_online": "yes"}))
        self.assertFalse(self.lead.pending_proposal_ids)

    def test_what_staff_typed_first_stays_too(self):
        lead = self.assertSuccess(
            self.post({**self.payload, "ticket_id": 1, "online_counseling": ""})
        )
        self.write_as_staff(lead, online_counseling="no")
        self.assertChanged(
            self.change({"online_counseling": "yes"}, url=f"{URL}/{lead.id}"),
            [("lead", "online_counseling", "no", "yes")],
        )
        self.assertEqual(lead.online_counseling, "no")

    def test_another_spelling_is_no_proposal(self):
        self.write_as_staff(phone="+84 922 222 222")
        self.assertChanged(self.change({"phone_no1": "0922222222"}))
        self.assertEqual(self.lead.phone, "+84 922 222 222")

    def test_another_agent_takes_over_unless_staff_chose_the_salesperson(self):
        other = self._new_user(
            "mai@example.com",
            "base.group_user,sales_team.group_sale_salesman",
            name="Mai",
        )
        self.assertChanged(self.change({"agent_email": "mai@example.com"}))
        self.assertEqual(self.lead.user_id, other)
        self.write_as_staff(user_id=self.agent.id)
        self.change({"agent_email": self.agent.login})
        self.assertChanged(
            self.change({"agent_email": "mai@example.com"}),
        )

    # ------------------------------------------------------------ portrait

    def test_a_new_portrait_takes_the_rest_over(self):
        first = self.lead.portrait_id
        data = self.assertChanged(
            self.change(
                {
                    "customer_portrait": {
                        "transport": "bus",
                        "hobby": ["bơi"],
                        "desires": None,
                    }
                }
            )
        )
        expected = {**PORTRAIT, "transport": "bus", "hobby": ["bơi"], "desires": []}
        self.assertEqual(data["customer_portrait"], expected)
        self.assertNotEqual(self.lead.portrait_id, first)
        self.assertEqual(first.transport, "scooter")
        self.assertEqual(self.lead.partner_id.portrait_count, 2)
        self.change({"customer_portrait": {"transport": "bus"}})
        self.env.invalidate_all()
        self.assertEqual(self.lead.partner_id.portrait_count, 2, "nothing new")

    def test_no_portrait(self):
        self.change({"customer_portrait": None})
        self.env.invalidate_all()
        self.assertFalse(self.lead.portrait_id)
        self.assertEqual(self.lead.partner_id.portrait_count, 1)

    # ------------------------------------------------------------ log

    def test_the_log_has_before_and_after(self):
        self.change({"contact_name": "Thảo"})
        self.assertRecordValues(
            self._get_entries()[0],
            [
                {
                    "kind": "change",
                    "state": "done",
                    "route": f"PATCH /lead/{self.lead.id}",
                    "changes": {"contact_name": [self.payload["contact_name"], "Thảo"]},
                    "lead_id": self.lead.id,
                    "partner_id": self.lead.partner_id.id,
                    "phones": "+84900000202, +84900000203, +842838220000",
                    "ticket_ref": "4711",
                }
            ],
        )

    def test_a_failed_change_is_in_the_log(self):
        self.change({"gender": "x"})
        entry = self._get_entries()[0]
        self.assertEqual((entry.kind, entry.status), ("change", 422))
        self.assertEqual(entry.route, f"PATCH /lead/{self.lead.id}")

    def test_a_failed_change_by_ticket_is_found_by_the_ticket(self):
        self.change({"gender": "x"}, url=f"{URL}?ticket_id=12")
        self.assertEqual(self._get_entries()[0].ticket_ref, "12")

    def test_warnings_for_who_wants_them(self):
        change = {"phone_no2": "hỏi lại", "colour": "red", "agent_email": "ai@x.vn"}
        expected = [("colour", "ignored"), ("phone_no2", "format")]
        dry = self.change(change, url=f"{self.url}?dry_run=1").json()["data"]
        self.client.has_warnings = True
        told = self.change(change).json()["data"]
        for data in (dry, told):
            found = [(each["field"], each["code"]) for each in data["warnings"]]
            self.assertEqual(found, expected)
        self.client.has_warnings = False
        response = self.change(change)
        self.assertNotIn("warnings", response.json()["data"])
        self.assertEqual(response.headers["X-Ignored-Fields"], "colour")

    def test_dry_run(self):
        response = self.change({"contact_name": "Thảo"}, url=f"{self.url}?dry_run=1")
        data = self.assertChanged(
            response, [("customer", "contact_name", None, "Thảo")]
        )
        self.assertEqual(data["contact_name"], "Thảo")
        self.assertEqual(self.lead.contact_name, self.payload["contact_name"])
        self.assertFalse(self.lead.proposal_ids)
