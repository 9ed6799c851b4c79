# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From nothing to the first lead: a walk through the first steps in a browser, in a
database with Odoo's CRM and Sales alone, whose only language is Vietnamese."""

import json
import subprocess

from browser import log_in

TEMPLATE = "sale"
INIT = ["--init=crm_lead_api_booking", "--load-language=vi_VN"]
SCRIPT = """
records = {"active_test": False}
env["res.users"].with_context(records).search([]).lang = "vi_VN"
env["res.partner"].with_context(records).search([]).lang = "vi_VN"
env.ref("base.lang_en").active = False
"""
STEP = ".o_lead_api_first_steps [data-step={}]"
TODO, DONE = f"{STEP}:not(.o_done) button.btn-secondary", f"{STEP}.o_done"
READ = """
    SELECT pricelist.name->>'vi_VN', currency.name, campaign.title->>'vi_VN',
           source.name, source_group.name, lead.is_lead_api_test
      FROM crm_lead AS lead
      JOIN product_pricelist AS pricelist ON pricelist_id = pricelist.id
      JOIN res_currency AS currency ON pricelist.currency_id = currency.id
      JOIN utm_campaign AS campaign ON campaign_id = campaign.id
      JOIN utm_source AS source ON source_id = source.id
      JOIN utm_source_group AS source_group ON source.group_id = source_group.id
     WHERE lead.id = %s
"""


def choose_country(page):
    """Choose the country; Odoo's invoicing begins in the United States."""
    company = STEP.format("company")
    page.click(f"{company}:has-text('Hoa Kỳ') button.btn-secondary")
    country = page.locator(".modal .o_field_widget[name=country_id] input")
    country.fill("Việt Nam")
    page.click(".dropdown-item:has-text('Việt Nam')")
    page.click(".modal .o_form_button_save")
    page.wait_for_selector(f"{company}.o_done:has-text('Việt Nam')")


def make_token(page):
    page.click(TODO.format("token"))
    page.click(".modal button[name=action_make_token]")
    page.fill(".modal .o_field_widget[name=password] input", "admin")
    page.click(".modal button[name=run_check]")
    page.wait_for_selector(".modal .o_field_widget[name=key]")
    page.click(".modal footer .btn-primary")
    page.wait_for_selector(DONE.format("token"))


def test_first_lead(database, url, browser):
    page = log_in(browser, url, "admin", locale="vi-VN")
    page.goto(f"{url}/odoo/lead-api-clients")
    page.click(".o_list_button_add")
    choose_country(page)
    steps = ("price_list", "service", "source_group", "source", "campaign", "time_zone")
    for name in steps:
        # Odoo makes the price list itself when the country brings another currency.
        page.wait_for_selector(STEP.format(name))
        if button := page.query_selector(TODO.format(name)):
            button.click()
        page.wait_for_selector(DONE.format(name))
    page.fill(".o_field_widget[name=name] input", "Tổng đài")
    page.click(TODO.format("client"))
    page.wait_for_selector(DONE.format("client"))
    make_token(page)
    command = page.inner_text(f"{STEP.format('sample')} pre")
    answer = subprocess.run(
        ["bash", "-c", command], stdout=subprocess.PIPE, check=True
    ).stdout
    lead = json.loads(answer)["data"]["id_lead"]
    link = page.wait_for_selector(f"{DONE.format('request')} a:has-text('Mở lead')")
    link.click()
    page.wait_for_selector(".o_lead_opportunity_form .alert")  # of a test
    partner = page.locator(".o_field_widget[name=partner_id] input")
    assert partner.input_value() == "Trần Thị Thanh Thảo"
    assert database.query(READ, lead) == [
        ("Mặc định", "VND", "Chung", "Trang web", "Trực tuyến", True)
    ]
    # The browser's name of it: Odoo asks when its administrator first logs in.
    zones = database.query("SELECT DISTINCT tz FROM resource_calendar")
    assert zones == [("Asia/Saigon",)]
