# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import tracemalloc

from odoo.tests import new_test_user, tagged

from odoo.addons.crm_lead_api.tests.data import MANAGER_GROUP

from .common import ConnectionHttpCase


@tagged("post_install", "-at_install")
class TestQuestions(ConnectionHttpCase):
    """A new question harms nothing; mapping it fills the leads that answer it."""

    def test_mapped_later(self):
        lead = self.make_lead(answers={"STREET": "12 Lê Lợi"}).lead_id
        other = self.make_lead("2", answers={"STREET": "3 Lê Lai"}).lead_id
        closed = self.make_lead("3", answers={"STREET": "4 Lê Lai"}).lead_id
        other.with_user(self.agent).street = "5 Lê Lai"
        closed.action_set_lost()
        question = self.connection.question_ids.filtered(lambda q: q.name == "STREET")
        self.assertEqual((question.count, question.label), (3, "Street"))
        self.map("street", "answers.STREET")
        self.assertFalse(question.exists())
        self.heal_leads()
        self.assertEqual(lead.street, "12 Lê Lợi")
        self.assertNotIn("STREET", lead.other_answers)
        self.assertEqual(other.street, "5 Lê Lai")
        proposal = other.proposal_ids.filtered(lambda each: not each.partner_id)
        self.assertEqual(proposal.new_values, {"street": "3 Lê Lai"})
        self.assertFalse(closed.street)
        self.assertEqual(closed.other_answers["STREET"], "4 Lê Lai")
        messages = self.connection.message_record_ids
        self.assertEqual(messages.mapped("questions"), [["EMAIL"]] * 3)

    def test_the_other_parts_of_an_answer(self):
        """Of a body that has one object around all answers."""
        data = {"name": "Lan", "note": {"text": "x"}}
        content = {"answers": {"PHONE_NUMBER": "1", "data": data, "more": {"a": 1}}}
        self.map("street", 'answers."data".name')
        others = self.make_lead()._get_other_answers(content)
        self.assertEqual(others, {"data.note.text": "x", "more": '{"a": 1}'})

    def test_after_the_content_is_erased(self):
        message = self.make_lead(answers={"STREET": "12 Lê Lợi"})
        message._forget_body()
        self.map("street", "answers.STREET")
        self.heal_leads()
        self.assertEqual(message.lead_id.street, "12 Lê Lợi")

    def test_a_changed_line(self):
        self.map("street", "answers.ADDRESS")
        lead = self.make_lead(answers={"STREET": "12 Lê Lợi"}).lead_id
        line = self.connection.field_ids.filtered(
            lambda each: each.attribute == "street"
        )
        line.place = "answers.STREET"
        self.heal_leads()
        self.assertEqual(lead.street, "12 Lê Lợi")

    def test_click_ids_and_portraits(self):
        answers = {"CLICK": "abc", "HOBBY": "xem phim", "SERVICE": "Khám"}
        message = self.make_lead(answers=answers)
        self.map("fbclid", "answers.CLICK")
        self.map("customer_portrait.hobby", "answers.HOBBY")
        self.map("crm_line_ids", "answers.SERVICE")
        self.heal_leads()
        lead = message.lead_id
        self.assertEqual(lead.fbclid, "abc")
        self.assertEqual(lead.portrait_id.item_ids.mapped("name"), ["xem phim"])
        self.assertEqual(lead.service_ids.product_id, self.service_2)
        self.assertEqual(lead.other_answers, {"EMAIL": "thao.tran@example.com"})

    def test_only_what_is_empty(self):
        """Keep values that an earlier mapping has given the lead until staff decide."""
        self.map("gclid", "gcl_id")
        self.map("street", value="Không rõ")
        lead = self.make_lead(answers={"CLICK": "abc", "STREET": "12 Lê Lợi"}).lead_id
        lines = self.connection.field_ids
        for attribute, place in (("gclid", "CLICK"), ("street", "STREET")):
            line = lines.filtered(lambda each, name=attribute: each.attribute == name)
            line.place = f"answers.{place}"
        self.heal_leads()
        self.assertEqual((lead.gclid, lead.street), ("click-1", "Không rõ"))
        proposals = lead.proposal_ids.filtered(lambda each: not each.partner_id)
        values = {name: text for p in proposals for name, text in p.new_values.items()}
        self.assertEqual(values, {"gclid": "abc", "street": "12 Lê Lợi"})
        proposals.action_accept()
        self.assertEqual((lead.gclid, lead.street), ("abc", "12 Lê Lợi"))

    def test_wrong_and_unknown_answers_stay(self):
        message = self.make_lead(answers={"BIRTHDAY": "xx", "SERVICE": "Nâng ngực"})
        self.map("birth_date", "answers.BIRTHDAY")
        self.map("crm_line_ids", "answers.SERVICE")
        self.heal_leads()
        self.assertEqual(message.unknown, [["crm_line_ids", "Nâng ngực"]])
        self.assertEqual(message.questions, ["EMAIL"])
        for name in ("BIRTHDAY", "SERVICE"):
            self.assertIn(name, message.lead_id.other_answers)

    def test_an_answer_that_does_not_fit_stays(self):
        """Fill in the other answers, although the lead can have no such company."""
        answers = {"STREET": "12 Lê Lợi", "BRANCH": str(self.other_company.id)}
        answers["SERVICE"] = "Nâng ngực"
        message = self.make_lead(answers=answers)
        self.map("street", "answers.STREET")
        self.map("company_id", "answers.BRANCH")
        self.map("crm_line_ids", "answers.SERVICE")
        self.heal_leads()
        lead = message.lead_id
        self.assertEqual((lead.street, lead.company_id), ("12 Lê Lợi", self.company))
        self.assertEqual(lead.other_answers.keys(), {"EMAIL", "BRANCH", "SERVICE"})
        self.assertEqual(message.questions, ["EMAIL"])
        self.assertEqual(message.unknown, [["crm_line_ids", "Nâng ngực"]])

    def test_only_an_answer_that_does_not_fit(self):
        answers = {"BRANCH": str(self.other_company.id), "SERVICE": "Nâng ngực"}
        message = self.make_lead(answers=answers)
        self.map("company_id", "answers.BRANCH")
        self.map("crm_line_ids", "answers.SERVICE")
        self.heal_leads()
        self.assertEqual(message.lead_id.company_id, self.company)
        self.assertLessEqual(answers.keys(), message.lead_id.other_answers.keys())
        self.assertEqual(message.unknown, [["crm_line_ids", "Nâng ngực"]])

    def test_a_country_that_does_not_fit_stays(self):
        """Fill in the other answers of a lead that has a province by now."""
        country = self.env["res.country"].search([("id", "!=", self.country.id)])[0]
        answers = {"COUNTRY": str(country.id), "GENDER": "female"}
        lead = self.make_lead(answers=answers).lead_id
        place = {"country_id": self.country.id, "state_id": self.state.id}
        lead.with_user(self.agent).write(place)
        self.map("country_id", "answers.COUNTRY")
        self.map("gender", "answers.GENDER")
        self.heal_leads()
        self.assertEqual((lead.gender, lead.country_id), ("female", self.country))
        self.assertEqual(lead.other_answers.keys(), {"EMAIL", "COUNTRY"})

    def test_what_staff_see(self):
        lead = self.make_lead(answers={"khi_nào": "Thứ bảy"}).lead_id
        other = self.make_lead("2", answers={"khi_nào": "Chủ nhật"}).lead_id
        self.assertEqual(
            lead.other_answers_list,
            '<dl class="o_lead_api_answers">'
            "<dt>Email</dt><dd>thao.tran@example.com</dd>"
            "<dt>Khi_Nào</dt><dd>Thứ bảy</dd></dl>",
        )
        leads = self.env["crm.lead"].with_user(self.agent)
        for text, found in (
            ("thứ bảy", lead),
            ("chủ nhật", other),
            ("khi_nào", lead | other),
            ("100%", leads),
        ):
            domain = [("other_answers_list", "ilike", text)]
            self.assertEqual(leads.search(domain), found)
            self.assertEqual((lead | other).filtered_domain(domain), found)
        mapped = leads.search([("other_answers_list", "!=", False)])
        self.assertEqual(mapped, lead | other)

    def test_who_mapped_it(self):
        """Show who changed the mapping last, also of a user who has left."""
        lines = self.connection.field_ids
        self.env.flush_all()
        old = "UPDATE crm_lead_api_connection_field SET write_date = '2020-01-01'"
        self.env.cr.execute(old)
        self.env.invalidate_all()
        user = new_test_user(
            self.env, "lan", MANAGER_GROUP, name="Lan", company_id=self.company.id
        )
        lines[0].with_user(user).place = "answers.FULL_NAME"
        message = self.make_lead()
        user.active = False
        for record in (message, message.lead_id.with_user(self.agent)):
            self.assertRegex(record.mapped_by, "^Lan, ")
            self.assertNotIn("20,", record.mapped_by)
        user.unlink()
        self.assertFalse(message.mapped_by)
        leads = [
            self.make_lead(str(n), answers={"A": text, text: "x"}).lead_id
            for n, text in enumerate(("b", "c"))
        ]
        merged = (leads[0] | leads[1]).merge_opportunity()
        self.assertEqual(
            {name: merged.other_answers[name] for name in ("b", "c")},
            {"b": "x", "c": "x"},
        )
        self.assertEqual(set(merged.other_answers["A"].split("; ")), {"b", "c"})
        self.assertEqual(len(merged.lead_api_message_ids), 2)

    def test_merged_with_a_lead_of_another_client(self):
        """No client reads what the customer of the other one answered."""
        other = self.env["crm.lead.api.client"].create(
            {"name": "Khác", "company_ids": self.company.ids}
        )
        leads = [self.make_lead(n, answers={n: "x"}).lead_id for n in "ab"]
        leads[1].lead_api_client_id = other
        merged = (leads[0] | leads[1]).merge_opportunity()
        for client in self.client | other:
            values = merged.with_user(client.user_id).sudo()._get_custom_values()
            self.assertIsNone(values["other_answers"])
            self.assertIsNone(values["gclid"])
        self.client.reads_all_leads = True
        values = merged.with_user(self.client.user_id).sudo()._get_custom_values()
        self.assertLessEqual({"a", "b"}, values["other_answers"].keys())

    def test_erased_with_the_person(self):
        message = self.make_lead(answers={"STREET": "12 Lê Lợi"})
        self.fill_in("2", answers={"FULL_NAME": ""})
        self.make_leads()
        refused, lead = self.find("2"), message.lead_id
        self.assertTrue(all(self.connection.question_ids.mapped("example")))
        lead.partner_id.unlink()
        for each in message | refused:
            self.assertFalse(
                each.body or each.customer_keys or each.unknown or each.questions
            )
        self.assertFalse(lead.other_answers or lead.gclid)
        self.assertFalse(any(self.connection.question_ids.mapped("example")))
        self.assertEqual((message.state, refused.state), ("done", "refused"))
        # The platform's ids, too, but its repetitions are known by them.
        self.assertFalse(self.find() | self.find("2"))
        for lead_id in ("TeSter-1", "2"):
            self.assertEqual(self.fill_in(lead_id).status_code, 200)
        self.assertEqual(self.connection.message_record_ids, refused | message)

    def test_an_erased_test_contact(self):
        """Tests are deleted after some days; a customer may have their phone."""
        self.fill_in("2", answers={"FULL_NAME": ""})
        self.make_leads()
        partner = self.make_lead(is_test=True).lead_id.partner_id
        self.assertTrue(partner.is_lead_api_test)
        self.fill_in("3")
        live = self.find("2") | self.find("3")
        partner.unlink()
        self.assertEqual(set(live.mapped("state")), {"refused", "waiting"})
        self.assertEqual(live.mapped("customer_keys"), ["900000202"] * 2)
        self.assertTrue(all(live.mapped("body")))

    def test_merged_contacts_are_no_erasure(self):
        message = self.make_lead(answers={"STREET": "12 Lê Lợi"})
        partner = message.lead_id.partner_id
        other = partner.copy()
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((partner | other).ids, other)
        self.assertTrue(message.body)

    def test_a_name_of_dots(self):
        """Nothing is made of each part of a name."""
        message = self.make_lead()
        content = {"answers": {"a." * 4000: "x", "PHONE_NUMBER.part": "y"}}
        tracemalloc.start()
        others = message._get_other_answers(content)
        _size, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        self.assertEqual(others, {"a." * 4000: "x"})
        self.assertLess(peak, 10_000_000)

    def test_a_message_that_is_made_again(self):
        """Count messages, and not the attempts at them."""
        self.fill_in(answers={"FULL_NAME": "", "STREET": "12 Lê Lợi"})
        self.make_leads()
        message = self.find()

        def count_again():
            message.action_make_again()
            self.make_leads()
            self.assertEqual(message.state, "refused")
            questions = self.connection.question_ids
            return questions.filtered(lambda each: each.name == "STREET").count

        self.assertEqual([count_again(), count_again()], [1, 1])
        # A question whose answer was mapped for a while is a new one.
        self.map("street", "answers.STREET")
        lines = self.connection.field_ids.grouped("attribute")
        lines["street"].unlink()
        self.assertEqual(count_again(), 1)
        self.make_lead("2", answers={"STREET": "3 Lê Lai"})
        self.assertEqual(count_again(), 2)

    def test_many_questions(self):
        answers = {f"Q{n:03}": "x" for n in range(300)} | {"Q" * 3000: "x"}
        message = self.make_lead(answers=answers)
        self.assertEqual(len(self.connection.question_ids), 200)
        self.assertEqual(len(message.lead_id.other_answers), 302)
