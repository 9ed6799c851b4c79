# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The attributes of the contract by their kinds."""

MAX_ITEMS = 100
CHOICES = {
    "gender": ["male", "female", "other"],
    "send_info_facebook": ["not_send", "sent"],
    "send_info_zalo": ["no_acc", "not_response", "sent"],
    "overseas_vietnamese": ["no", "marketing", "branch"],
    "work_online": ["no", "yes"],
    "online_counseling": ["no", "yes"],
    "shuttle_bus": ["no", "yes"],
}
PORTRAIT_CHOICES = {
    "affected_by": [
        *("family", "friend", "co_worker", "community", "electronic_media", "other"),
    ],
    "transport": ["bicycle", "scooter", "bus", "car", "other"],
}
PORTRAIT_TEXTS = [
    *("revenue_source", "term_goals", "social_influence", "behavior_on_the_internet"),
]
HOURS = ["work_start_time", "work_end_time", "break_start_time", "break_end_time"]
LISTS = ["hobby", "pain_point", "desires"]
LINES = [
    *("phone_no1", "phone_no2", "phone_no3", "agent_email", "contact_name", "street"),
    *("facebook_acc", "zalo_acc"),
]
IDS = [
    *("account_id", "user_id", "country_id", "state_id", "district_id", "company_id"),
    *("price_list_id", "category_source_id", "source_id", "campaign_id"),
]
# Without company_id, for which the demo data's client has a default
REQUIRED = [
    *("ticket_id", "agent_email", "user_id", "contact_name", "gender", "country_id"),
    *("state_id", "street", "price_list_id", "category_source_id", "source_id"),
    *("campaign_id", "crm_line_ids"),
]
