# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The data of all tests: a clinic, its caller, and a payload that names its records."""

from contextlib import contextmanager
from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import new_test_user

from ..schemas import CustomerPortrait, LeadRequest

MODELS = (
    "crm.lead",
    "res.partner",
    "crm.customer.portrait",
    "crm.customer.portrait.item",
    "crm.lead.service",
)
MANAGER_GROUP = "crm_lead_api.crm_lead_api_group_manager"
CLIENT_GROUP = "crm_lead_api.crm_lead_api_group_user"
PORTRAIT = CustomerPortrait.get_example()
# Mails that invite users took a quarter of the time of the data.
WITHOUT_MAILS = {"no_reset_password": True, "tracking_disable": True}
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
                    "logo": False,
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
                {**values, "type": "service"}
                for values in (
                    {
                        "name": "Nâng mũi",
                        "list_price": 1000,
                        "company_id": cls.company.id,
                    },
                    {"name": "Khám", "list_price": 300},
                    {
                        "name": "Tẩy trắng",
                        "list_price": 5,
                        "company_id": cls.other_company.id,
                    },
                    {"name": "Cũ", "list_price": 5, "active": False},
                )
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
            **LeadRequest.get_example(),
            "account_id": "",
            "ticket_id": 4711,
            "agent_email": cls.agent.login,
            "user_id": cls.agent.id,
            "country_id": cls.country.id,
            "state_id": cls.state.id,
            "district_id": cls.district.id,
            "company_id": cls.company.id,
            "price_list_id": cls.pricelist.id,
            "category_source_id": cls.source_group.id,
            "source_id": cls.source.id,
            "campaign_id": cls.campaign.id,
            "crm_line_ids": [cls.service.id, cls.service_2.id],
            "customer_portrait": PORTRAIT,
        }

    @classmethod
    def _new_user(cls, login, groups, name=None, active=True):
        user = new_test_user(
            cls.env,
            login=login,
            groups=groups,
            context=WITHOUT_MAILS,
            name=name or login,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        if not active:
            user.active = False
        return user

    @classmethod
    def _new_client(cls, login, **values):
        """Make a client whose user has that login, without a limit of calls."""
        user = cls._new_user(login, CLIENT_GROUP)
        return cls.env["crm.lead.api.client"].create(
            {"name": login, "user_id": user.id, "requests_per_minute": 0, **values}
        )

    @classmethod
    def _new_token(cls, client=None, days=1, is_test=False):
        return (client or cls.client)._generate_token(
            "test", datetime.now() + timedelta(days=days), is_test
        )

    def create_lead(self, **changes):
        """Make the lead of a request, with the rights of the caller."""
        payload = LeadRequest.parse({**self.payload, **changes})
        context = self.client._get_request_context(is_test=False)
        leads = self.env["crm.lead"].with_user(self.caller).with_context(**context)
        lead = leads._create_from_payload(payload)
        return self.env["crm.lead"].browse(lead.id)

    def _count(self):
        return {
            model: self.env[model].with_context(active_test=False).search_count([])
            for model in MODELS
        }

    def assertDialog(self, action, title, size=None):
        """Check an action that opens a form in a dialog of a size; return it."""
        views = action.get("views") or [(False, action.get("view_mode"))]
        self.assertEqual([mode for _id, mode in views], ["form"])
        self.assertEqual(action.get("context", {}).get("dialog_size"), size)
        self.assertEqual(
            (action["type"], action["name"], action["target"]),
            ("ir.actions.act_window", title, "new"),
        )
        return action

    @contextmanager
    def assertNothingMade(self):
        before = self._count()
        yield
        self.assertEqual(self._count(), before)
