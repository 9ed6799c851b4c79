# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Use the agent's screen that setup/demo serves, in a browser."""

import json

import pytest
from softphone_server import ring, serve_softphone

ALLOW = """
env.ref("crm_lead_api.demo_client").looks_up_customers = True
env.cr.commit()
"""


@pytest.fixture(scope="module")
def database(demo):
    return demo.copy("softphone")


def test_an_agent_changes_a_lead_and_notes_something(
    database, token, payload, start_server, browser
):
    database.run(ALLOW)
    server = start_server(database)
    data = {**json.loads(payload), "phone_no1": "0976 555 333", "ticket_id": 976_555}
    assert server.post(token, data)[0] == 200
    url = f"http://localhost:{server.port}"
    with serve_softphone(url, token) as address:
        page = browser.new_page()
        page.goto(address)
        ring(page, data["phone_no1"], data["agent_email"])
        assert data["contact_name"] in page.inner_text("#card h2")
        page.fill("[name=street]", "45 Hai Bà Trưng")
        page.click("#change button")
        page.wait_for_selector("#message:has-text('Đã lưu')")
        page.fill("[name=text]", "Khách hẹn gọi lại")
        page.click("#note button")
        page.wait_for_selector("#message:has-text('Đã ghi chú')")
        link = page.get_attribute("#change a", "href")
        assert token not in page.content()
    [(lead, street)] = database.query(
        "SELECT id, street FROM crm_lead WHERE ticket_ref = %s", str(data["ticket_id"])
    )
    assert f"id={lead}&model=crm.lead" in link
    assert street == "45 Hai Bà Trưng"
    notes = "SELECT body FROM mail_message WHERE res_id = %s AND model = 'crm.lead'"
    assert any("gọi lại" in body for (body,) in database.query(notes, lead))
    shown = "SELECT count(*) FROM crm_lead_api_look_up WHERE agent_email = %s"
    assert database.query(shown, data["agent_email"].lower()) == [(1,)]
