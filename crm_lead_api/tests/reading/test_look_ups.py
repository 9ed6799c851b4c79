# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who may look customers up, and what is kept of each look-up."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...http.received_request import ReceivedRequest
from ...schemas import CustomersQuery
from ..data import MANAGER_GROUP, NO_PORTRAIT
from .test_customers import E164, PHONE, CustomerCase


@tagged("post_install", "-at_install")
class TestLookUps(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._new_user("manager", MANAGER_GROUP)

    def get_look_ups(self):
        return self.env["crm.lead.api.look.up"].search([])

    def test_right(self):
        self.client.looks_up_customers = False
        self._create_partner(phone=PHONE)
        # Also before anything is said about the parameters
        for parameters in ({"phone": PHONE}, {"phone": "x"}):
            response = self.look_up(**parameters)
            self.assertError(response, 403, "forbidden")
            self.assertNotIn("Ánh", response.text)
        self.assertFalse(self.get_look_ups())
        self.assertIs(self.read_data("me")["rights"]["looks_up_customers"], False)
        self.client.looks_up_customers = True
        self.assertIs(self.read_data("me")["rights"]["looks_up_customers"], True)
        self.assertEqual(len(self.find(phone=PHONE)), 1)
        self.assertEqual(self.look_up(phone=PHONE, token="x").status_code, 401)
        self.assertFalse(self._new_client("web-form").looks_up_customers)

    def test_only_own_companies(self):
        foreign = self._create_partner(phone=PHONE, company_id=self.other_company.id)
        own = self._create_partner(phone=PHONE, company_id=self.company.id)
        shared = self._create_partner(phone=PHONE)
        self._create_partner(phone=PHONE, active=False)
        self.assertFound(own | shared, phone=PHONE)
        self.assertFound(own.browse(), account_id=foreign.id)
        self.client.company_ids += self.other_company
        self.assertFound(foreign | own | shared, phone=PHONE)
        self.assertFound(foreign, account_id=foreign.id)

    def test_leads_and_portraits_of_others(self):
        own = self.create_lead(phone_no1=PHONE)
        client = self._new_client("web-form", looks_up_customers=True)
        token = self._new_token(client)
        other = self.assertSuccess(
            self.post(
                {
                    **self.payload,
                    "phone_no1": PHONE,
                    "ticket_id": 815,
                    "customer_portrait": {"term_goals": "Bí mật"},
                },
                token=token,
            )
        )
        partner = own.partner_id
        self.assertEqual(other.partner_id, partner)

        def read(**parameters):
            [customer] = self.find(phone=PHONE, **parameters)
            leads = [lead["id_lead"] for lead in customer["leads"]]
            return leads, customer["portrait"]["term_goals"]

        goals = own.portrait_id.term_goals
        self.assertEqual(read(), (own.ids, goals))
        self.assertNotIn("Bí mật", self.look_up(phone=PHONE).text)
        self.assertEqual(read(token=token), (other.ids, "Bí mật"))
        by_hand = self.env["crm.lead"].create(
            {"name": "Tay", "partner_id": partner.id, "company_id": self.company.id}
        )
        elsewhere = self.env["crm.lead"].create(
            {"name": "X", "company_id": self.other_company.id, "active": False}
        )
        elsewhere.partner_id = partner
        self.assertEqual(read(), (own.ids, goals))
        self.client.reads_all_leads = True
        self.assertEqual(read(), ([by_hand.id, other.id, own.id], "Bí mật"))
        portraits = self.env["crm.customer.portrait"]
        for company, said in (
            (self.company, "Nhân viên ghi"),
            (self.other_company, "Nơi khác"),
        ):
            portraits.create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "term_goals": said,
                }
            )
        self.client.reads_all_leads = False
        self.assertEqual(read(), (own.ids, "Nhân viên ghi"))

    def test_portraits_that_a_lead_left_behind(self):
        """Hide portraits of another client; show own ones like their lead."""
        lead = self.create_lead(phone_no1=PHONE)
        client = self._new_client("web-form", looks_up_customers=True)
        token = self._new_token(client)
        newer = {"customer_portrait": {"term_goals": "Mới"}}
        headers = {"Idempotency-Key": ""}
        url = f"/api/v1/lead/{lead.id}"
        response = self.post(newer, url=url, method="PATCH", headers=headers)
        self.assertJson(response, 200)

        def read(**parameters):
            [customer] = self.find(phone=PHONE, include="portrait", **parameters)
            return customer["portrait"] and customer["portrait"]["term_goals"]

        self.assertEqual((read(), read(token=token)), ("Mới", None))
        former = self.env["crm.customer.portrait"].search([], order="id desc")[1:2]
        self.env.invalidate_all()
        lead.portrait_id.unlink()
        self.assertEqual((read(), read(token=token)), (former.term_goals, None))
        lead.unlink()
        self.assertEqual((read(), read(token=token)), (None, None))
        self.client.reads_all_leads = True
        self.assertEqual(read(), former.term_goals)

    def test_lost_leads_count(self):
        lead = self.create_lead(phone_no1=PHONE, customer_portrait=None)
        lead.action_set_lost()
        [customer] = self.find(phone=PHONE)
        self.assertEqual(customer["leads"][0]["state"], "lost")
        self.assertEqual(customer["leads"][0]["customer_portrait"], NO_PORTRAIT)
        self.assertIsNone(customer["portrait"])

    def test_kept(self):
        partners = self._create_partner(phone=PHONE) | self._create_partner(phone=PHONE)
        headers = {"X-Request-Id": "call-17"}
        path = f"customers?phone={PHONE}&agent_email={self.agent.login.upper()}"
        self.assertEqual(self.get(path, headers=headers).status_code, 200)
        look_up = self.get_look_ups()
        self.assertRecordValues(
            look_up,
            [
                {
                    "client_id": self.client.id,
                    "token_id": self.client.token_ids.id,
                    "request_ref": "call-17",
                    "agent_email": self.agent.login,
                    "agent_id": self.agent.id,
                    "method": "phone",
                    "value": E164,
                    "contact_count": 2,
                    "contact_names": "Bà Ánh, Bà Ánh",
                }
            ],
        )
        self.assertEqual(look_up.contact_ids.partner_id, partners)
        self.assertEqual(set(look_up.contact_ids.mapped("value")), {E164})
        age = fields.Datetime.now() - look_up.date
        self.assertLess(age, timedelta(minutes=5))
        self.assertFalse(self.env["crm.lead.api.request"].search([]))

    def test_the_number_of_queries_does_not_grow(self):
        one = self.create_lead(phone_no1="0968022222").partner_id
        five = [
            self.create_lead(
                ticket_id=number,
                account_id=self._create_partner(phone=PHONE).id,
                crm_line_ids=[self.service.id, self.service_2.id],
            )
            for number in range(1, 6)
        ]
        for number, lead in enumerate(five * 11):
            self.create_lead(ticket_id=100 + number, account_id=lead.partner_id.id)
        received = ReceivedRequest(self.client, "x", token=self.client.token_ids)
        reader = self.env["crm.lead.api.customer.reader"].with_user(self.caller)
        counts = []
        for phone, leads in ((one.phone, 1), (PHONE, 50)) * 2:
            query = CustomersQuery.parse({"phone": [phone], "agent_email": "a@x.vn"})
            self.env.flush_all()
            self.env.invalidate_all()
            # Read for any request
            self.client.mapped("looks_up_customers")
            self.client.mapped("attribute_ids")
            self.caller.fetch(["company_id"])
            self.assertEqual(reader.env.user._get_lead_api_client(), self.client)
            self.company.fetch(["partner_id", "parent_path"])
            before = self.env.cr.sql_log_count
            body = reader._look_up(received, query).to_body()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            found = body["data"]["customers"]
            self.assertEqual(sum(len(each["leads"]) for each in found), leads)
        self.assertEqual(counts[2], counts[3])
        self.assertLessEqual(counts[3], 28)

    def test_kept_when_nobody_was_found(self):
        self.find(phone=[PHONE, "0968011112"], agent_email="ai@example.com")
        self.find(account_id=2_000_000_000, email="a@example.com", contact_name="Ánh")
        by_email, by_phone = self.get_look_ups()
        self.assertEqual(by_phone.value, f"{E164}, +84968011112")
        self.assertFalse(by_phone.agent_id or by_phone.contact_ids)
        self.assertEqual(by_phone.contact_count, 0)
        self.assertEqual(by_email.method, "account")
        self.assertEqual(by_email.value, "2000000000, a@example.com")
        self.assertEqual((by_email.name, by_email.email), ("Ánh", "a@example.com"))

    def test_refused_look_up_is_not_kept(self):
        self._create_partner(phone=PHONE)
        self.assertEqual(self.look_up(phone=[PHONE, "x"]).status_code, 422)
        self.assertFalse(self.get_look_ups())

    def test_head_shows_nobody(self):
        """Refuse HEAD: its Content-Length would tell whether there is a customer."""
        self._create_partner(phone=PHONE)
        path = f"/api/v1/customers?phone={PHONE}&agent_email=lan@example.com"
        response = self.post(url=path, method="HEAD", data=None)
        self.assertEqual(response.status_code, 405)
        self.assertEqual(response.headers["Allow"], "GET")
        self.assertFalse(self.get_look_ups())

    def test_an_unchanged_answer_is_a_look_up_too(self):
        self._create_partner(phone=PHONE)
        tag = self.look_up(phone=PHONE).headers["ETag"]
        path = f"customers?phone={PHONE}&agent_email=lan@example.com"
        response = self.get(path, headers={"If-None-Match": tag})
        self.assertEqual(response.status_code, 304)
        self.assertEqual(self.get_look_ups().mapped("contact_count"), [1, 1])

    def test_administrators_read_and_nobody_writes(self):
        partner = self._create_partner(phone=PHONE)
        self.find(phone=PHONE)
        self.find(phone=PHONE, agent_email="mai@example.com")
        look_ups = self.get_look_ups()
        for records in (look_ups, look_ups.contact_ids):
            own = records.with_user(self.manager)
            self.assertEqual(own.search([]), records)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(own.has_access(operation))
            for user in (self.agent, self.caller):
                with self.assertRaises(AccessError):
                    records.with_user(user).read()
        own = look_ups.with_user(self.manager)
        counts = dict(own._read_group([], ["agent_email"], ["__count"]))
        self.assertEqual(counts, {"lan@example.com": 1, "mai@example.com": 1})
        contact = partner.with_user(self.manager)
        self.assertEqual(contact.look_up_count, 2)
        action = contact.action_view_look_ups()
        self.assertEqual(own.search(action["domain"]), own)
        self.assertEqual((action["res_model"], action["context"]), (own._name, {}))
        self.assertNotIn("look_up_count", partner.with_user(self.agent).fields_get())
        form = partner.with_user(self.agent).get_view(view_type="form")["arch"]
        self.assertNotIn("action_view_look_ups", form)
        form = contact.get_view(view_type="form")["arch"]
        self.assertIn("action_view_look_ups", form)
        views = [(False, "list"), (False, "form"), (False, "search")]
        self.assertTrue(own.get_views(views)["views"])

    def test_administrators_of_some_companies(self):
        self.client.company_ids += self.other_company
        self._create_partner(phone=PHONE, company_id=self.other_company.id)
        self.find(phone=PHONE)
        for records in (self.get_look_ups(), self.get_look_ups().contact_ids):
            self.assertFalse(records.with_user(self.manager).search([]))
        self.manager.company_ids += self.other_company
        self.assertTrue(self.get_look_ups().with_user(self.manager).search([]))

    def test_erased_with_the_contact(self):
        """The look-up stays, without what tells who it was; also one in vain."""
        self.find(phone=PHONE)
        partner = self._create_partner(phone=PHONE, name="Bí Mật", email="a@x.vn")
        self.find(phone=PHONE)
        self.find(email="a@x.vn", contact_name="bi mat")
        self.find(phone="0968011119")
        partner.unlink()
        look_ups = self.get_look_ups()
        self.assertEqual(look_ups.mapped("value"), ["+84968011119"] + [False] * 3)
        self.assertEqual(look_ups.mapped("contact_count"), [0, 1, 1, 0])
        self.assertFalse(look_ups.contact_ids)
        self.assertFalse(any(look_ups.mapped("name") + look_ups.mapped("email")))

    def test_a_deleted_test_erases_no_look_up_of_a_customer(self):
        self.find(phone=PHONE)
        self._create_partner(phone=PHONE, is_lead_api_test=True).unlink()
        self.assertEqual(len(self.get_look_ups().filtered("value")), 1)

    def test_merged_contacts(self):
        """All stays, under the contact that stays, until that contact is erased."""
        first = self._create_partner(phone=PHONE)
        second = self._create_partner(phone=PHONE, email="a@x.vn", name="Ánh")
        self.find(phone=PHONE)
        self.find(email="a@x.vn", contact_name="anh")
        self.find(phone="0968011119")
        second.phone2 = "0968011119"
        columns = ["value", "name", "email", "contact_count"]
        before = self.get_look_ups().read(columns)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((first | second).ids, first)
        self.env.invalidate_all()
        self.assertFalse(second.exists())
        self.assertEqual(self.get_look_ups().read(columns), before)
        self.assertEqual(self.get_look_ups().contact_ids.partner_id, first)
        self.assertEqual(first.with_user(self.manager).look_up_count, 3)
        first.unlink()
        self.assertFalse(any(self.get_look_ups().mapped("value")))

    def test_kept_as_long_as_the_content_of_the_log(self):
        self._create_partner(phone=PHONE)
        self.find(phone=PHONE)
        self.find(phone=PHONE)
        new, old = self.get_look_ups()
        old.date -= timedelta(days=91)
        new.date -= timedelta(days=89)
        self.env["crm.lead.api.look.up"]._gc_old()
        self.assertEqual(self.get_look_ups(), new)
        self.env["ir.config_parameter"].set_param("crm_lead_api.payload_days", 88)
        self.env["crm.lead.api.look.up"]._gc_old()
        self.assertFalse(self.get_look_ups())
        self.assertFalse(self.env["crm.lead.api.look.up.contact"].search([]))
