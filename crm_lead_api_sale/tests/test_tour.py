# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from odoo.addons.crm_lead_api.tests.common import LeadApiHttpCase


@tagged("post_install", "-at_install")
class TestTour(LeadApiHttpCase):
    def test_a_quotation_from_the_lead(self):
        salesman = self._new_user("ban", "sales_team.group_sale_manager")
        self.service.taxes_id = self.service_2.taxes_id = False
        lead = self.create_lead()
        link = lead._get_staff_url().removeprefix(lead.get_base_url())
        self.start_tour(link, "crm_lead_api_sale_tour", login=salesman.login)
        order = lead.order_ids
        self.assertEqual(order.order_line.product_id, lead.service_ids.product_id)
        self.assertEqual(order.amount_untaxed, lead.service_amount)
