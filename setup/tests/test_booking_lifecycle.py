# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that the addon for bookings comes and goes with its data, and what it needs of
PostgreSQL."""

import pytest

COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns
     WHERE starts_with(table_name, 'crm_lead')
        OR table_name IN ('res_partner', 'res_company')
"""
KINDS = "SELECT DISTINCT kind FROM crm_lead_api_request"
BOOK = """
from odoo.addons.crm_lead_api.models.request.received_request import ReceivedRequest
client = env.ref("crm_lead_api.demo_client")
log = env["crm.lead.api.request"]
for kind in ("create", "booking", "booking_change"):
    received = ReceivedRequest(client, request_ref=kind, kind=kind)
    log._log(received, 200, "{}")
client.write({"webhook_url": "https://tickets.example.com", "webhook_bookings": True})
lead = env.ref("crm_lead_api_booking.demo_lead_anh")
lead.sudo().lead_api_client_id = client
lead.booking_ids.filtered(lambda b: b.state == "arrived").action_finish()
env.cr.precommit.run()
assert env["crm.lead.api.event"].search([("type", "=", "booking.done")])
env["crm.booking"]._cron_write_meetings()
env.cr.commit()
"""
WITHOUT_RIGHT = """
from odoo.exceptions import UserError
from odoo.addons.crm_lead_api_booking.hooks import pre_init_hook
env.cr.execute("CREATE ROLE crm_lead_api_weak")
env.cr.execute("SET LOCAL ROLE crm_lead_api_weak")
try:
    pre_init_hook(env)
except UserError as error:
    print(">>" + str(error))
env.cr.rollback()
"""


@pytest.mark.parametrize(
    ("template", "names"),
    [
        ("booking", ["crm_lead_api_booking"]),
        ("addons", ["crm_lead_api_booking", "crm_lead_api_phone_call"]),
    ],
)
def test_uninstall(request, demo, template, names):
    """Without the addon, or both addons, everything is as before, and the rest of the
    data stays."""
    before = set(demo.query(COLUMNS))
    database = request.getfixturevalue(template).copy("booking_uninstalled")
    database.run(BOOK)
    database.run(
        f"env['ir.module.module'].search([('name', 'in', {names})])"
        ".button_immediate_uninstall()"
    )
    assert set(database.query(COLUMNS)) == before
    assert database.query(KINDS) == [("create",)]
    # The addons take their own demo data along, and nothing else.
    assert database.count_leads() == demo.count_leads()
    assert not database.query(
        "SELECT 1 FROM crm_lead_api_event WHERE starts_with(type, 'booking.')"
    )


def test_without_the_right_to_create_the_extension(plain):
    """The sentence says what to do; nothing is installed."""
    text = plain.copy("booking_without_right").run(WITHOUT_RIGHT)
    assert "CREATE EXTENSION btree_gist" in text
