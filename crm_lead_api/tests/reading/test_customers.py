# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``GET /api/v1/customers``: who is calling."""

from urllib.parse import urlencode

from odoo.fields import Command
from odoo.tests import tagged

from ..data import PORTRAIT
from .common import ReadCase

PHONE = "0968011111"
E164 = "+84968011111"
BY_PHONE = {"method": "phone", "value": E164}


class CustomerCase(ReadCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.looks_up_customers = True

    @classmethod
    def _create_partner(cls, **values):
        return cls.env["res.partner"].create({"name": "Bà Ánh", **values})

    def look_up(self, token=None, agent_email="lan@example.com", **parameters):
        """Send a look-up; a parameter ``None`` is not sent."""
        parameters["agent_email"] = agent_email
        sent = {n: value for n, value in parameters.items() if value is not None}
        return self.get(f"customers?{urlencode(sent, doseq=True)}", token=token)

    def find(self, **parameters):
        """Look customers up, and return the list of the answer."""
        body = self.assertJson(self.look_up(**parameters), 200)
        self.assertEqual((body["error"], body["message"]), (0, "Success"))
        self.assertEqual(list(body["data"]), ["customers"])
        return body["data"]["customers"]

    def assertFound(self, partners, **parameters):
        found = [customer["account_id"] for customer in self.find(**parameters)]
        self.assertEqual(found, partners.ids)


@tagged("post_install", "-at_install")
class TestCustomers(CustomerCase):
    def test_customer_with_everything(self):
        partner = self._create_partner(
            phone="0968 011 111",
            phone2="028 3822 0000",
            phone3="hỏi chị Mai",
            email="anh@example.com",
            gender="female",
            birthdate_date="1992-10-20",
            street="12 Lê Lợi",
            district_id=self.district.id,
            state_id=self.state.id,
            country_id=self.country.id,
            user_id=self.agent.id,
        )
        lead = self.create_lead(account_id=partner.id)
        [customer] = self.find(phone=PHONE)
        link = customer.pop("link_customer_detail")
        action = self.env.ref("base.action_partner_form").id
        menu = self.env.ref("crm.crm_menu_root").id
        self.assertTrue(
            link.endswith(
                f"/web#id={partner.id}&model=res.partner&view_type=form"
                f"&action={action}&menu_id={menu}"
            ),
            link,
        )
        [stored] = customer.pop("leads")
        self.assertEqual(stored, self.read_data(f"lead/{lead.id}"))
        self.assertEqual(
            customer,
            {
                "account_id": partner.id,
                "matched_by": BY_PHONE,
                "contact_name": "Bà Ánh",
                "gender": "female",
                "birth_date": "1992-10-20",
                "phones": [E164, "+842838220000"],
                "email": "anh@example.com",
                "street": "12 Lê Lợi",
                "district": {"id": self.district.id, "name": "Phường Bến Thành"},
                "state": {"id": self.state.id, "name": self.state.name},
                "country": {"id": self.country.id, "name": "Vietnam"},
                "owner": {
                    "id": self.agent.id,
                    "name": "Lê Thu Hương",
                    "email": self.agent.email,
                },
                "portrait": PORTRAIT,
            },
        )

    def test_contact_with_nothing(self):
        partner = self._create_partner()
        [customer] = self.find(account_id=partner.id)
        account = {"method": "account", "value": str(partner.id)}
        self.assertEqual(customer["matched_by"], account)
        self.assertEqual((customer["phones"], customer["leads"]), ([], []))
        for name in (
            *("gender", "birth_date", "email", "street", "district", "state"),
            *("country", "owner", "portrait"),
        ):
            self.assertIsNone(customer[name], name)

    def test_nobody(self):
        for parameters in (
            {"phone": PHONE},
            {"account_id": 2_000_000_000},
            {"account_id": self.archived_partner.id},
            {"account_id": self.other_partner.id},
            {"email": "nobody@example.com", "contact_name": "Ánh"},
        ):
            with self.subTest(parameters):
                self.assertEqual(self.find(**parameters), [])

    def test_same_matching_as_for_a_lead(self):
        """Any of three numbers, in any notation, the foremost first; a contact before
        an address, the oldest of equals; at most five."""
        third = self._create_partner(phone3="+84 968.011.333")
        first = [self._create_partner(phone2=PHONE) for _number in range(2)]
        address = self._create_partner(
            parent_id=third.id, type="delivery", phone="0968 011 222"
        )
        second = self._create_partner(phone="84968011222", country_id=self.country.id)
        phones = ["0968 011 111", "+84968011222", "0968011333"]
        expected = self.env["res.partner"].union(*first, second, address, third)
        self.assertFound(expected, phone=phones)
        values = [each["matched_by"]["value"] for each in self.find(phone=phones)]
        self.assertEqual(
            values, [E164, E164, "+84968011222", "+84968011222", "+84968011333"]
        )
        more = [self._create_partner(phone=PHONE) for _number in range(4)]
        self.assertFound(self.env["res.partner"].union(*first, *more[:3]), phone=phones)
        lead = self.create_lead(
            **dict(zip(("phone_no1", "phone_no2", "phone_no3"), phones, strict=True))
        )
        self.assertEqual(lead.partner_id, first[0])

    def test_a_plus_that_was_not_encoded(self):
        partner = self._create_partner(phone=PHONE)
        found = self.read_data("customers?phone=+84968011111&agent_email=lan@x.vn")
        self.assertEqual(found["customers"][0]["account_id"], partner.id)

    def test_account_before_phones(self):
        account, by_phone = self._create_partner(), self._create_partner(phone=PHONE)
        self.assertFound(account | by_phone, phone=PHONE, account_id=account.id)
        self.assertFound(by_phone, phone=PHONE, account_id=by_phone.id)
        self.assertFound(by_phone, phone=PHONE, account_id=self.other_partner.id)
        [first, second] = self.find(phone=PHONE, account_id=account.id)
        self.assertEqual(first["matched_by"]["method"], "account")
        self.assertEqual(second["matched_by"], BY_PHONE)

    def test_email_with_the_name(self):
        partner = self._create_partner(name="Trần Ánh", email="Anh@Example.com")
        self._create_partner(name="Trần Đức", email="anh@example.com")
        sent = {"email": "anh@example.com", "contact_name": "tran anh"}
        [customer] = self.find(**sent)
        self.assertEqual(customer["account_id"], partner.id)
        by_email = {"method": "email", "value": "anh@example.com"}
        self.assertEqual(customer["matched_by"], by_email)
        by_phone = self._create_partner(phone=PHONE)
        self.assertFound(by_phone, phone=PHONE, **sent)
        self.assertFound(partner, phone="0968011112", **sent)

    def test_country_of_national_numbers(self):
        usa, singapore = self.env.ref("base.us"), self.env.ref("base.sg")
        american = self._create_partner(phone="+1 415 555 2671")
        sent = {"phone": "(415) 555-2671"}
        self.assertErrors(self.look_up(**sent), [("phone.0", "format")])
        self.assertFound(american, **sent, country_id=usa.id)
        self.client.country_id = usa
        self.assertFound(american, **sent)
        wrong = self.look_up(**sent, country_id=singapore.id)
        self.assertErrors(wrong, [("phone.0", "format")])
        self.client.country_id = False
        self.other_company.country_id = usa
        self.client.company_ids += self.other_company
        self.client.company_id = self.other_company
        self.assertFound(american, **sent)

    def test_number_of_a_contact_without_a_country(self):
        """Stored as dialled: found and answered in international form."""
        partner = self._create_partner(phone=PHONE)
        self.env.cr.execute(
            "UPDATE res_partner SET phone_key = %s WHERE id = %s", [PHONE, partner.id]
        )
        self.env.invalidate_all()
        [customer] = self.find(phone=PHONE)
        self.assertEqual(customer["matched_by"], BY_PHONE)
        self.assertEqual(customer["phones"], [E164])

    def test_wrong_parameters(self):
        for parameters, expected in (
            ({}, [("phone", "required")]),
            ({"phone": ""}, [("phone.0", "format")]),
            (
                {"phone": [PHONE, "abc", "12"]},
                [("phone.1", "format"), ("phone.2", "format")],
            ),
            ({"phone": "9" * 300}, [("phone.0", "too_long")]),
            ({"phone": "0000000000"}, [("phone.0", "format")]),
            ({"phone": [PHONE] * 4}, [("phone", "too_many")]),
            ({"account_id": "x"}, [("account_id", "type")]),
            ({"account_id": [1, 2]}, [("account_id", "too_many")]),
            ({"email": "a@example.com"}, [("contact_name", "required")]),
            ({"email": "a"}, [("email", "format"), ("contact_name", "required")]),
            ({"contact_name": "Ánh"}, [("phone", "required")]),
            ({"phone": PHONE, "country_id": 9999}, [("country_id", "unknown")]),
            ({"phone": PHONE, "country_id": 0}, [("country_id", "range")]),
            ({"phone": PHONE, "include": "lead"}, [("include", "choice")]),
            ({"phone": PHONE, "include": ""}, [("include", "choice")]),
        ):
            with self.subTest(parameters):
                self.assertErrors(self.look_up(**parameters), expected)
        self.assertErrors(
            self.look_up(phone="1", include="x", email="y", agent_email=None),
            [
                ("phone.0", "format"),
                ("email", "format"),
                ("contact_name", "required"),
                ("agent_email", "required"),
                ("include", "choice"),
            ],
        )

    def test_agent_is_required(self):
        for email in (None, "", "  "):
            response = self.look_up(phone=PHONE, agent_email=email)
            self.assertErrors(response, [("agent_email", "required")])

    def test_unknown_parameter_is_named(self):
        response = self.look_up(phone=PHONE, phones="1")
        self.assertEqual(response.headers["X-Ignored-Fields"], "phones")

    def test_include(self):
        self.create_lead(phone_no1=PHONE)
        for include, expected in (
            (None, {"portrait", "leads"}),
            ("leads,portrait", {"portrait", "leads"}),
            ("leads", {"leads"}),
            (["leads", "portrait"], {"portrait", "leads"}),
            ("portrait, portrait", {"portrait"}),
        ):
            with self.subTest(include):
                [customer] = self.find(phone=PHONE, include=include)
                self.assertEqual({"portrait", "leads"} & customer.keys(), expected)
        # Words of addons that are not installed
        for word in ("phone_calls", "bookings", "lead"):
            body = self.assertErrors(
                self.look_up(phone=PHONE, include=f"leads,{word}"),
                [("include", "choice")],
            )
            self.assertEqual(body["errors"][0]["allowed"], ["portrait", "leads"])
        self.assertEqual(body["errors"][0]["did_you_mean"], "leads")

    def test_names_in_the_accepted_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.country.with_context(lang="vi_VN").name = "Việt Nam"
        partner = self._create_partner(country_id=self.country.id)
        path = f"customers?account_id={partner.id}&agent_email=lan@example.com"
        data = self.read_data(path, headers={"Accept-Language": "vi"})
        self.assertEqual(data["customers"][0]["country"]["name"], "Việt Nam")

    def test_ten_newest_leads_and_the_newest_portrait(self):
        first, *others = [
            self.create_lead(
                ticket_id=number + 1,
                customer_portrait={"term_goals": f"Số {number}"},
                crm_line_ids=[self.service.id] * (number + 1),
            )
            for number in range(12)
        ]
        # Services are in their own order, whatever their ids.
        line = others[-1].service_ids.copy({"sequence": -1})
        line.product_id = self.service_2
        others[-1].service_ids = [Command.link(line.id)]
        [customer] = self.find(account_id=first.partner_id.id)
        newest = [lead.id for lead in reversed(others)][:10]
        self.assertEqual([each["id_lead"] for each in customer["leads"]], newest)
        for lead in customer["leads"]:
            self.env.invalidate_all()
            self.assertEqual(lead, self.read_data(f"lead/{lead['id_lead']}"))
        names = [each["name"] for each in customer["leads"][0]["services"]]
        self.assertEqual(names, ["Khám", "Nâng mũi"])
        self.assertEqual(customer["portrait"]["term_goals"], "Số 11")
        self.assertEqual(list(customer["portrait"]), list(PORTRAIT))
