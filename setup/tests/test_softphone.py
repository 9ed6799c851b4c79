# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Use the agent's screen that setup/demo serves, in a browser."""

from contextlib import ExitStack
from datetime import datetime, timezone

import pytest
from softphone_server import ring, serve_softphone

CUSTOMER = {"phone_no1": "0976 555 333", "ticket_id": 976_555}
TEXT = "document.querySelector('#message').textContent"


@pytest.fixture
def data(payload):
    """The lead of the customer who calls."""
    return {**payload, **CUSTOMER}


@pytest.fixture
def open_page(token, data, start_server, browser):
    """Return a function that opens the page of a new lead's customer, who calls."""
    with ExitStack() as stack:

        def open_page(database):
            database.set_client(looks_up_customers=True)
            server = start_server(database)
            assert server.post(token, data)[0] == 200
            url = f"http://localhost:{server.port}"
            address = stack.enter_context(serve_softphone(url, token))
            page = stack.enter_context(browser.new_page())
            page.goto(address)
            ring(page, data["phone_no1"], data["agent_email"])
            return page

        yield open_page


def test_an_agent_changes_a_lead_and_notes_something(demo, token, data, open_page):
    """Without the addons for phone calls and bookings the page does without them."""
    database = demo.copy("softphone")
    page = open_page(database)
    assert data["contact_name"] in page.inner_text("#card h2")
    assert "· mới ·" in page.inner_text("#leads")
    page.fill("#change [name=street]", "45 Hai Bà Trưng")
    page.click("#change button")
    page.wait_for_selector("#message:has-text('Đã lưu')")
    assert page.evaluate("getLabel('street')") == "Địa chỉ"
    address = "`/lead/${lead.id_lead}`"
    page.evaluate(f"send('PATCH', {address}, {{street: '1 Lê Lợi'}})")
    page.click("#change button")
    page.wait_for_selector("#message:has-text('Người khác vừa sửa lead này')")
    page.click("#change button")
    page.wait_for_selector("#message:has-text('Đã lưu')")
    page.fill("[name=text]", "Khách hẹn gọi lại")
    page.click("#note button")
    page.wait_for_selector("#message:has-text('Đã ghi chú')")
    link = page.get_attribute("#change a", "href")
    assert token not in page.content()
    assert not page.is_visible("#book, #call")
    query = "SELECT id, street FROM crm_lead WHERE ticket_ref = %s"
    [(lead, street)] = database.query(query, str(data["ticket_id"]))
    assert f"id={lead}&model=crm.lead" in link
    assert street == "45 Hai Bà Trưng"
    notes = "SELECT body FROM mail_message WHERE res_id = %s AND model = 'crm.lead'"
    assert any("gọi lại" in body for (body,) in database.query(notes, lead))
    agent = data["agent_email"].lower()
    assert database.count("crm_lead_api_look_up", "agent_email = %s", agent) == 1


def test_a_new_customer_calls(demo, open_page):
    """The agent of the page is a user of the demo, who chooses the salesperson."""
    database = demo.copy("softphone_new")
    page = open_page(database)
    agent = page.evaluate("document.querySelector('[name=agent_email]').defaultValue")
    page.fill("[name=agent_email]", agent)
    page.fill("[name=phone]", "0900 000 999")
    page.click("#ring button")
    page.fill("#new [name=contact_name]", "Lý Thu Cúc")
    page.fill("#new [name=street]", "3 Lê Lai")
    for name in ("state_id", "crm_line_ids", "source_id", "campaign_id"):
        assert not page.input_value(f"#new [name={name}]"), "the agent asks first"
        page.select_option(f"#new [name={name}]", index=1)
    owner = "#new [name=agent_email]"
    assert "chính bạn" in page.inner_text(f"{owner} option:checked")
    page.select_option(owner, label="Trần Văn Minh")
    page.click("#new button")
    page.wait_for_function(f"!/^(…|Khách mới)/.test({TEXT})")
    assert page.inner_text("#message") == "Đã tạo lead của Lý Thu Cúc."
    assert page.is_visible("#change, #note")
    assert database.query(
        "SELECT lead.contact_name, login FROM crm_lead AS lead "
        "JOIN res_users AS users ON users.id = lead.user_id "
        "WHERE lead.phone = '0900 000 999'"
    ) == [("Lý Thu Cúc", "minh")]
    page.fill("[name=phone]", "0900 000 998")
    page.click("#ring button")
    page.wait_for_selector("#new h2:has-text('Khách mới')")
    assert not page.input_value("#new [name=contact_name]"), "another customer"


def test_a_customer_whose_leads_are_of_others(addons, open_page):
    page = open_page(addons.copy("softphone_of_others"))
    page.fill("[name=phone]", "0900 000 404")
    page.click("#ring button")
    page.wait_for_selector("#message:has-text('không xem được lead nào')")
    assert page.inner_text("#new h2") == "Lead mới"
    assert "model=res.partner" in page.get_attribute("#card a", "href")
    page.click("[name=answer]")
    page.select_option("#call [name=outcome]", "callback")
    page.click("[name=end]")
    page.wait_for_selector("#message:has-text('Hãy nhập giờ gọi lại')")
    page.focus("#call [name=callback_at]")
    page.keyboard.type("12")  # and no more
    page.click("[name=end]")
    page.wait_for_selector("#message:has-text('Giờ gọi lại còn thiếu')")
    page.fill("#call [name=callback_at]", "2031-03-03T14:30")
    page.click("[name=end]")
    page.wait_for_selector("#message:has-text('Đã kết thúc. Sẽ gọi lại cho')")
    text = "Phạm Tiến Dũng lúc 14:30 Thứ Hai, 3/3/2031."
    assert text in page.inner_text("#message")


def test_an_agent_books_and_the_call_is_kept(addons, data, open_page):
    database = addons.copy("softphone_of_addons")
    page = open_page(database)
    page.click("[name=answer]")
    page.wait_for_selector("#message:has-text('Đang nghe')")
    page.wait_for_selector("#book [name=start] option", state="attached")
    start = page.input_value("#book [name=start]")
    page.click("#book button")
    page.wait_for_selector("#message:has-text('Đã đặt lịch')")
    code, link = page.inner_text("#book a"), page.get_attribute("#book a", "href")
    [start] = page.select_option("#book [name=start]", index=1)
    page.click("#book button")
    page.wait_for_selector("#message:has-text('Khách đã có một lịch hẹn')")
    assert code in page.inner_text("#message")
    assert "/api" not in page.inner_text("#message")
    assert page.input_value("#book [name=start]") == start, "another time is chosen"
    page.click("#book [name=move]")
    page.wait_for_selector(f"#message:has-text('Đã dời lịch sang {start[11:16]}')")
    assert page.inner_text("#book a") == code
    assert f"Lịch hẹn: {start[11:16]} ngày" in page.inner_text("#bookings")
    page.select_option("#call [name=outcome]", "callback")
    page.fill("#call [name=callback_at]", "2031-03-03T09:00")
    page.fill("#call [name=note]", "Hỏi giá")
    page.click("[name=end]")
    page.wait_for_selector("#message:has-text('Đã kết thúc')")
    assert "Ghi chú đã nằm trong lead" in page.inner_text("#message")
    page.fill("#change [name=street]", "45 Hai Bà Trưng")
    page.click("#change button")  # which the call does not hinder
    page.wait_for_selector("#message:has-text('Đã lưu')")
    query = "SELECT id, lead_id, start FROM crm_booking WHERE code = %s"
    [(booking, lead, begin)] = database.query(query, code)
    assert f"id={booking}&model=crm.booking" in link
    begins = datetime.fromisoformat(start).astimezone(timezone.utc)
    assert begin == begins.replace(tzinfo=None)
    assert database.query(
        "SELECT lead_id, outcome, ticket_ref, direction FROM crm_lead_phone_call "
        "WHERE agent_email = %s",
        data["agent_email"].lower(),
    ) == [(lead, "callback", str(data["ticket_id"]), "in")]
    planned = f"res_id = {lead} AND call_reason = 'call_back'"
    assert database.count("mail_activity", planned) == 1
    page.click("#ring button")
    page.wait_for_selector("#call p:has-text('Đổ chuông')")
    page.wait_for_selector(f"#bookings:has-text('Lịch hẹn: {start[11:16]}')")
    page.click("#call [name=end]")
    page.wait_for_selector("#message:has-text('Cuộc gọi nhỡ')")
    assert database.count("crm_lead_phone_call", "outcome = 'no_answer'") == 1
