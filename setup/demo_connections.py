# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Connect the forms of the demo clinic's advertisements, and let a week of messages
arrive: one form whose messages are refused, one that is silent, and a question that
nobody has mapped yet."""

import random
from datetime import datetime, time, timedelta
from operator import itemgetter

from demo_leads import CALLS, ZONE, to_utc
from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command

ADDON = "crm_lead_api_connection"
CLOCK = "odoo.addons.crm_lead_api.http.received_request"  # measures durations
DAYS = 7
SECRET = "demo-secret"  # noqa: S105  of nobody
NAMES = (
    *("Nguyễn Thu Hà", "Trần Ngọc Mai", "Lê Bảo Ngọc", "Phạm Yến Nhi", "Vũ Thanh Tâm"),
    *("Đặng Thủy Tiên", "Bùi Thảo Vy", "Hoàng Mỹ Hạnh", "Đỗ Khánh Linh", "Lê Thúy Nga"),
)
SERVICES = (*("nang_mui", "tri_nam", "tay_trang") * 3, None)
UNKNOWN = "Trị nám bằng laser"  # no service of the clinic has this name
# Platform, name, source, messages on each of the days, the last one today
CONNECTIONS = (
    ("meta", "Facebook: Khuyến mãi tháng 11", "facebook", (6, 5, 7, 4, 6, 5, 4)),
    ("google", "Google: Tư vấn nha khoa", "google", (3, 2, 3, 2, 3, 2, 2)),
    ("tiktok", "TikTok: Da đẹp đón Tết", "tiktok", (4, 5, 4, 4, 0, 0, 0)),
    ("ladipage", "Trang đích: Trị nám", "landing", (2, 2, 1, 2, 2, 3, 2)),
)
CALL_TIME = "Bạn muốn được gọi lúc nào?"  # is mapped by nobody
BROKEN_DAYS = 2  # since when the landing page has other names


def make_connections(env):
    """Make the connections, and let the messages arrive."""
    choose = random.Random(32)  # noqa: S311  nothing is secret
    client = make_client(env)
    numbers = iter(range(600, 1000))
    arrivals = []
    for code, name, source, counts in CONNECTIONS:
        platform = env.ref(f"{ADDON}.platform_{code}")
        connection = connect(env, client, platform, name, source)
        days = [day for day, count in enumerate(counts) for _number in range(count)]
        for date in sorted(choose_time(choose, DAYS - 1 - day) for day in days):
            answers = invent_answers(env, choose, next(numbers))
            since = datetime.now() - timedelta(days=BROKEN_DAYS)
            if code == "ladipage" and date > since:
                answers["ho_ten"] = answers.pop("name")  # somebody renamed the field
            arrivals.append((date, connection, invent_body(code, answers, choose)))
    yesterday = datetime.now() - timedelta(days=1)
    for date, connection, body in sorted(arrivals, key=itemgetter(0)):
        if date < datetime.now() and (lead := arrive(connection, date, body)):
            if date < yesterday:
                call(lead, date + timedelta(minutes=choose.randint(5, 90)), choose)
    env.cr._now = None
    owner = client.owner_id
    lang, owner.lang = owner.lang, "vi_VN"  # of the clinic's own texts
    env["crm.lead.api.connection"]._watch()
    owner.lang = lang
    tiktok = env["crm.lead.api.connection"].search(
        [("platform_id.code", "=", "tiktok")]
    )
    # Eight weeks are needed for Odoo to see it by itself.
    tiktok.silence_alert_date = fields.Datetime.now()


def make_client(env):
    clinic = env.ref("crm_lead_api.demo_company")
    return env["crm.lead.api.client"].create(
        {
            "name": "Biểu mẫu quảng cáo",
            "owner_id": env.ref("crm_lead_api.demo_agent").id,
            "company_ids": [Command.set(clinic.ids)],
            "company_id": clinic.id,
            "pricelist_id": env.ref("crm_lead_api.demo_pricelist").id,
            "country_id": env.ref("base.vn").id,
            "team_id": env.ref("crm_lead_api.demo_team").id,
        }
    )


def connect(env, client, platform, name, source):
    """Make a connection as its page does, with what is usual."""
    connection = env["crm.lead.api.connection"].create(
        {"name": name, "platform_id": platform.id, "client_id": client.id}
    )
    connection.write({"secret": SECRET, "verify_token": SECRET})
    connection._generate_key()
    source = env.ref(f"crm_lead_api.demo_source_{source}")
    usual = {
        attribute: place
        for attribute, place in platform.mapping.items()
        if attribute != "ad_campaign" or platform.code != "ladipage"
    }
    service = "answers.dich_vu" if platform.code == "ladipage" else 'answers."Dịch vụ"'
    lines = [{"attribute": each, "place": place} for each, place in usual.items()]
    lines += [
        {"attribute": "crm_line_ids", "place": service},
        {"attribute": "source_id", "res_id": source.id},
        {"attribute": "category_source_id", "res_id": source.group_id.id},
    ]
    connection.write({"field_ids": [Command.create(line) for line in lines]})
    connection.is_live = True
    return connection


def choose_time(choose, days_ago):
    """Return a time of a day, or of the last hours of today, in UTC."""
    if not days_ago:
        now = datetime.now().replace(microsecond=0)
        return now - timedelta(minutes=choose.randint(3, 170))
    day = datetime.now(ZONE).date() - timedelta(days=days_ago)
    hour, minute = choose.randint(8, 21), choose.randint(0, 59)
    return to_utc(datetime.combine(day, time(hour, minute)))


def invent_answers(env, choose, number):
    service = choose.choice(SERVICES)
    return {
        "name": choose.choice(NAMES),
        "phone": f"0900 000 {number}",
        "service": env.ref(f"crm_lead_api.demo_service_{service}").name
        if service
        else UNKNOWN,
        "time": choose.choice(("Buổi sáng", "Sau 17 giờ", "Cuối tuần")),
    }


def invent_body(code, answers, choose):
    """Return the message of a platform with the answers."""
    ref = str(choose.randint(10**12, 10**13))
    name = answers.get("name", "")
    if code == "ladipage":
        own = {key: answers[key] for key in answers.keys() - {"service", "time"}}
        link = "https://khuyenmai.example.com/tri-nam"
        return {**own, "dich_vu": answers["service"], "link": link}
    pairs = {"Dịch vụ": answers["service"]}
    if code == "google":
        pairs = {"FULL_NAME": name, "PHONE_NUMBER": answers["phone"], **pairs}
        pairs[CALL_TIME] = answers["time"]
        columns = [
            {"column_id": each, "column_name": each, "string_value": text}
            for each, text in pairs.items()
        ]
        ids = {"form_id": 40000000000, "campaign_id": 123456, "gcl_id": f"Cj0{ref}"}
        return {"lead_id": ref, **ids, "user_column_data": columns}
    if code == "meta":
        pairs = {"full_name": name, "phone_number": answers["phone"], **pairs}
        return {
            **{"leadgen_id": ref, "form_id": "123", "ad_id": "456"},
            "form_name": "Khuyến mãi tháng 11",
            "field_data": [{"name": k, "values": [text]} for k, text in pairs.items()],
        }
    pairs = {"name": name, "phone_number": answers["phone"], **pairs}
    changes = [{"field": each, "value": text} for each, text in pairs.items()]
    return {"lead_id": ref, "page_id": 17, "ad_id": 90, "changes": changes}


def arrive(connection, date, body):
    """Let a message arrive at a time, and return the lead that it becomes, if any."""
    # sudo: nobody may write messages in any other way
    messages = connection.env["crm.lead.api.message"].sudo()
    connection.env.cr._now = date  # as in demo_leads
    with freeze_time(date, ignore=[CLOCK]):
        messages._keep(connection, [body])
        message = messages.search(
            [("connection_id", "=", connection.id)], order="id desc", limit=1
        )
        message.state = "waiting"  # its answers need not be fetched
        message._make_lead()
        connection.env.cr.flush()
    return message.lead_id


def call(lead, date, choose):
    """Let a salesperson call the customer at a time."""
    lead.env.cr._now = date
    with freeze_time(date):
        lead.user_id = choose.choice(lead.env.ref("crm_lead_api.demo_team").member_ids)
        own = lead.with_user(lead.user_id)
        own.activity_ids.action_feedback(feedback=choose.choice(CALLS))
        lead.env.cr.flush()


def make_google_request(env, url):
    """Return the address and the body of a form for the connection with Google, whose
    address is a new one; ``None`` in a clinic of an earlier version, without it."""
    connection = env["crm.lead.api.connection"].search(
        [("platform_id.code", "=", "google")], limit=1
    )
    if not connection:
        return None
    path = f"/api/v1/connections/{connection._generate_key()}"
    answers = {
        "FULL_NAME": "Trần Thị Thanh Thảo",
        "PHONE_NUMBER": "0900 000 202",
        "Dịch vụ": "Nâng mũi",
    }
    return {
        "url": f"{url}{path}",
        "body": {
            "lead_id": f"demo-{datetime.now():%j%H%M%S}",
            "google_key": SECRET,
            "user_column_data": [
                {"column_id": name, "string_value": text}
                for name, text in answers.items()
            ],
        },
    }
