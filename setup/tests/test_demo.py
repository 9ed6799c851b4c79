# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Visit the demo in a browser."""

import json
from functools import partial

import demo as setup_demo
import pytest
from browser import call, log_in
from odoo_server import get_free_port

TEMPLATE = "clean_addons"  # without demo data of Odoo's
ASSETS = "SELECT count(*) FROM ir_attachment WHERE url LIKE '/web/assets/%%'"
ENRICHMENT = """
    SELECT cron.active
      FROM ir_cron AS cron JOIN ir_model_data AS data ON data.res_id = cron.id
     WHERE data.model = 'ir.cron' AND data.name = 'ir_cron_lead_enrichment'
"""
SERVICES = {
    *("Nâng mũi cấu trúc", "Cắt mí mắt", "Trị nám Laser Pico", "Tẩy trắng răng"),
    *("Bọc răng sứ", "Khám và tư vấn"),
}
PRICE_LISTS = {"Bảng giá chuẩn", "Bảng giá khuyến mãi", "Bảng giá Việt kiều"}
ROWS = """
[...document.querySelectorAll(".o_data_row [name=name]")].map((cell) => cell.innerText)
"""
CUT = """
[...document.querySelectorAll("th[data-name], [name=code], [name=phone], [name=state]")]
    .flatMap((cell) => [cell, ...cell.querySelectorAll("*")])
    .filter((node) => node.clientWidth && node.scrollWidth > node.clientWidth)
    .map((node) => node.innerText)
"""
FORM_TEXT = "document.querySelector('.o_form_view')?.innerText || ''"


@pytest.fixture(scope="module")
def url(database, tmp_path_factory):
    port = get_free_port()
    url = f"http://localhost:{port}"
    setup_demo.prepare(database, url)
    log = tmp_path_factory.mktemp("demo") / "odoo.log"
    with setup_demo.serve(database, log, port):
        yield url


@pytest.fixture(scope="module")
def page(browser, database, url):
    built = database.query(ASSETS)
    page = log_in(browser, url, setup_demo.LOGIN)
    page.goto(f"{url}/odoo/crm")
    page.wait_for_selector(".o_kanban_record")
    # All assets of the first page were built before.
    assert database.query(ASSETS) == built
    return page


@pytest.mark.parametrize(
    ("action", "names"),
    [
        ("sale.product_template_action?view_type=list", SERVICES),
        ("product.product_pricelist_action2", PRICE_LISTS),
    ],
)
def test_lists_have_what_the_clinic_has(page, url, action, names):
    page.goto(f"{url}/odoo/action-{action}")
    page.wait_for_function(f"({ROWS}).length === {len(names)}")
    assert set(page.evaluate(ROWS)) == names


def test_reasons_to_lose_are_those_of_a_clinic(page, url):
    page.goto(f"{url}/odoo/action-crm.crm_lost_reason_action")
    page.wait_for_function(f"{ROWS}.includes('Chose another clinic')")
    assert "Not enough stock" not in page.evaluate(ROWS)


def test_a_quotation_starts_from_the_lead(page, url):
    domain = [("stage_id.sequence", "<", 3)]
    [lead] = call(page, "crm.lead", "search", domain, limit=1)
    page.goto(f"{url}/odoo/crm/{lead}")
    page.click("button[name=action_sale_quotations_new]")
    page.wait_for_selector(".o_field_widget[name=order_line]")
    [values] = call(page, "crm.lead", "read", [lead], ["service_product_ids"])
    ids = values["service_product_ids"]
    for service in call(page, "product.product", "read", ids, ["name"]):
        page.wait_for_function(f"({FORM_TEXT}).includes({json.dumps(service['name'])})")


def test_no_lead_tells_of_credit(page, url, database):
    # Scheduled actions do not run here, and Odoo's service is not at hand.
    assert database.query(ENRICHMENT) == [(False,)]
    [lead] = call(page, "crm.lead", "search", [("email_from", "!=", False)], limit=1)
    page.goto(f"{url}/odoo/crm/{lead}")
    page.wait_for_function("document.querySelectorAll('.o-mail-Message').length > 0")
    assert "credit" not in page.evaluate("document.body.innerText")


def test_mail_to_a_customer_does_not_fail(page, database):
    [lead] = call(page, "crm.lead", "search", [("email_from", "!=", False)], limit=1)
    [values] = call(page, "crm.lead", "read", [lead], ["partner_id"])
    partner_id = values["partner_id"][0]
    message = {"body": "Mời anh chị ghé phòng khám", "message_type": "comment"}
    message["partner_ids"] = [partner_id]
    call(page, "crm.lead", "message_post", [lead], **message)
    sent = "notification_type = 'email' AND notification_status = 'sent'"
    of_partner = f"{sent} AND res_partner_id = %s"
    assert database.count("mail_notification", of_partner, partner_id)
    failed = "notification_status IN ('exception', 'bounce')"
    assert not database.count("mail_notification", failed)


def test_the_dashboard_shows_eight_weeks(page, url):
    page.goto(f"{url}/odoo/action-crm_lead_api.crm_lead_intake_dashboard_action")
    page.click(".o_intake_dashboard button:has-text('90')")
    page.wait_for_function(
        "Number(document.querySelector('.o_intake_dashboard .card .fs-2')?.innerText)"
        " > 150"
    )
    group = partial(call, page, "crm.lead", "formatted_read_group", [])
    options = {"aggregates": ["__count"], "context": {"active_test": False}}
    assert len(group(groupby=["create_date:day"], aggregates=["__count"])) > 40
    for field in ("source_group_id", "agent_email", "lost_reason_id", "stage_id"):
        assert len(group(groupby=[field], **options)) >= 3, field


def test_the_chatter_and_customers_are_vietnamese(database, url):
    """The clinic writes its history, and to its customers, in its own language."""
    stages = database.query(
        "SELECT old_value_char, new_value_char FROM mail_tracking_value AS value"
        " JOIN ir_model_fields AS field ON field.id = value.field_id"
        " WHERE field.model = 'crm.lead' AND field.name = 'stage_id'"
    )
    written = {name for names in stages for name in names}
    assert written == {"Mới", "Đã liên hệ", "Đã đặt hẹn", "Đạt"}
    assert not database.count("mail_message", "strpos(body, 'Nothing.') > 0")
    assert database.query(
        "SELECT DISTINCT lang FROM res_partner AS partner"
        " JOIN crm_lead AS lead ON lead.partner_id = partner.id"
    ) == [("vi_VN",)]


def test_nobody_calls_a_customer_who_comes_again(database, url):
    """After a no-show: the customer has another booking."""
    calls = """
        SELECT count(*) FROM mail_activity AS activity
          JOIN crm_lead AS lead ON lead.id = activity.res_id
         WHERE activity.res_model = 'crm.lead' AND activity.id IN
               (SELECT reminder_call_id FROM crm_booking WHERE state = 'no_show')
    """
    again = """
           AND activity.active
           AND EXISTS (SELECT FROM crm_booking AS booking
                        WHERE booking.partner_id = lead.partner_id
                          AND booking.state IN ('booked', 'confirmed', 'arrived')
                          AND booking.stop > now() AT TIME ZONE 'UTC')
    """
    [(planned,)] = database.query(calls)
    assert planned
    assert database.query(calls + again) == [(0,)]


def test_nothing_happens_to_a_lead_before_it_comes(database, url):
    of_lead = "model = 'crm.lead' AND res_id"
    day = "(lead.create_date + interval '7 hours')::date"
    for table, own, where in (
        ("mail_message", of_lead, "own.date < date_trunc('s', lead.create_date)"),
        ("mail_activity", f"res_{of_lead}", f"own.date_deadline < {day}"),
        ("crm_booking", "lead_id", "own.create_date < lead.create_date"),
        ("crm_lead_proposal", "lead_id", "own.create_date < lead.create_date"),
    ):
        found = database.query(
            f"SELECT lead.id FROM crm_lead AS lead JOIN {table} AS own"
            f" ON {own} = lead.id WHERE {where}"
        )
        assert not found, table
    # Nor has a booking its time before it is made.
    assert not database.count("crm_booking", "start < create_date")


def test_each_customer_has_a_phone(database, url):
    """Nobody gets the leads of another customer."""
    assert not database.query(
        "SELECT phone_key FROM crm_lead WHERE phone_key IS NOT NULL"
        " GROUP BY phone_key HAVING count(DISTINCT contact_name) > 1"
    )


def test_a_customer_is_perhaps_another_contact(page, url):
    """Somebody can look at the filter, and settle whether they are the same."""
    assert call(page, "crm.lead", "search", [("is_match_doubtful", "=", True)])


@pytest.mark.parametrize("login", ["hoa", "lan"])  # in Vietnamese, in English
def test_bookings_are_not_cut(browser, url, login):
    page = log_in(browser, url, login, 1366)
    page.goto(f"{url}/odoo/bookings?view_type=list")
    page.wait_for_selector("[name=code]")
    assert page.evaluate(CUT) == []


def test_nobody_of_the_clinic_has_another_company(database, url):
    """The administrator has all companies of the client, and may change it."""
    assert database.query(
        "SELECT DISTINCT company.name FROM res_company_users_rel AS own"
        " JOIN res_company AS company ON company.id = own.cid"
        " JOIN res_users AS users ON users.id = own.user_id"
        " WHERE login IN ('lan', 'minh', 'hoa', 'admin', 'lead-api-tong-dai')"
        " ORDER BY 1"
    ) == [("Phòng khám Sen Hồng",), ("Sen Hồng Quận 7",)]


def test_everybody_finds_the_clinic(browser, url):
    for login, start in (("lan", ".o_intake_dashboard"), ("minh", "[name=phone]")):
        log_in(browser, url, login).wait_for_selector(start)
    for login in ("minh", "admin"):
        page = log_in(browser, url, login, 390, 844)
        page.goto(f"{url}/odoo/crm")
        page.wait_for_selector(".o_kanban_record")
