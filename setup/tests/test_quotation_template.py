# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Quotations of leads beside Odoo's app for sales, which brings quotation templates."""

import json

TEMPLATE = "sale"
INIT = ["--init=sale_management"]
QUOTE = """
from odoo.tests import Form
admin = env.ref("base.user_admin")
admin.group_ids += env.ref("sale_management.group_sale_order_template")
template = env["sale.order.template"].create({"name": "Terms", "number_of_days": 7})
env.company.sale_order_template_id = template
product = env["product.product"].create({"name": "Nâng mũi", "list_price": 5})
lead = env["crm.lead"].create({
    "name": "Ánh",
    "partner_id": admin.partner_id.id,
    "service_ids": [(0, 0, {"product_id": product.id, "quantity": 2})],
})
action = lead.with_user(admin).action_sale_quotations_new()
orders = env[action["res_model"]].with_user(admin).with_context(**action["context"])
order = Form(orders).save()
print(">>" + json.dumps([
    order.sale_order_template_id == template,
    order.order_line.mapped(lambda line: [line.product_id.name, line.product_uom_qty]),
]))
"""


def test_the_default_template_leaves_the_services(database):
    assert json.loads(database.run(QUOTE)) == [True, [["Nâng mũi", 2.0]]]
