# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages come in the caller's language, codes never change."""

from lxml import etree

from odoo.modules.module import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from ...schemas import LeadRequest
from ..common import LeadApiHttpCase
from ..languages import LanguageCase

ENGLISH, VIETNAMESE = "1 field is wrong", "1 thuộc tính sai"


@tagged("post_install", "-at_install")
class TestLanguages(LeadApiHttpCase):
    def _get_message(self, accept_language):
        response = self.post(
            {**self.payload, "gender": "x"},
            headers={"Accept-Language": accept_language},
        )
        return response.json()["message"]

    def test_the_language_that_is_liked_best(self):
        for accepted, message in (
            ("vi", VIETNAMESE),
            ("VI", VIETNAMESE),
            ("vi-VN", VIETNAMESE),
            ("vi-VN,vi;q=0.9,en-US;q=0.8,en;q=0.7", VIETNAMESE),
            ("fr;q=0.9, vi;q=0.1", VIETNAMESE),
            ("en;q=0.1, vi-VN;q=0.9", VIETNAMESE),
            ("en", ENGLISH),
            ("en-US", ENGLISH),
            ("en-US,vi;q=0.1", ENGLISH),
            ("vi;q=0.5, en-GB", ENGLISH),
            ("fr", ENGLISH),
            ("*", ENGLISH),
            ("vi;q=0, fr", ENGLISH),
            ("viking", ENGLISH),
            ("", ENGLISH),
            (";;,=q", ENGLISH),
        ):
            with self.subTest(accepted):
                self.assertEqual(self._get_message(accepted), message)

    def test_language_of_the_callers_user_does_not_matter(self):
        self.caller.lang = (
            "vi_VN" if self.env.ref("base.lang_vi_VN").active else "en_US"
        )
        self.assertEqual(self._get_message("en"), ENGLISH)
        self.assertEqual(self._get_message("vi"), VIETNAMESE)

    def test_every_kind_of_error_is_translated(self):
        portal = self.portal_user.id
        portrait = {
            "transport": "plane",
            "work_start_time": "8:30",
            "work_end_time": -1,
            "break_start_time": 24,
            "hobby": ["x"] * 101,
            "desires": "x",
            "pain_point": ["x\x00"],
            "term_goals": 5,
        }
        payload = {
            "account_id": self.archived_partner.id,
            "ticket_id": "x",
            "agent_email": "x",
            "user_id": portal,
            "contact_name": "x" * 256,
            "country_id": self.env.ref("base.us").id,
            "state_id": self.state.id,
            "district_id": self.other_district.id,
            "category_source_id": self.other_group.id,
            "source_id": self.source.id,
            "campaign_id": 2_000_000_000,
            "crm_line_ids": [],
            "birth_date": "x",
            "customer_portrait": portrait,
        }
        english, vietnamese = (
            self.post(payload, headers={"Accept-Language": code}).json()["errors"]
            for code in ("en", "vi")
        )
        for one, other in zip(english, vietnamese, strict=True):
            with self.subTest(one["field"], code=one["code"]):
                self.assertEqual(
                    {**one, "message": ""},
                    {**other, "message": ""},
                )
                self.assertNotEqual(one["message"], other["message"])
        self.assertGreaterEqual(
            {error["code"] for error in english},
            {
                *("required", "type", "choice", "format", "range", "too_long"),
                *("too_many", "too_few", "characters", "unknown", "archived"),
                "mismatch",
            },
        )


@tagged("post_install", "-at_install")
class TestPages(LanguageCase):
    def test_no_page_is_in_two_languages(self):
        self.check_pages("crm_lead_api")

    def test_one_word_for_one_thing(self):
        self.check_words("crm_lead_api")

    def test_the_update_brings_the_words_of_this_version(self):
        field = self.env["ir.model.fields"]._get("crm.lead.api.request", "answer")
        field = field.with_context(lang="vi_VN")
        field.field_description = "Phản hồi"
        path = "crm_lead_api/migrations/19.0.8.1.0/end-migrate.py"
        load_script(file_path(path), "end_migrate").load_words(self.env.cr)
        self.env.invalidate_all()
        self.assertEqual(field.field_description, "Câu trả lời")

    def test_the_province_is_no_status(self):
        """Odoo's Vietnamese label of the lead's state is that of a status."""
        env = self.env(context={"lang": "vi_VN"})
        label = env["crm.lead.api.resend"]._get_label(LeadRequest, "state_id")
        self.assertEqual(label, "Tỉnh/Thành phố")
        for name in ("leads", "oppor"):
            view = self.env.ref(f"crm.crm_case_tree_view_{name}")
            arch = etree.fromstring(env["crm.lead"].get_view(view.id, "list")["arch"])
            [node] = arch.iterfind("field[@name='state_id']")
            with self.subTest(name):
                self.assertEqual(node.get("string"), "Tỉnh/Thành phố")

    def test_the_expected_closing(self):
        """Odoo has no Vietnamese for its placeholder."""
        leads = self.env["crm.lead"].with_context(lang="vi_VN")
        arch = leads.get_view(view_type="form")["arch"]
        self.assertNotIn("No closing estimate", arch)
        self.assertIn("Chưa dự kiến", arch)

    def test_the_province_in_searches(self):
        for view in ("leads_filter", "opportunities_filter"):
            view = self.env.ref(f"crm.view_crm_case_{view}").with_context(lang="vi_VN")
            leads = self.env["crm.lead"].with_context(lang="vi_VN")
            arch = etree.fromstring(leads.get_view(view.id, "search")["arch"])
            [label] = {
                node.get("string")
                for node in arch.iter("field")
                if node.get("name") == "district_id"
            }
            with self.subTest(view.name):
                self.assertIn("Tỉnh/Thành phố", label)
