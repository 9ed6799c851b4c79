# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Make the bookings and phone calls for the pictures, in ``odoo shell``: run by
setup/screenshots.

It follows setup/demo_request.py there, which makes the token.
"""

import base64
import io
import wave
from datetime import datetime, time, timedelta

import pytz

from odoo.fields import Command
from odoo.tools.convert import convert_file

ZONE = pytz.timezone("Asia/Ho_Chi_Minh")
BOOKING = "crm_lead_api_booking"
# Of today: hour, seat and service of the demo data, state
BOOKINGS = [
    (8, "room_1", "kham", "done"),
    (8, "hanh", "cat_mi", "done"),
    (9, "room_1", "kham", "no_show"),
    (9, "room_3", "tri_nam", "arrived"),
    (9.5, "room_2", "cat_mi", "arrived"),
    (10, "hanh", "nang_mui", "confirmed"),
    (10.5, "room_1", "kham", "confirmed"),
    (13, "tuan", "tay_trang", "confirmed"),
    (13.5, "room_3", "tri_nam", "booked"),
    (14, "hanh", "cat_mi", "booked"),
    (14.5, "tuan", "rang_su", "booked"),
    (15, "room_1", "kham", "booked"),
    (16, "room_2", "nang_mui", "booked"),
]
# Of yesterday, the last one first: hour, ticket of setup/screenshots_leads.py or None,
# phone, direction, seconds, outcome, note
CALLS = [
    (16.7, "100460", "0900 000 202", "in", 212, "answered", "Khách hỏi giá nâng mũi."),
    (16.2, "100470", "0900 000 222", "in", 147, "answered", "Muốn khám thứ Bảy."),
    (15.8, "100461", "0900 000 230", "out", 31, "no_answer", ""),
    (15.3, None, "0900 000 911", "in", 20, "no_answer", ""),
    (14.9, "100462", "0900 000 231", "out", 305, "answered", "Gọi lại sau giờ làm."),
    (14.1, "100463", "0900 000 232", "in", 96, "answered", "Hỏi đường đi."),
]


def get_moment(hour, days=0):
    """Return an hour of today, or of a day some days later, as Odoo stores it."""
    day = datetime.now(ZONE).date() + timedelta(days=days)
    moment = ZONE.localize(datetime.combine(day, time())) + timedelta(hours=hour)
    return moment.astimezone(pytz.utc).replace(tzinfo=None)


def make_bookings(env):
    """Fill the day of the branch with customers of the last eight weeks."""
    convert_file(
        env, BOOKING, "demo/resource_resource_demo.xml", {}, mode="init", noupdate=True
    )
    leads = env["crm.lead"].search(
        [("won_status", "=", "pending"), ("partner_id", "!=", False)], order="id"
    )
    # Those of the pictures have no booking yet.
    leads = leads.filtered(lambda lead: (lead.ticket_ref or "").startswith("101"))
    one_each = leads.grouped("partner_id").values()
    for lead, (hour, seat, service, state) in zip(one_each, BOOKINGS, strict=False):
        product = env.ref(f"crm_lead_api.demo_service_{service}")
        env["crm.booking"].create(
            {
                "lead_id": lead[0].id,
                "company_id": lead[0].company_id.id,
                "seat_id": env.ref(f"{BOOKING}.demo_seat_{seat}").id,
                "start": get_moment(hour),
                "state": state,
                "service_ids": [Command.create({"product_id": product.id})],
            }
        )


def make_sound(seconds):
    """Return silence, as a telephone records it."""
    content = io.BytesIO()
    with wave.open(content, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * 8000 * seconds)
    return base64.b64encode(content.getvalue())


def make_calls(env, client):
    for number, call in enumerate(CALLS):
        hour, ticket, phone, direction, seconds, outcome, note = call
        start = get_moment(hour, days=-1)
        lead = env["crm.lead"].search([("ticket_ref", "=", ticket or "-")])
        agent = lead.user_id or env.ref("crm_lead_api.demo_agent")
        is_answered = outcome == "answered"
        env["crm.lead.phone.call"].create(
            {
                "client_id": client.id,
                "call_ref": f"pbx-{number}",
                "company_id": client.company_id.id,
                "direction": direction,
                "phone": phone,
                "agent_id": agent.id,
                "agent_email": agent.email,
                "start_date": start,
                "answer_date": is_answered and start,
                "end_date": start + timedelta(seconds=seconds),
                "outcome": outcome,
                "note": note,
                "ticket_ref": ticket,
                "lead_id": lead.id,
                "partner_id": lead.partner_id.id,
                "recording": is_answered and make_sound(seconds),
                "recording_type": is_answered and "audio/wav",
            }
        )


def main(env):
    client = env.ref("crm_lead_api.demo_client")
    client.write({"looks_up_customers": True, "books_appointments": True})
    make_bookings(env)
    make_calls(env, client)
    print(">>" + make_token(env))  # noqa: F821  of setup/demo_request.py
    env.cr.commit()


main(env)  # noqa: F821  given by the shell
