# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test how the form for corrections shows the wrong attributes of a request."""

from odoo.tests import tagged

from .common import CorrectionCase


@tagged("post_install", "-at_install")
class TestCorrectionForm(CorrectionCase):
    def test_payload_in_a_wrapper(self):
        self.post({"data": self.payload})
        wizard = self._open(self._get_entries()[:1]).create({})
        [correction] = wizard.corrections
        self.assertEqual((correction["path"], correction["kind"]), ("data", "advanced"))
        self.assertIn("inside data", correction["reason"])

    def test_what_is_wrong_by_name_and_kind(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        entry = self._fail(
            gender="nữ",
            street="",
            state_id=self.other_state.id,
            crm_line_ids=[self.service.id, self.archived_service.id],
            birth_date="20/05/1990",
            email_from="anh",
        )
        wizard = self._open(entry).create({})
        found = {each["path"]: each for each in wizard.corrections}
        self.assertEqual(
            {
                path: (each["label"], each["sent"], each["kind"], each["is_optional"])
                for path, each in found.items()
            },
            {
                "gender": ("Gender", "nữ", "choice", False),
                "street": ("Street", "", "text", False),
                "district_id": (
                    *("District", f"{self.district.id} ({self.district.display_name})"),
                    *("record", True),
                ),
                "crm_line_ids.1": (
                    *("Services 2", f"{self.archived_service.id} (Cũ)"),
                    *("record", True),
                ),
                "birth_date": ("Date of Birth", "20/05/1990", "text", True),
                "email_from": ("Email", "anh", "text", True),
            },
        )
        self.assertIn(["female", "Female"], found["gender"]["options"])
        vietnamese = self._open(entry, lang="vi_VN").create({}).corrections
        for each in vietnamese:
            if each["path"] == "email_from":
                self.assertNotEqual(each["reason"], found["email_from"]["reason"])

    def test_all_that_the_form_knows_of_an_attribute(self):
        entry = self._fail(street="", category_source_id=99999999, crm_line_ids=5)
        wizard = self._open(entry).create({})
        street, group, services = wizard.corrections
        shown = {"value": False, "is_left_out": False}
        self.assertEqual(
            street,
            {
                **{"path": "street", "label": "Street", "sent": "", **shown},
                **{"reason": "It is missing.", "kind": "text", "is_optional": False},
            },
        )
        record = {"kind": "record", "candidates": [], "is_optional": False, **shown}
        domains = [group.pop("domain"), services.pop("domain")]
        self.assertTrue(all(domains))
        parents = {
            name: self.payload[name]
            for name in (
                *("user_id", "country_id", "state_id", "district_id", "company_id"),
                *("price_list_id", "source_id", "campaign_id"),
            )
        }
        self.assertEqual(
            group,
            {
                **record,
                **{"path": "category_source_id", "label": "Source Group"},
                **{"sent": "99999999", "is_list": False, "parents": parents},
                **{"model": "utm.source.group"},
                "reason": "The client may use no record with this id or code.",
            },
        )
        self.assertEqual(
            services,
            {
                **record,
                **{"path": "crm_line_ids", "label": "Services", "sent": "5"},
                **{"is_list": True, "model": "product.product", "parents": parents},
                "reason": services["reason"],
            },
        )

    def test_attributes_of_the_portrait(self):
        portrait = {"transport": "plane", "hobby": ["bơi", 5], "desires": "x" * 300}
        wizard = self._open(self._fail(customer_portrait=portrait)).create({})
        found = {each["path"].partition(".")[2]: each for each in wizard.corrections}
        self.assertEqual(
            {
                path: (each["label"], each["sent"], each["kind"])
                for path, each in found.items()
            },
            {
                "transport": ("Means of Transport", "plane", "choice"),
                "hobby.1": ("Hobbies 2", "5", "text"),
                "desires": ("Desires", "x" * 200 + "…", "advanced"),
            },
        )
        self.assertIn(["bus", "Bus"], found["transport"]["options"])

    def test_default_of_the_client_is_named(self):
        self.client.source_group_id = self.source_group
        self.source_group.active = False
        entry = self._fail(category_source_id="", source_id="")
        wizard = self._open(entry).create({})
        self.assertEqual(
            {each["path"]: each["sent"] for each in wizard.corrections},
            {
                "category_source_id": "Mạng xã hội, the default of the client",
                "source_id": "",
            },
        )

    def test_reasons_leave_the_names_to_the_labels(self):
        self.client.takes_codes = True
        self.env["product.product"].create({"name": self.service_2.name})
        entry = self._fail(
            street="",
            gender="nữ",
            campaign_id=99999999,
            crm_line_ids=[self.archived_service.id, self.service_2.name],
        )
        wizard = self._open(entry).create({})
        self.assertEqual(
            {each["path"]: each["reason"] for each in wizard.corrections},
            {
                "street": "It is missing.",
                "gender": "It is none of the choices.",
                "campaign_id": "The client may use no record with this id or code.",
                "crm_line_ids.0": "The record is archived.",
                "crm_line_ids.1": "Several records have this code or name.",
            },
        )
