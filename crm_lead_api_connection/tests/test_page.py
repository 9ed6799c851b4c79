# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.crm_lead_api.tests.data import MANAGER_GROUP

from .common import NEEDED, ConnectionHttpCase

QUESTION = "ban_quan_tam_den"
MADE = ("crm.lead", "res.partner", "crm.lead.api.request", "crm.lead.api.answer")


class PageCase(ConnectionHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._new_user("manager-of-page", MANAGER_GROUP)
        cls.new = cls._connect("google", {}, name="Khuyến mãi tháng 12")
        cls.new.secret = "google-secret"
        cls.new_key = cls.new._generate_key()

    def arrive(self, connection=None, **values):
        """Let a message of Google arrive, without a request."""
        connection = connection or self.new
        answers = {
            "FULL_NAME": "Đỗ Thị Kim Liên",
            "PHONE_NUMBER": "0900 000 222",
            QUESTION: "Nâng mũi",
            **values.pop("answers", {}),
        }
        body = {
            "lead_id": values.pop("lead_id", "TeSter-9"),
            "google_key": "google-secret",
            "campaign_id": 123,
            "user_column_data": [
                {"column_id": name, "column_name": name, "string_value": value}
                for name, value in answers.items()
            ],
            **values,
        }
        self.messages._keep(connection, [body])
        return self.messages.search([("connection_id", "=", connection.id)], limit=1)


@tagged("post_install", "-at_install")
class TestPage(PageCase):
    """Somebody connects a platform on one page."""

    def rows(self, page):
        return {row["name"]: row for part in page["sections"] for row in part["rows"]}

    def preview(self, changes=None):
        preview = self.new.get_mapping(changes)["preview"]
        return {row["label"]: row["text"] for row in preview["rows"]}, preview

    def test_without_a_message_there_is_the_example(self):
        page = self.new.get_mapping()
        self.assertTrue(page["is_example"])
        self.assertEqual(self.rows(page)["FULL_NAME"]["text"], "Trần Thị Thanh Thảo")

    def test_secrets_are_not_shown(self):
        self.arrive()
        self.assertNotIn("google-secret", str(self.new.get_mapping()))

    def test_each_value_leads_to_its_place(self):
        message = self.arrive()
        page = self.new.get_mapping()
        self.assertFalse(page["is_example"])
        content = message._get_content(self.new, message.body)
        for part in page["sections"]:
            for row in part["rows"]:
                if row["text"]:
                    with self.subTest(row["place"]):
                        line = self.env["crm.lead.api.connection.field"].new(
                            {"place": row["place"]}
                        )
                        self.assertEqual(str(line._read(content)), row["text"])

    def test_a_value_becomes_an_attribute(self):
        self.arrive()
        rows = self.rows(self.new.get_mapping())
        self.new.map_place("contact_name", rows["PHONE_NUMBER"]["place"])
        self.new.map_place("contact_name", rows["FULL_NAME"]["place"])
        self.assertEqual(len(self.new.field_ids), 1)
        rows = self.rows(self.new.get_mapping())
        self.assertEqual(rows["FULL_NAME"]["attribute"], "contact_name")
        self.assertIsNone(rows["PHONE_NUMBER"]["attribute"])
        self.new.unmap("contact_name")
        self.assertFalse(self.new.field_ids)

    def test_a_live_connection_keeps_a_mapping(self):
        self.arrive()
        self.new.map_place("contact_name", "answers.FULL_NAME")
        self.new.map_place("phone_no1", "answers.PHONE_NUMBER")
        self.new.action_go_live()
        self.new.unmap("street")
        self.new.unmap("contact_name")
        with self.assertRaisesRegex(ValidationError, "Map at least"):
            self.new.unmap("phone_no1")

    def test_what_is_usual_and_alike_is_proposed(self):
        self.arrive(answers={"Địa chỉ": "1 Lê Lợi", "Ngay sinh": "3/4/1990"})
        self.new.action_propose()
        lines = {line.attribute: line.place for line in self.new.field_ids}
        self.assertIn("answers.FULL_NAME", lines["contact_name"])
        self.assertIn(" || ", lines["contact_name"])  # or else of its parts
        rows = self.rows(self.new.get_mapping())
        self.assertEqual(rows["FULL_NAME"]["attribute"], "contact_name")
        self.assertEqual(lines["phone_no1"], "answers.PHONE_NUMBER")
        self.assertIn("campaign_id", lines["ad_campaign"])
        self.assertEqual(lines["street"], 'answers."Địa chỉ"')
        self.assertEqual(lines["birth_date"], 'answers."Ngay sinh"')
        self.assertNotIn("gclid", lines)
        self.new.action_propose()
        self.assertEqual(len(self.new.field_ids), len(lines))

    def test_names_of_attributes_are_proposed_as_they_are(self):
        """Zalo's date of birth is no user, although the names are alike."""
        self.arrive(answers={"user_dob": "30/10/1999", "user_idn": "7"})
        self.new.action_propose()
        lines = {line.attribute: line.place for line in self.new.field_ids}
        self.assertEqual(lines["birth_date"], 'answers."user_dob"')
        self.assertNotIn("user_id", lines)

    def test_the_preview_is_the_lead_and_leaves_nothing(self):
        self.arrive()
        self.new.action_propose()
        before = [self.env[model].search_count([]) for model in MADE]
        rows, preview = self.preview()
        self.assertFalse(preview["errors"], preview)
        self.assertEqual(rows["Contact Name"], "Đỗ Thị Kim Liên")
        self.assertEqual(rows["Contact"], "A new one")
        after = [self.env[model].search_count([]) for model in MADE]
        self.assertEqual(before, after)
        self.assertEqual(self.messages.search([], limit=1).state, "waiting")

    def test_the_preview_shows_what_is_not_saved_yet(self):
        self.arrive()
        _rows, preview = self.preview()
        self.assertTrue(preview["errors"])
        lines = [
            Command.create({"attribute": attribute, "place": place})
            for attribute, place in NEEDED.items()
        ]
        rows, preview = self.preview({"field_ids": lines, "name": "X"})
        self.assertFalse(preview["errors"], preview)
        self.assertEqual(rows["Contact Name"], "Đỗ Thị Kim Liên")
        wrong = [Command.create({"attribute": "street", "place": "a b"})]
        _rows, preview = self.preview({"field_ids": wrong})
        self.assertIn("a b", preview["errors"][0]["text"])
        self.assertFalse(self.new.field_ids)
        self.assertNotEqual(self.new.name, "X")

    def test_an_unknown_word_is_shown(self):
        self.arrive(answers={QUESTION: "Nâng ngực"})
        self.new.action_propose()
        self.new.map_place("crm_line_ids", f"answers.{QUESTION}")
        _rows, preview = self.preview()
        self.assertEqual(preview["unknown"], ["Nâng ngực"])
        self.assertFalse(self.env["crm.lead.api.code"].search([]))

    def test_going_live_makes_the_leads_that_wait(self):
        message = self.arrive()
        self.assertEqual(self.new.unmapped, "Contact Name, Phone / Email")
        self.new.action_propose()
        self.assertFalse(self.new.unmapped)
        self.new.action_go_live()
        self.make_leads()
        self.assertEqual(message.state, "done", message.problems)
        lead = message.lead_id.with_user(self.agent)
        self.assertEqual(lead.came_by, "Came by Google lead form “Khuyến mãi tháng 12”")
        answers = lead.other_answers_list
        self.assertIn(f"<dt>{QUESTION}</dt><dd>Nâng mũi</dd>", answers)
        self.assertEqual(message.customer, "Đỗ Thị Kim Liên, 0900 000 222")

    def test_what_the_last_message_lacks_is_not_mapped(self):
        self.arrive()
        self.new.action_propose()
        self.arrive(lead_id="TeSter-10", answers={"FULL_NAME": "", "ho_ten": "Liên"})
        self.assertEqual(self.new.unmapped, "Contact Name")
        attributes = self.new.get_mapping()["attributes"]
        mapped = {each["name"] for each in attributes if each["is_mapped"]}
        self.assertIn("phone_no1", mapped)
        self.assertNotIn("contact_name", mapped)
        [name] = [each for each in attributes if each["name"] == "contact_name"]
        self.assertTrue(name["is_empty"], "choosing it takes the other place away")
        self.new.map_place("contact_name", "answers.ho_ten")
        self.assertFalse(self.new.unmapped)
        both = (self.company + self.other_company).ids
        self.client.write({"company_id": False, "company_ids": both})
        self.assertEqual(self.new.unmapped, "Company")
        values = {"attribute": "company_id", "place": "answers.chi_nhanh"}
        line = self.new.field_ids.create({**values, "connection_id": self.new.id})
        self.assertEqual(self.new.unmapped, "Company")
        line.res_id = self.company.id
        self.assertFalse(self.new.unmapped)

    def test_other_answers_are_texts(self):
        self.arrive(answers={QUESTION: "<b onclick='x'>"})
        self.new.action_propose()
        self.new.action_go_live()
        self.make_leads()
        answers = self.new.message_record_ids.lead_id.other_answers_list
        self.assertIn("&lt;b onclick", answers)

    def test_a_new_secret_is_shown_once_and_proves_messages(self):
        for name, action in (
            ("secret", self.connection.action_new_secret),
            ("verify_token", self.connection.action_new_verify_token),
        ):
            with self.subTest(name):
                made = action()["context"]["default_key"]
                self.assertGreater(len(made), 40)
                self.assertIn(name, self.connection.known_secrets)
                self.assertFalse(self.connection[name])
        made = self.connection.action_new_secret()["context"]["default_key"]
        self.assertEqual(self.fill_in().status_code, 401)
        self.assertEqual(self.fill_in(secret=made).status_code, 200)
        with self.assertRaises(AccessError):
            self.connection.with_user(self.agent).action_new_secret()

    def test_a_platform_is_adapted(self):
        google = self.new.platform_id
        self.new.action_adapt()
        self.assertNotEqual(self.new.platform_id, google)
        self.assertEqual(self.new.platform_id.answers_place, google.answers_place)
        self.assertIn("adapted", self.new.platform_id.name)

    def test_only_administrators(self):
        with self.assertRaises(AccessError):
            self.new.with_user(self.agent).get_mapping()
        self.assertTrue(self.new.with_user(self.manager).get_mapping()["sections"])
