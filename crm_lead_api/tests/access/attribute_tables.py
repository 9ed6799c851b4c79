# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The attributes of the contract by their kinds, and wrong values of each."""

REQUIRED = {
    *("ticket_id", "agent_email", "user_id", "contact_name", "gender", "country_id"),
    *("state_id", "street", "company_id", "price_list_id", "category_source_id"),
    *("source_id", "campaign_id", "crm_line_ids"),
}
IDS = {
    *("account_id", "user_id", "country_id", "state_id", "district_id", "company_id"),
    *("price_list_id", "category_source_id", "source_id", "campaign_id"),
}
LINES = {
    *("phone_no1", "phone_no2", "phone_no3", "contact_name", "street"),
    *("facebook_acc", "zalo_acc", "agent_email"),
}
EMAILS = {"email_from"}
CHOICES = {
    *("gender", "send_info_facebook", "send_info_zalo", "overseas_vietnamese"),
    *("work_online", "online_counseling", "shuttle_bus"),
}
PORTRAIT_TEXTS = {
    *("revenue_source", "term_goals", "social_influence", "behavior_on_the_internet"),
}
PORTRAIT_HOURS = {
    *("work_start_time", "work_end_time", "break_start_time", "break_end_time"),
}
PORTRAIT_CHOICES = {"affected_by", "transport"}
PORTRAIT_LISTS = {"hobby", "pain_point", "desires"}

# Wrong values by kind of attribute: {value: code}, or {value: {path below: code}}
WRONG_ID = [("abc", "type"), (True, "type"), (1.5, "type"), ([1], "type"), ({}, "type")]
WRONG_ID += [(0, "range"), (-1, "range"), (2**31, "range"), ("99999999999", "range")]
WRONG_LINE = [(968011111, "type"), (True, "type"), (["a"], "type"), ({"a": 1}, "type")]
WRONG_LINE += [("x" * 256, "too_long"), ("a\x00b", "characters")]
WRONG_LINE += [("a\ud800b", "characters")]
WRONG_EMAIL = [
    ("@example.com", "format"),
    ("lan@@example.com", "format"),
    ("not an address", "format"),
    (5, "type"),
    ("a" * 300 + "@b.vn", "too_long"),
]
WRONG_CHOICE = [("nonsense", "choice"), (1, "choice"), (["no"], "choice")]
WRONG_HOUR = [("8:30", "type"), (True, "type"), ([8], "type"), (24, "range")]
WRONG_HOUR += [(-0.5, "range"), ("24.0", "range"), (10**400, "type")]
WRONG_TEXT = [(5, "type"), (["a"], "type"), ("x" * 10_001, "too_long")]
WRONG_TEXT += [("a\x00", "characters")]
WRONG_LIST = [("âm nhạc", "type"), (5, "type"), ({"a": 1}, "type")]
WRONG_LIST += [(["x"] * 101, "too_many"), ([["a"]], {"0": "type"})]
WRONG_LIST += [(["a", 5, "b\x00"], {"1": "type", "2": "characters"})]
WRONG = {
    **dict.fromkeys(IDS, WRONG_ID),
    **dict.fromkeys(LINES, WRONG_LINE),
    **dict.fromkeys(EMAILS, WRONG_EMAIL),
    **dict.fromkeys(CHOICES, WRONG_CHOICE),
    "ticket_id": [("abc", "type"), (1.5, "type"), (0, "range"), (2**63, "range")],
    "crm_line_ids": [
        *((5, "type"), ("[1]", "type"), ({}, "type"), ([], "too_few")),
        ([1] * 101, "too_many"),
        (["a", None, 0], {"0": "type", "1": "type", "2": "range"}),
    ],
    "birth_date": [
        *(("20/05/1990", "format"), ("1990-02-30", "format"), (19900520, "format")),
        *(("1899-12-31", "range"), ("2190-01-01", "range")),
    ],
    "customer_portrait": [("text", "type"), (5, "type"), ([], "type")],
}
WRONG_PORTRAIT = {
    **dict.fromkeys(PORTRAIT_TEXTS, WRONG_TEXT),
    **dict.fromkeys(PORTRAIT_HOURS, WRONG_HOUR),
    **dict.fromkeys(PORTRAIT_CHOICES, WRONG_CHOICE),
    **dict.fromkeys(PORTRAIT_LISTS, WRONG_LIST),
}
