# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that a hundred tests change no number on any page of CRM and Contacts."""

from lxml import etree

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..data import MANAGER_GROUP
from .common import TestTokenCase

COUNT = 100
ROOTS = ("crm.crm_menu_root", "contacts.menu_contacts")
FILTERS_OF_TESTS = ("lead_api_test", "test")


@tagged("post_install", "-at_install")
class TestTestFigures(TestTokenCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = f"{MANAGER_GROUP},sales_team.group_sale_manager,base.group_system"
        cls.manager = cls._new_user("manager@example.com", groups)

    def send_many(self, token):
        leads = [
            {
                **self.payload,
                "ticket_id": number,
                "phone_no1": f"0968 {number:06}",
                **dict.fromkeys(("phone_no2", "phone_no3", "email_from")),
                "contact_name": f"Khách {number}",
            }
            for number in range(1, COUNT + 1)
        ]
        headers = {"Idempotency-Key": ""}
        url = "/api/v1/leads"
        options = {"token": token, "headers": headers, "timeout": 120}
        body = self.post({"leads": leads}, url=url, **options).json()
        self.assertEqual({each["status"] for each in body["data"]["results"]}, {200})

    def find_actions(self):
        """Return the pages of lists below the menus that staff see."""
        menus = self.env["ir.ui.menu"].with_user(self.manager)
        roots = [self.env.ref(xml_id, raise_if_not_found=False) for xml_id in ROOTS]
        actions = menus.search(
            [("id", "child_of", [root.id for root in roots if root])]
        ).mapped("action")
        return [each for each in actions if each and each.type.endswith("act_window")]

    def get_group(self, model, name):
        """Return a group of a search view, as Odoo's pages ask for it."""
        field_type = name and model._fields[name.partition(":")[0]].type
        if field_type in ("date", "datetime") and ":" not in name:
            return f"{name}:month"
        return field_type != "properties" and name

    def count(self):
        """Return the numbers of records by page, by filter and by group."""
        self.env.invalidate_all()
        figures = {}
        for action in self.find_actions():
            model = self.env[action.res_model].with_user(self.manager)
            if model.is_transient() or model._abstract:
                continue
            names = {"uid": self.manager.id, "allowed_company_ids": [self.company.id]}
            names["context_today"] = lambda: self.env.cr.now().date()
            model = model.with_context(**safe_eval(action.context or "{}", dict(names)))
            domain = Domain(safe_eval(action.domain or "[]", dict(names)))
            page = f"{action.name} ({action.res_model})"
            figures[page] = model.search_count(domain)
            view = model.get_view(action.search_view_id.id or None, "search")
            for each in etree.fromstring(view["arch"]).iter("filter"):
                name = each.get("name")
                if each.get("domain") and name not in FILTERS_OF_TESTS:
                    try:
                        wanted = Domain(safe_eval(each.get("domain"), dict(names)))
                    except (NameError, ValueError):
                        continue  # needs the browser's clock
                    figures[page, name] = model.search_count(domain & wanted)
                groups = safe_eval(each.get("context") or "{}", dict(names))
                if group := self.get_group(model, groups.get("group_by")):
                    rows = model.formatted_read_group(domain, [group], ["__count"])
                    figures[page, group] = sum(row["__count"] for row in rows)
        return figures

    def test_no_number_changes(self):
        before = self.count()
        self.assertGreater(len(before), 100)
        self.send_many(self.test_token)
        tests = self.env["crm.lead"].search_count([("is_lead_api_test", "=", True)])
        self.assertEqual(tests, COUNT)
        after = self.count()
        changed = {
            page: (number, after.get(page))
            for page, number in before.items()
            if number != after.get(page)
        }
        # The entry of the log is shown by a filter alone.
        self.assertEqual(set(changed), {p for p in changed if "request" in str(p)})
        self.send_many(self.token)
        live = self.count()
        page = next(p for p in live if isinstance(p, str) and "crm.lead)" in p)
        self.assertEqual(live[page], before[page] + COUNT)
