# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import convert_file

from .example import encode
from .platform_case import PlatformHttpCase

# The lead of each example: name, phone, e-mail, and what else there is
LEADS = {
    "google": (
        *("Trần Thị Thanh Thảo", "0900 000 202", "thao.tran@example.com"),
        {"gclid": "example-gcl-id", "ad_form": "40000000000", "ad_campaign": "123456"},
    ),
    "tiktok": (
        *("Phạm Minh Châu", "0900 000 303", "chau.pham@example.com"),
        {
            **{"ad_form": "1700000000000001", "ad_ref": "9012", "ad_campaign": "1234"},
            "other_answers": {"Chị quan tâm dịch vụ nào?": "Nâng mũi"},
        },
    ),
    "zalo": (
        *("Lê Ngọc Hân", "0900 000 404", False),
        {
            "street": "Đường số 13",
            "other_answers": {
                "user_dob": "30/10/1999",
                "gender": "Nữ",
                "user_city": "Thành phố Hồ Chí Minh",
                "user_ward": "Phường Tân Thuận",
            },
        },
    ),
    "ladipage": (
        *("Đỗ Thu Hà", "0900 000 505", "ha.do@example.com"),
        {
            **{"ad_form": "FORM1", "ad_campaign": "thang-11"},
            "other_answers": {"dich_vu": "Trị nám"},
        },
    ),
    "cf7": (
        *("Vũ Khánh Linh", "0900 000 606", "linh.vu@example.com"),
        {
            "other_answers": {
                "dich-vu": "Nâng mũi",
                "your-message": "Em muốn đặt lịch chiều thứ Bảy.",
            }
        },
    ),
    "elementor": (
        *("Ngô Bảo Trâm", "0900 000 707", "tram.ngo@example.com"),
        {"ad_form": "4b5c1a2", "other_answers": {"field_1a2b3c": "Trị nám"}},
    ),
    "wpforms": (
        *("Bùi Gia Hân", "0900 000 808", "han.bui@example.com"),
        {"ad_form": "42", "other_answers": {"service": "Căng da mặt"}},
    ),
    "typeform": (
        *("Hoàng Yến Nhi", "0900 000 909", "nhi.hoang@example.com"),
        {
            **{"ad_form": "lT4Z3j", "ad_campaign": "thang-11"},
            "other_answers": {"service": "Nâng mũi, Trị nám"},
        },
    ),
    "jotform": (
        *("Đặng Mai Anh", "0900 000 111", "anh.dang@example.com"),
        {"ad_form": "230583697150159", "other_answers": {"q6_dichVu": "Nâng mũi"}},
    ),
    "hubspot": (
        *("Lý Thùy Dung", "0900 000 121", "dung.ly@example.com"),
        {"gclid": "example-gcl-id", "other_answers": {"dich_vu": "Căng da mặt"}},
    ),
    "standard_webhooks": (
        *("Tạ Quỳnh Anh", "0900 000 131", "anh.ta@example.com"),
        {"other_answers": {"service": "Trị nám"}},
    ),
    "other": (
        *("Mạc Tường Vi", "0900 000 141", "vi.mac@example.com"),
        {"other_answers": {"service": "Nâng mũi"}},
    ),
}
ORIGINS = {
    "ladipage": "https://khuyenmai.example.com/thang-11",
    "elementor": "Đăng ký tư vấn",
    "typeform": "Đăng ký tư vấn",
    "jotform": "Đăng ký tư vấn",
    "standard_webhooks": "lead.created",
    "meta": "12312312312",
}
REFS = {
    "meta": "123123123123",
    "google": "example-lead-id",
    "tiktok": "7012345678901234567",
    "zalo": "246845883529197922-1540368141908",
    "caresoft": "1",
    "wpforms": "118",
    "typeform": "a3a12ec67a1365927098a606107fac15",
    "jotform": "5308741572752112119",
    "other": "A-1",
}
FETCHED = {  # a lead, as the Graph API has it, within the change of the page
    "leadgen_id": "123123123123",
    "created_time": "2026-11-03T20:26:10+0000",
    "form_id": "12312312312",
    "ad_id": "12312312312",
    "campaign_name": "Khuyến mãi tháng 11",
    "field_data": [
        {"name": "last_name", "values": ["Hồ"]},
        {"name": "first_name", "values": ["Ngọc Hà"]},
        {"name": "phone_number", "values": ["+84900000101"]},
        {"name": "email", "values": ["ha.ho@example.com"]},
        {"name": "dịch_vụ_bạn_quan_tâm?", "values": ["Nâng mũi", "Trị nám"]},
    ],
}


@tagged("post_install", "-at_install")
class TestPlatforms(PlatformHttpCase):
    """The example of each platform becomes what it should."""

    def test_examples(self):
        codes = [*LEADS, "meta", "caresoft"]
        self.assertEqual(sorted(codes), sorted(self.platforms.mapped("code")))
        for code in codes:
            with self.subTest(code):
                response = self.send_example(code)
                self.assertEqual(response.status_code, 200, response.text)
                answer = {} if code == "google" else {"error": 0, "message": "Success"}
                self.assertEqual(response.json(), answer)
                message = self.get_messages(code)
                self.assertEqual(len(message), 1)
                self.assertEqual(message.origin or False, ORIGINS.get(code, False))
                self.assertFalse(message.is_test)
                if code in REFS:
                    self.assertEqual(message.message_ref, REFS[code])
        self.assertEqual(self.get_messages("meta").state, "fetching")
        self.make_leads()
        for code, (name, phone, email, others) in LEADS.items():
            with self.subTest(code):
                message = self.get_messages(code)
                self.assertEqual(message.state, "done", message.problems)
                lead = message.lead_id
                self.assertEqual(lead.contact_name, name)
                self.assertEqual(lead.email_from, email)
                equal = [
                    lead.partner_id._get_phone_key(number, self.env.ref("base.vn"))
                    for number in (lead.phone, phone)
                ]
                self.assertEqual(*equal)
                found = {field: lead[field] for field in others}
                self.assertEqual(found, others)
                if "other_answers" not in others:
                    self.assertFalse(lead.other_answers)
        # Its page names no values besides the ticket's id.
        message = self.get_messages("caresoft")
        self.assertEqual(message.state, "refused")
        self.assertEqual(message._map()["ticket_id"], 1)

    def test_repetitions(self):
        """A platform that sends again gets the same answer, and makes nothing."""
        for code in [*LEADS, "meta", "caresoft"]:
            with self.subTest(code):
                headers, raw = self.make_example(code)
                answers = {self.send_request(code, headers, raw).text for _ in range(2)}
                self.assertEqual(len(answers), 1)
                self.assertEqual(len(self.get_messages(code)), 1)

    def test_guides(self):
        for platform in self.platforms:
            with self.subTest(platform.code):
                steps = platform.guide.count("<li>")
                self.assertTrue(4 <= steps <= 7, steps)
                self.assertFalse(platform.is_checked)
                self.assertIn("Nobody has tried this", platform.guide)
                is_alone = platform.proof == "none"
                self.assertEqual("It signs nothing" in platform.guide, is_alone)

    def test_mappings_are_attributes(self):
        fields = self.env["crm.lead.api.connection.field"]
        names = dict(fields._select_attribute())
        for platform in self.platforms:
            self.assertLessEqual(platform.mapping.keys(), names.keys(), platform.code)

    # ------------------------------------------------------------ single platforms

    def test_meta_lead(self):
        """Read a lead of the Graph API by the usual mapping."""
        message = self.env["crm.lead.api.message"].create(
            {
                "connection_id": self.connections["meta"].id,
                "date": "2026-11-03 20:26:10",
                "message_ref": "1",
                "body": FETCHED,
            }
        )
        data = message._map()
        self.assertEqual(data["contact_name"], "Hồ Ngọc Hà")
        self.assertEqual(data["phone_no1"], "+84900000101")
        self.assertEqual(data["ad_campaign"], "Khuyến mãi tháng 11")
        services = data["other_answers"]["dịch_vụ_bạn_quan_tâm?"]
        self.assertEqual(services, "Nâng mũi, Trị nám")
        self.make_leads()
        self.assertEqual(message.state, "done", message.problems)

    def test_meta_test_lead(self):
        text = "<test lead: dummy data for full_name>"
        body = {**FETCHED, "field_data": [{"name": "full_name", "values": [text]}]}
        connection = self.connections["meta"]
        for content, expected in ((body, True), (FETCHED, False)):
            values = self.messages._prepare_values(connection, content)
            self.assertEqual(values["is_test"], expected)

    def test_meta_changes(self):
        """Only leads are kept, however many pages and changes a message has."""
        change = self.copy_example("meta")["entry"][0]["changes"][0]
        feed = {"field": "feed", "value": {"item": "comment", "leadgen_id": "9"}}
        other = {**change, "value": {**change["value"], "leadgen_id": "2"}}
        entries = [
            {"id": "1", "time": 1, "changes": [feed, change]},
            {"id": "2", "time": 1, "changes": [other]},
            {"id": "3", "time": 1, "messaging": [{}]},
        ]
        self.assertEqual(self.send_meta(entries).status_code, 200)
        refs = sorted(self.get_messages("meta").mapped("message_ref"))
        self.assertEqual(refs, ["123123123123", "2"])
        self.assertEqual(self.get_messages("meta")[0].body["page_id"], "123123123")
        self.assertEqual(self.send_meta([{"changes": [feed]}]).status_code, 200)
        body = {"object": "user", "entry": entries}
        self.assertEqual(self.send_example("meta", body).status_code, 200)
        self.assertEqual(len(self.get_messages("meta")), 2)

    def send_meta(self, entries):
        return self.send_example("meta", {"object": "page", "entry": entries})

    def test_unwanted_events(self):
        """Take an event that is no lead, lest it comes again, and keep nothing."""
        for code, body in (
            ("zalo", {"event_name": "follow", "timestamp": "1", "follower": {}}),
            ("zalo", {"event_name": "user_send_text", "timestamp": "1"}),
            ("tiktok", {"object": 2, "entry": [{"id": 1}]}),
            ("typeform", {"event_type": "form_response_partial"}),
            ("other", {}),
            ("other", []),
            ("other", [{}, {}]),
        ):
            with self.subTest(code, body=body):
                response = self.send_example(code, body)
                self.assertEqual(response.status_code, 200, response.text)
                self.assertFalse(self.get_messages(code))
                self.assertFalse(self.count_unproven(code))

    def test_google_test(self):
        body = {**self.copy_example("google"), "is_test": True}
        self.assertEqual(self.send_example("google", body).json(), {})
        self.assertTrue(self.get_messages("google").is_test)

    def test_missing_ids(self):
        """An id that is not sent is no text "null"."""
        body = self.copy_example("google")
        for name in ("form_id", "creative_id", "campaign_id", "gcl_id"):
            del body[name]
        self.send_example("google", body)
        data = self.get_messages("google")._map()
        self.assertNotIn("null", json.dumps(data))
        body = {"object": 1, "entry": [{"changes": [{"field": "a", "value": "b"}]}]}
        self.send_example("tiktok", body)
        self.assertRegex(self.get_messages("tiktok").message_ref, "^=")
        for name in "ab":
            self.send_example("caresoft", {"requester": name})
        self.assertEqual(len(self.get_messages("caresoft")), 2)

    def test_caresoft_events(self):
        for event in ("create", "update", "update"):
            self.send_example("caresoft", {"ticket_id": 7, "event": event})
        refs = sorted(self.get_messages("caresoft").mapped("message_ref"))
        self.assertEqual(refs, ["7-create", "7-update"])

    def test_zalo_number(self):
        """Zalo's phone may be a number, and the address an older, flat one."""
        body = self.copy_example("zalo")
        body["info"] = {"name": "Hân", "phone": 84900000404, "address": "12 Lê Lợi"}
        self.send_example("zalo", body)
        data = self.get_messages("zalo")._map()
        self.assertEqual(
            (data["phone_no1"], data["street"]), ("84900000404", "12 Lê Lợi")
        )

    def test_standard_webhooks_id(self):
        """The id of the message is in a header: two ids are two messages."""
        for _time in range(2):
            self.send_example("standard_webhooks")
        refs = self.get_messages("standard_webhooks").mapped("message_ref")
        self.assertEqual(len(set(refs)), 2)
        self.assertTrue(all(ref.startswith("msg_") for ref in refs))

    def test_hubspot_all_properties(self):
        """A list of contacts, each with all that HubSpot knows."""
        contacts = [
            {
                "vid": number,
                "properties": {
                    "firstname": {"value": "Dung", "versions": [{"value": "D"}]},
                    "phone": {"value": f"0900 000 12{number}"},
                    "city": {"value": ""},
                },
            }
            for number in (1, 2)
        ]
        self.assertEqual(self.send_example("hubspot", contacts).status_code, 200)
        messages = self.get_messages("hubspot")
        self.assertEqual(len(messages), 2)
        self.make_leads()
        self.assertEqual(set(messages.mapped("state")), {"done"})
        self.assertEqual(messages.lead_id.mapped("contact_name"), ["Dung", "Dung"])
        self.assertFalse(messages.lead_id[0].other_answers)

    def test_typeform_by_type(self):
        """Without references the kind of a question finds name, phone and e-mail."""
        body = self.copy_example("typeform")
        for answer in body["form_response"]["answers"]:
            del answer["field"]["ref"]
        self.send_example("typeform", body)
        data = self.get_messages("typeform")._map()
        self.assertEqual(data["contact_name"], "Hoàng Yến Nhi")
        self.assertEqual(data["phone_no1"], "+84900000909")
        self.assertEqual(data["email_from"], "nhi.hoang@example.com")

    def test_typeform_other(self):
        """Read what a customer typed instead of a choice, or besides some."""
        body = self.copy_example("typeform")
        *_others, answer = body["form_response"]["answers"]
        answer["choices"]["other"] = "Căng da"
        choice = {"type": "choice", "choice": {"id": "other", "other": "Thứ bảy"}}
        body["form_response"]["answers"] += [
            {**choice, "field": {"ref": "when"}},
            {"type": "choice", "choice": {"label": "A"}, "field": {"ref": "a"}},
            {"type": "choices", "choices": {"other": "B"}, "field": {"ref": "b"}},
            {"type": "boolean", "boolean": False, "field": {"ref": "c"}},
        ]
        self.send_example("typeform", body)
        answers = {"service": "Nâng mũi, Trị nám, Căng da", "when": "Thứ bảy"}
        answers |= {"a": "A", "b": "B", "c": "false"}
        self.assertEqual(self.get_messages("typeform")._map()["other_answers"], answers)

    def test_forms(self):
        """A form may come in any of the encodings."""
        example = self.copy_example("elementor")
        types = ("application/x-www-form-urlencoded", "multipart/form-data")
        for number, media_type in enumerate((*types, "application/json")):
            body = {**example, "form": {"id": str(number), "name": "Tư vấn"}}
            content_type, raw = encode(body, media_type)
            headers = {"Content-Type": content_type}
            response = self.send_request("elementor", headers, raw)
            self.assertEqual(response.status_code, 200, response.text)
        messages = self.get_messages("elementor")
        self.assertEqual(len(messages), 3)
        for message in messages:
            self.assertEqual(message._map()["contact_name"], "Ngô Bảo Trâm")
            self.assertEqual(message.body["fields"]["phone"]["type"], "tel")

    def test_jotform_without_answers(self):
        for raw in ("", "{", "[]", '"\\ud800"', "NaN"):
            body = {"submissionID": f"S{raw}", "formID": "1", "rawRequest": raw}
            self.assertEqual(self.send_example("jotform", body).status_code, 200)
        self.make_leads()
        states = set(self.get_messages("jotform").mapped("state"))
        self.assertEqual(states, {"refused"})

    # ------------------------------------------------------------ own platforms

    def test_own_platform(self):
        """A copy of a platform, with another proof, is one's own."""
        other = self.env.ref("crm_lead_api_connection.platform_other")
        values = {"proof": "hmac", "header": "X-Sig", "encoding": "base64"}
        platform = other.copy(values)
        self.assertNotEqual(platform.code, other.code)
        connection = self.connections["other"]
        connection.platform_id = platform
        self.assertEqual(self.send_example("other").status_code, 200)
        self.assertEqual(self.send_example("other", secret="x").status_code, 401)
        self.assertEqual(len(self.get_messages("other")), 1)

    def test_the_order_after_an_update(self):
        """Keep the order that an administrator has chosen; the rest is the addon's."""
        other = self.env.ref("crm_lead_api_connection.platform_other")
        name = other.name
        other.write({"sequence": 1, "name": "x"})
        file = "data/crm_lead_api_platform_data.xml"
        convert_file(self.env, "crm_lead_api_connection", file, {}, mode="update")
        self.assertEqual((other.sequence, other.name), (1, name))
        # Whoever imports a file of their own means the order in it.
        ref = other.get_external_id()[other.id]
        self.env["crm.lead.api.platform"].load(["id", "sequence"], [[ref, "7"]])
        self.assertEqual(other.sequence, 7)

    def test_a_secret_that_could_not_be_removed(self):
        platform = self.connections["google"].platform_id
        for place in ("keys[0].key", "google_key || key", "from_json(a).key", False):
            with self.assertRaises(ValidationError):
                platform.secret_place = place

    def test_wrong_platforms(self):
        other = self.env.ref("crm_lead_api_connection.platform_other")
        for values in (
            {"proof": "hmac"},
            {"proof": "header", "header": "X", "header_text": "{mac}{mac}"},
            {"proof": "digest", "header": "X", "header_text": "sha1="},
            {"proof": "body"},
            # What anybody could compute is no proof.
            {"proof": "digest", "header": "X"},
            {"proof": "digest", "header": "X", "signed_text": "{time}{secret}"},
            {"proof": "hmac", "header": "X", "signed_text": "{time}"},
            {"id_place": "a b"},
            *({"answer": text} for text in ("OK", "[]", '"ok"')),
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                other.copy(values)
