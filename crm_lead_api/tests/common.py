# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import uuid
from contextlib import contextmanager
from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import HttpCase, TransactionCase, new_test_user

from ..schemas import LeadRequest

URL = "/api/v1/lead"
MODELS = (
    "crm.lead",
    "res.partner",
    "crm.customer.portrait",
    "crm.customer.portrait.item",
    "crm.lead.service",
)
MANAGER_GROUP = "crm_lead_api.crm_lead_api_group_manager"
CALLER_GROUP = "crm_lead_api.crm_lead_api_group_user"
PORTRAIT = {
    "revenue_source": None,
    "term_goals": "test",
    "social_influence": "test",
    "behavior_on_the_internet": "test",
    "affected_by": "family",
    "work_start_time": 2.0,
    "work_end_time": 2.0,
    "break_start_time": 2.0,
    "break_end_time": 2.0,
    "transport": "bicycle",
    "hobby": ["âm nhạc", "xem phim"],
    "pain_point": ["point 1", "point 2"],
    "desires": ["desires 1", "desires 2"],
}
NO_PORTRAIT = {
    name: [] if isinstance(value, list) else None for name, value in PORTRAIT.items()
}


class LeadApiData:
    """A clinic, its caller and all records that a lead names; another company that the
    caller does not belong to, and an archived record of each kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env(context={**cls.env.context, "tracking_disable": True})
        # The tests of refusals send many wrong tokens from one address.
        env["ir.config_parameter"].set_param("crm_lead_api.wrong_tokens", 1000)
        vietnam = env.ref("base.vn")
        env.ref("base.VND").active = True
        cls.company, cls.other_company = env["res.company"].create(
            [
                {
                    "name": name,
                    "country_id": vietnam.id,
                    "currency_id": env.ref("base.VND").id,
                }
                for name in ("Phòng khám Hoa Mai", "Phòng khám Hoa Đào")
            ]
        )
        cls.client = cls._new_client("tong-dai")
        cls.caller = cls.client.user_id
        cls.agent = cls._new_user(
            "huong@example.com",
            "base.group_user,sales_team.group_sale_salesman_all_leads",
            name="Lê Thu Hương",
        )
        cls.team = env["crm.team"].create(
            {
                "name": "Tư vấn",
                "company_id": cls.company.id,
                "use_leads": True,
                "use_opportunities": True,
                "member_ids": [Command.set(cls.agent.ids)],
            }
        )
        cls.token = cls._new_token()
        cls.country = vietnam
        cls.state = env.ref("base.state_vn_VN-SG")
        cls.other_state = env.ref("base.state_vn_VN-HN")
        District = env["res.country.district"]
        cls.district, cls.other_district, cls.archived_district = District.create(
            [
                {"name": "Phường Bến Thành", "state_id": cls.state.id},
                {"name": "Phường Hoàn Kiếm", "state_id": cls.other_state.id},
                {"name": "Quận 1", "state_id": cls.state.id, "active": False},
            ]
        )
        cls.service, cls.service_2, cls.other_service, cls.archived_service = env[
            "product.product"
        ].create(
            [
                {"name": "Nâng mũi", "list_price": 1000, "company_id": cls.company.id},
                {"name": "Khám", "list_price": 300},
                {
                    "name": "Tẩy trắng",
                    "list_price": 5,
                    "company_id": cls.other_company.id,
                },
                {"name": "Cũ", "list_price": 5, "active": False},
            ]
        )
        cls.pricelist, cls.other_pricelist, cls.archived_pricelist = env[
            "product.pricelist"
        ].create(
            [
                {
                    "name": name,
                    "currency_id": env.ref("base.VND").id,
                    "company_id": company.id,
                    "active": active,
                    "item_ids": [
                        Command.create(
                            {
                                "applied_on": "3_global",
                                "compute_price": "percentage",
                                "percent_price": 20,
                            }
                        )
                    ],
                }
                for name, company, active in (
                    ("Khuyến mãi", cls.company, True),
                    ("Khác", cls.other_company, True),
                    ("Cũ", cls.company, False),
                )
            ]
        )
        cls.source_group, cls.other_group, cls.archived_group = env[
            "utm.source.group"
        ].create(
            [
                {"name": "Mạng xã hội"},
                {"name": "Giới thiệu"},
                {"name": "Cũ", "active": False},
            ]
        )
        cls.source, cls.other_source = env["utm.source"].create(
            [
                {"name": "Facebook Hoa Mai", "group_id": cls.source_group.id},
                {"name": "Khách cũ", "group_id": cls.other_group.id},
            ]
        )
        cls.campaign, cls.archived_campaign = env["utm.campaign"].create(
            [{"title": "Tháng làm đẹp"}, {"title": "Cũ", "active": False}]
        )
        cls.archived_user = cls._new_user("cu", "base.group_user", active=False)
        cls.portal_user = cls._new_user("portal-user", "base.group_portal")
        cls.other_partner, cls.archived_partner = env["res.partner"].create(
            [
                {"name": "Khách khác", "company_id": cls.other_company.id},
                {"name": "Khách cũ", "active": False},
            ]
        )
        cls.payload = {
            "account_id": "",
            "phone_no1": "0968 011 111",
            "phone_no2": "0968 022 222",
            "phone_no3": "028 3822 0000",
            "ticket_id": 4711,
            "agent_email": cls.agent.login,
            "user_id": cls.agent.id,
            "contact_name": "Nguyễn Thị Ánh",
            "gender": "female",
            "country_id": cls.country.id,
            "state_id": cls.state.id,
            "district_id": cls.district.id,
            "street": "12 Lê Lợi",
            "company_id": cls.company.id,
            "price_list_id": cls.pricelist.id,
            "category_source_id": cls.source_group.id,
            "source_id": cls.source.id,
            "campaign_id": cls.campaign.id,
            "crm_line_ids": [cls.service.id, cls.service_2.id],
            "birth_date": "1990-05-20",
            "email_from": "anh@example.com",
            "facebook_acc": "anh.nguyen",
            "zalo_acc": "0968011111",
            "send_info_facebook": "sent",
            "send_info_zalo": "not_response",
            "overseas_vietnamese": "marketing",
            "work_online": "no",
            "online_counseling": "yes",
            "shuttle_bus": "no",
            "customer_portrait": PORTRAIT,
        }

    @classmethod
    def _new_user(cls, login, groups, name=None, active=True):
        user = new_test_user(
            cls.env,
            login=login,
            groups=groups,
            name=name or login,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        user.active = active
        return user

    @classmethod
    def _new_client(cls, login, **values):
        """Make a client whose user has that login, without a limit of calls."""
        user = cls._new_user(login, CALLER_GROUP)
        return cls.env["crm.lead.api.client"].create(
            {"name": login, "user_id": user.id, "requests_per_minute": 0, **values}
        )

    @classmethod
    def _new_token(cls, client=None, days=1):
        return (client or cls.client)._generate_token(
            "test", datetime.now() + timedelta(days=days)
        )

    def create_lead(self, **changes):
        """Make the lead of a request, with the rights of the caller."""
        payload = LeadRequest.parse({**self.payload, **changes})
        leads = self.env["crm.lead"].with_user(self.caller)
        lead = leads._create_from_payload(payload)
        return self.env["crm.lead"].browse(lead.id)

    def _count(self):
        return {
            model: self.env[model].with_context(active_test=False).search_count([])
            for model in MODELS
        }

    @contextmanager
    def assertNothingMade(self):
        before = self._count()
        yield
        self.assertEqual(self._count(), before)


class LeadApiCase(LeadApiData, TransactionCase):
    """Calls the model."""


class LeadApiHttpCase(LeadApiData, HttpCase):
    """Calls the API over a real socket."""

    def post(self, payload=None, token=None, url=URL, headers=None, **kwargs):
        headers = {
            "Authorization": f"Bearer {self.token if token is None else token}",
            # Each call makes a lead of its own; "" is a call without a key.
            "Idempotency-Key": str(uuid.uuid4()),
            **(headers or {}),
        }
        if "data" not in kwargs:
            kwargs["json"] = self.payload if payload is None else payload
        kwargs.setdefault("method", "POST")
        return self.url_open(url, headers=headers, **kwargs)

    def assertJson(self, response, status):
        self.assertEqual(response.status_code, status, response.text)
        self.assertEqual(
            response.headers["Content-Type"], "application/json; charset=utf-8"
        )
        self.assertTrue(response.headers["X-Request-Id"])
        return response.json()

    def assertSuccess(self, response):
        """Check the envelope of a 200, and return the lead."""
        body = self.assertJson(response, 200)
        self.assertEqual(list(body), ["error", "message", "data"])
        self.assertEqual((body["error"], body["message"]), (0, "Success"))
        self.assertEqual(
            list(body["data"]), ["customer_portrait", "id_lead", "link_lead_detail"]
        )
        return self.env["crm.lead"].browse(body["data"]["id_lead"])

    def assertErrors(self, response, expected):
        """Check a 422: exactly these ``(path, code)``, in this order."""
        body = self.assertJson(response, 422)
        self.assertEqual(list(body), ["error", "type", "message", "errors"])
        self.assertEqual((body["error"], body["type"]), (422, "validation"))
        found = [(error["field"], error["code"]) for error in body["errors"]]
        self.assertEqual(found, list(expected))
        self.assertTrue(all(error["message"] for error in body["errors"]))
        return body

    def assertError(self, response, status, kind):
        body = self.assertJson(response, status)
        self.assertEqual((body["error"], body["type"]), (status, kind))
        self.assertTrue(body["message"])
        self.assertNotIn("Traceback", response.text)
        return body


class LeadApiLogCase(LeadApiHttpCase):
    """Send requests, and read their entries in the log."""

    def _get_entries(self):
        return self.env["crm.lead.api.request"].search([])

    def _get_entry(self):
        """Return the only entry."""
        entry = self._get_entries()
        self.assertEqual(len(entry), 1)
        return entry
