# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Let the demo clinic telephone and receive its customers, where the addons for it are
installed, and leave something to look at: codes, events, an update that waits.
"""

import io
import math
import wave
from datetime import timedelta
from functools import partial
from tempfile import TemporaryFile

import pytz

from odoo import fields
from odoo.fields import Command, Domain

from odoo.addons.crm_lead_api.http.body import ReceivedFile

CALL = "mail.mail_activity_data_call"
LEAD_DATES = ("create_date", "date_open", "date_last_stage_update")
TELEPHONED = timedelta(days=14)  # so long ago the telephone system was connected
RATE = 8000  # of a recording, Hz
# Codes of the call centre's own system; nobody has entered the meaning of the last one.
CODES = (
    *(("source_id", "FB", "source_facebook"), ("source_id", "ZL", "source_zalo")),
    *(("crm_line_ids", "NM", "service_nang_mui"), ("crm_line_ids", "TN-01", "")),
)
WEBHOOK = "https://tickets.example.com/events"
TODAY = 12  # bookings of the clinic
NOTES = (False, False, False, "Dị ứng lidocaine", "Muốn bác sĩ nữ", "Đi cùng con nhỏ")
NO_SHOW = "Khách không đến hẹn: gọi lại để đặt lịch khác"


def make_recording(seconds=2) -> bytes:
    """Return the sound of a telephone that rings."""
    content = io.BytesIO()
    with wave.open(content, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(RATE)
        tone = (math.sin(2 * math.pi * 425 * t / RATE) for t in range(seconds * RATE))
        sound.writeframes(bytes(128 + round(40 * value) for value in tone))
    return content.getvalue()


class Work:
    """Make the work of staff besides the leads; see ``demo_leads.Clinic``."""

    # ------------------------------------------------------------ telephone

    def telephone(self, lead, moment, is_answered=True, direction="out", **values):
        """Keep a phone call with the customer of a lead, and its recording."""
        if "crm.lead.phone.call" not in self.env or moment < self.end - TELEPHONED:
            return
        from odoo.addons.crm_lead_api_phone_call.schemas import PhoneCallRequest

        answer = moment + timedelta(seconds=8)
        end = answer + timedelta(seconds=self.choose.randint(40, 400))
        payload = {
            "direction": direction,
            "phone": lead.phone,
            "agent_email": lead.user_id.email or lead.agent_email,
            "started_at": f"{moment.isoformat()}Z",
            "outcome": "answered" if is_answered else "no_answer",
            "ended_at": f"{(end if is_answered else answer).isoformat()}Z",
            "ticket_id": int(lead._get_first_ticket()),
            **values,
        }
        if is_answered:
            payload["answered_at"] = f"{answer.isoformat()}Z"
        schema = self.client._get_schema(PhoneCallRequest)
        [parsed] = self.client._parse_all(schema, [payload])
        calls = self.client_env["crm.lead.phone.call"]
        call = calls._put_from_payload(parsed, f"demo-{next(self.numbers)}")
        if is_answered:
            with TemporaryFile() as file:
                call._keep_recording(ReceivedFile(file, "audio/wav", [self.sound]))

    # ------------------------------------------------------------ appointments

    def fill_day(self, moment):
        """Let the clinic itself have a full day today."""
        if "crm.booking" not in self.env:
            return
        leads = self.env["crm.lead"].search(
            [
                ("won_status", "=", "pending"),
                ("user_id", "!=", False),
                ("booking_ids", "=", False),
                ("create_date", "<", moment - timedelta(days=1)),
            ],
            limit=TODAY,
        )
        for lead in leads:
            self.book(lead, moment, self.branches[0], 0)

    def book(self, lead, moment, branch=None, days=None):
        """Book an appointment for one of the next days, and move the lead to its
        stage.

        :param branch: or else any
        :param days: until the first possible start, or else one to three
        """
        self.move(lead, 2)
        if "crm.booking" not in self.env:
            return
        bookings = self.env["crm.booking"]
        own = Domain("partner_id", "=", lead.partner_id.id)
        if bookings.search_count(own & bookings._get_domain_to_come()):
            return
        branch = branch or self.choose.choice(self.branches)
        service = lead.service_ids[:1].product_id
        seats = self.env["resource.resource"].search(
            [("is_seat", "=", True), ("company_id", "=", branch.id)]
        )
        seats = seats.filtered(lambda seat: seat._can_do(service))
        if days is None:
            days = self.choose.randint(1, 3)
        first = pytz.utc.localize(moment) + timedelta(days=days)
        slots = seats._find_slots(
            service.booking_duration, first, first + timedelta(days=1)
        )
        if not slots:
            return
        slot = self.choose.choice(slots)
        booking = bookings.create(
            {
                "lead_id": lead.id,
                "company_id": branch.id,
                "seat_id": self.choose.choice(slot.seats),
                "start": slot.start.astimezone(pytz.utc).replace(tzinfo=None),
                "duration": service.booking_duration,
                "user_id": lead.user_id.id,
                "service_ids": [Command.create({"product_id": service.id})],
                "note": self.choose.choice(NOTES),
            }
        )
        if self.choose.random() < 0.5:
            booking.action_confirm()
        is_missed = self.choose.random() < 0.15
        step = self.miss if is_missed else self.receive_customer
        late = timedelta(minutes=30 if is_missed else self.choose.randint(0, 10))
        self.plan(booking.start + late, partial(step, booking))

    def receive_customer(self, booking, _moment):
        if booking.state in ("booked", "confirmed"):
            booking.action_arrive()
            self.plan(booking.stop, partial(self.finish, booking))

    def finish(self, booking, _moment):
        booking.action_finish()

    def miss(self, booking, moment):
        """Note that a customer has not come, and call the next morning."""
        if booking.state in ("booked", "confirmed"):
            booking.action_miss()
            self.plan_call_after_miss(booking, moment)

    def plan_call_after_miss(self, booking, moment):
        lead = booking.lead_id
        if lead.won_status == "pending" and not lead._get_open_calls():
            lead._plan_activity(
                CALL, self.get_next_moment(moment, days=1), lambda _env, _time: NO_SHOW
            )

    # ------------------------------------------------------------ to look at

    def leave_something(self):
        """Leave bookings in their stage, calls after no-shows, a missed call, codes,
        events and an update that waits for the salesperson."""
        if "crm.booking" in self.env:
            self.settle_bookings()
        mine = self.env["crm.lead"].search(
            [
                ("won_status", "=", "pending"),
                ("lead_api_client_id", "=", self.client.id),
                ("user_id", "!=", False),
            ],
            limit=6,
        )
        for lead, minutes in zip(mine[3:5], (50, 200), strict=False):
            moment = self.end - timedelta(minutes=minutes)
            self.telephone(lead, moment, is_answered=False, direction="in")
        self.add_codes()
        self.add_events(mine)
        self.propose(mine[:1])

    def settle_bookings(self):
        bookings = self.env["crm.booking"].search([])
        for booking in bookings.filtered(lambda b: b.start < b.lead_id.create_date):
            moment = booking.start - timedelta(days=3)  # before it was booked
            self.set_dates(booking.lead_id, moment, *LEAD_DATES)
        for lead in bookings.lead_id:
            if lead.won_status == "pending" and not lead.stage_id.is_won:
                self.move(lead, 2)
        missed = bookings.filtered(
            lambda each: (
                each.state == "no_show" and each.start > self.end - timedelta(days=4)
            )
        )
        for booking in missed:
            self.plan_call_after_miss(booking, self.end)

    def add_codes(self):
        self.client.takes_own_codes = True
        self.env["crm.lead.api.code"].create(
            [
                {
                    "client_id": self.client.id,
                    "attribute": attribute,
                    "code": code,
                    "res_id": name and self.demo(name).id,
                }
                for attribute, code, name in CODES
            ]
        )

    def add_events(self, leads):
        """Tell the call centre of leads; its address is nobody's, and paused."""
        self.client.write({"webhook_url": WEBHOOK, "is_webhook_paused": True})
        events = self.env["crm.lead.api.event"]
        made = events.create(
            [
                events._prepare_values(
                    self.client,
                    "lead.assigned",
                    events._prepare_data(self.client, lead),
                    lead,
                    lead._get_first_ticket(),
                )
                for lead in leads
            ]
        )
        made[2:].write(
            {
                "state": "delivered",
                "status": 200,
                "attempts": 1,
                "date_tried": fields.Datetime.now(),
                "date_delivered": fields.Datetime.now(),
                "next_date": False,
            }
        )

    def propose(self, lead):
        """Let the call centre send another address than the salesperson has noted."""
        payload = self.payloads[lead.id]
        self.hand_to_salesperson(lead).street = "18 Nguyễn Thị Minh Khai"
        request = self.make_request({**payload, "street": "25 Võ Văn Tần"})
        request.kind, request.route, request.idempotency_key = "upsert", "PUT /lead", ""
        self.client_env["crm.lead.api.engine"]._serve_upsert(request)
