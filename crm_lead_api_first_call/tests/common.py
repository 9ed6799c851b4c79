# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from datetime import datetime

from freezegun import freeze_time

from odoo.addons.bus.models.bus import json_dump
from odoo.addons.crm_lead_api.tests.common import LeadApiCase

# A Thursday; the calendar's hours are of Vietnam, 8 to 12 and 13 to 17.
MORNING = datetime(2026, 11, 26, 2, 0)

NOBODY = "nobody@example.com"


class FirstCallData:
    """Give the leads of a team to Lan and Minh, who are on duty."""

    is_frozen = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.is_frozen:
            cls.frozen = cls.enterClassContext(freeze_time(MORNING))
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Giờ làm việc",
                "tz": "Asia/Ho_Chi_Minh",
                "company_id": cls.company.id,
            }
        )
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Tư vấn",
                "company_id": cls.company.id,
                "user_id": cls._make_user("Trưởng nhóm", "truong").id,
                "gives_leads_out": True,
                "resource_calendar_id": cls.calendar.id,
            }
        )
        cls.client.team_id = cls.team
        cls.lan, cls.minh = (
            cls._make_member(name, login)
            for name, login in (("Lan", "lan.fc"), ("Minh", "minh.fc"))
        )

    @classmethod
    def _make_user(cls, name, login):
        return cls.env["res.users"].create(
            {
                "name": name,
                "login": login,
                "email": f"{login}@example.com",
                "company_id": cls.company.id,
                "company_ids": [(6, 0, cls.company.ids)],
                "group_ids": [(4, cls.env.ref("sales_team.group_sale_salesman").id)],
                "tz": "Asia/Ho_Chi_Minh",
            }
        )

    @classmethod
    def _make_member(cls, name, login, **values):
        return cls.env["crm.team.member"].create(
            {
                "crm_team_id": cls.team.id,
                "user_id": cls._make_user(name, login).id,
                "is_on_duty": True,
                **values,
            }
        )

    def make_leads(self, count=1, **others):
        """Make leads by requests, each of a customer of its own."""
        leads = self.env["crm.lead"]
        for _number in range(count):
            self.numbers = getattr(self, "numbers", 0) + 1
            phone = f"09{self.numbers:08}"
            leads |= self.create_lead(
                **{
                    "contact_name": f"Khách {self.numbers}",
                    "phone_no1": phone,
                    "phone_no2": None,
                    "phone_no3": None,
                    "email_from": None,
                    "agent_email": NOBODY,
                    **others,
                }
            )
        return leads

    def give_out(self):
        """Run the scheduled action."""
        cron = self.env.ref("crm_lead_api_first_call.ir_cron_give_out")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def get_reasons(self, lead):
        return lead.first_call_ids.decision_ids.mapped("reason")

    def get_told(self, user, kind):
        """Return the notices to a user, the oldest first."""
        self.env.cr.precommit.run()
        channel = [self.env.cr.dbname, "res.partner", user.partner_id.id]
        domain = [("channel", "=", json_dump(channel))]
        messages = self.env["bus.bus"].search(domain, order="id").mapped("message")
        contents = map(json.loads, messages)
        kind = f"crm_lead_api_first_call/{kind}"
        return [each["payload"] for each in contents if each["type"] == kind]


class FirstCallCase(FirstCallData, LeadApiCase):
    """Do so on a morning."""

    is_frozen = True

    def setUp(self):
        super().setUp()
        self.frozen.move_to(MORNING)
