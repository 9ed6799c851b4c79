# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter

from odoo.tests import tagged

from ..common import LeadApiCase
from ..data import MANAGER_GROUP


@tagged("post_install", "-at_install")
class TestMenus(LeadApiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._new_user("manager", MANAGER_GROUP)
        cls.menus = cls.env["ir.ui.menu"].with_user(cls.manager).load_menus(False)

    def _get_names(self, xmlid):
        children = self.menus[self.env.ref(xmlid).id]["children"]
        return [self.menus[child]["name"] for child in children]

    def test_the_lead_api_has_what_its_administrators_need_each_day(self):
        self.assertEqual(
            self._get_names("crm_lead_api.crm_lead_api_menu"),
            ["Clients", "Requests", "Codes", "Guides"],
        )

    def test_tokens_and_events_are_buttons_of_the_clients(self):
        view = self.env.ref("crm_lead_api.crm_lead_api_client_view_list")
        for name in ("token", "event"):
            action = self.env.ref(f"crm_lead_api.crm_lead_api_{name}_action")
            self.assertIn(f'name="{action.id}"', view.get_combined_arch())

    def test_no_two_menus_of_one_name(self):
        root = self.env.ref("crm.crm_menu_root")
        ours = self.env["ir.model.data"].search(
            [("model", "=", "ir.ui.menu"), ("module", "like", "crm_lead_api%")]
        )
        menus = self.env["ir.ui.menu"].browse(ours.mapped("res_id"))
        leaves = menus.filtered(lambda menu: menu.action and menu.id in self.menus)
        self.assertTrue(all(root.parent_path in menu.parent_path for menu in leaves))
        counts = Counter(leaves.mapped("name"))
        self.assertEqual([name for name, count in counts.items() if count > 1], [])
