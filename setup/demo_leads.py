# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Let eight weeks of the demo clinic pass: requests, calls, sales, up to this moment.

The requests go through the API's own engine, those of a week together, and staff work
as they do in Odoo; only the clock is set to the time of each step. Something is left to
look at: codes, events, an update that waits.
"""

import io
import json
import math
import random
import time
import uuid
import wave
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from tempfile import TemporaryFile

import pytz
from demo_people import People
from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command, Domain
from odoo.tools import SQL

from odoo.addons.crm_lead_api.http.body import ReceivedFile
from odoo.addons.crm_lead_api.http.received_request import ReceivedRequest
from odoo.addons.crm_lead_api_phone_call.schemas import PhoneCallRequest

ZONE = pytz.timezone("Asia/Ho_Chi_Minh")
WEEKS = 8
# From Monday to Sunday
REQUESTS_A_DAY = (5, 4, 4, 4, 4, 3, 1)
# When people ask, and when staff work, in hours of the day
ASKING, HOURS = (8, 22), (8, 17)
# Source, campaign, how often
ORIGINS = (
    *(("facebook", "beauty", 9), ("zalo", "beauty", 6), ("google", "smile", 5)),
    *(("customer", "beauty", 4), ("zalo", "smile", 3)),
)
# Two of the call centre have no user in Odoo.
AGENTS = (
    *("lan.nguyen@example.com", "minh.tran@example.com", "trang.hoang@example.com"),
    *("hanh.vo@example.com", "dung.ly@example.com"),
)
CALLS = (
    *("Đã gọi, khách muốn hỏi thêm về giá.", "Đã gọi, khách hẹn cuối tuần ghé."),
    *("Đã gọi, khách gửi ảnh qua Zalo.", "Đã gọi, khách muốn gặp bác sĩ trước."),
)
NEXT_STEPS = ("Gửi ảnh mẫu qua Zalo", "Gửi bảng giá qua Zalo", "Hỏi thăm sau tư vấn")
# Mistakes that systems make now and then
MISTAKES = ({"gender": "nữ"}, {"street": ""}, {"birth_date": "20/10/1992"})

OPEN = [("won_status", "=", "pending"), ("user_id", "!=", False)]  # leads
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


def to_local(moment) -> datetime:
    """Return a moment in UTC by the clinic's clock."""
    return pytz.utc.localize(moment).astimezone(ZONE)


def to_utc(local) -> datetime:
    """Return a moment by the clinic's clock in UTC, as Odoo keeps it."""
    return ZONE.localize(local).astimezone(pytz.utc).replace(tzinfo=None)


class Clinic:
    """The clinic while its past passes.

    :param env: ``Environment`` of the superuser
    :param clock: of freezegun
    """

    def __init__(self, env, clock):
        self.clock = clock
        # Nobody is told of each plan: it is long past.
        work = {"mail_activity_quick_update": True, "lang": "vi_VN"}
        self.env = env(context={**env.context, **work})
        self.choose = random.Random(2026)  # noqa: S311  the same clinic each time
        self.people = People(self.choose)
        self.client = self.demo("client")
        user = self.client.user_id
        own = env(user=user.id, su=False)
        # Calls are planned below, for the moments of the leads.
        context = {
            **own.user.context_get(),
            **self.client._get_request_context(is_test=False),
            "mail_activity_automation_skip": True,
        }
        self.client_env = own(context=context)
        self.ticket = 101000
        self.payloads = {}  # by id of the lead
        self.sound = make_recording()
        company = self.demo("company")
        self.branches = company | company.child_ids
        self.steps, self.numbers = [], count()  # two steps may have one moment

    def demo(self, name):
        return self.env.ref(f"crm_lead_api.demo_{name}")

    # ------------------------------------------------------------ time

    def plan(self, moment, step):
        """Plan a step at a moment, unless the moment is still to come."""
        if moment < self.end:
            heappush(self.steps, (moment, next(self.numbers), step))

    def let_pass(self, end):
        """Do what happens in eight weeks.

        :param datetime end: the present, in UTC
        """
        self.end = end
        today = to_local(end).date()
        for week in reversed(range(WEEKS)):
            moments = []
            for age in reversed(range(7 * week, 7 * week + 7)):
                day = today - timedelta(days=age)
                usual = REQUESTS_A_DAY[day.weekday()]
                for _number in range(usual + self.choose.choice((-1, 0, 0, 1))):
                    moments.append(self.get_moment(day, *ASKING))
            moments = sorted(moment for moment in moments if moment < end)
            self.plan(moments[0], partial(self.receive, moments))
        opening = self.get_moment(today, HOURS[0], HOURS[0])
        self.plan(min(opening, end - timedelta(minutes=1)), self.fill_day)
        while self.steps:
            moment, _number, step = heappop(self.steps)
            self.clock.move_to(moment)
            # Odoo asks PostgreSQL for the time, once in a transaction.
            self.env.cr._now = moment
            step(moment)
            self.env.cr.flush()  # and what Odoo tells at the end of a transaction

    def get_moment(self, day, start, stop):
        """Return a random moment of a day, in UTC, between two hours of the clinic."""
        local = datetime(day.year, day.month, day.day)
        local += timedelta(hours=self.choose.uniform(start, stop))
        return to_utc(local)

    def get_next_moment(self, moment, days=0):
        """Return a moment of work, some days later, on no Sunday."""
        day = to_local(moment).date() + timedelta(days=days)
        while True:
            if day.weekday() != 6:
                start = self.get_moment(day, *HOURS)
                if start > moment:
                    return start
            day += timedelta(days=1)

    def get_call_moment(self, moment):
        """Return when staff call: half of the time at once, else within three hours of
        work."""
        longest = self.choose.choice((0.2, 3))
        wait = timedelta(hours=self.choose.uniform(0.05, longest))
        local = to_local(moment + wait)
        if local.weekday() != 6 and HOURS[0] <= local.hour < HOURS[1]:
            return moment + wait
        is_evening = local.hour >= HOURS[1]
        day = local.date() + timedelta(days=is_evening)
        if day.weekday() == 6:
            day += timedelta(days=1)
        return self.get_moment(day, HOURS[0], HOURS[0] + 3)

    # ------------------------------------------------------------ requests

    def receive(self, moments, first):
        """Receive the requests of the call centre at the moments of a week."""
        sent = [
            (moment, self.make_request(payload))
            for moment in moments
            for payload in self.make_payloads()
        ]
        requests = [request for _moment, request in sent]
        engine = self.client_env["crm.lead.api.engine"]
        outcomes = engine._serve_each(requests)
        leads = []
        # The newest first: a customer is as old as the first lead.
        for (moment, request), outcome in reversed([*zip(sent, outcomes, strict=True)]):
            self.set_dates(outcome.entry, moment, "date")
            if lead_id := outcome.values.get("lead_id"):
                lead = self.env["crm.lead"].browse(lead_id)
                self.payloads[lead_id] = request.data
                self.set_dates(lead, moment, *LEAD_DATES)
                if lead.partner_id.create_date >= first:
                    self.set_dates(lead.partner_id, moment, "create_date")
                leads.append((moment, lead))
        for moment, lead in leads:
            lead._plan_first_call(moment)
            proposals = self.env["crm.lead.proposal"].search(
                [("lead_id", "=", lead.id)]
            )
            for records in (lead.activity_ids, proposals):
                self.set_dates(records, moment, "create_date")
            self.set_dates(self.find_messages(lead), moment, "date")
            self.work_on(lead, moment)

    def find_messages(self, lead):
        own = [("model", "=", lead._name), ("res_id", "=", lead.id)]
        return self.env["mail.message"].search(own)

    def set_dates(self, records, moment, *names):
        """Set dates that Odoo sets itself when it makes records."""
        self.env.flush_all()
        for name in map(SQL.identifier, names):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE id = ANY(%s) AND %s IS NOT NULL",
                    *(SQL.identifier(records._table), name, moment, records.ids, name),
                )
            )
        records.invalidate_recordset(names)

    def finish_activities(self, activities, moment, feedback=False):
        """Do open activities, at a moment that has passed."""
        activities.action_feedback(feedback=feedback)
        self.set_dates(
            activities.with_env(self.env), moment, "date_done", "finished_date"
        )

    def make_payloads(self):
        """Return the payloads of the next request: wrong ones, and right ones."""
        choose = self.choose
        self.ticket += choose.randint(1, 9)
        customer = dict(self.people.make_customer())
        ward = self.demo(f"district_{customer.pop('ward')}")
        services = self.people.choose_services()
        source, campaign, _weight = choose.choices(
            ORIGINS, weights=[weight for *_names, weight in ORIGINS]
        )[0]
        source = self.demo(f"source_{source}")
        state = self.env.ref(f"base.state_vn_{customer.pop('state')}")
        payload = {
            **customer,
            "ticket_id": self.ticket,
            "agent_email": choose.choice(AGENTS),
            "user_id": self.demo("agent").id,
            "country_id": state.country_id.id,
            "state_id": state.id,
            "district_id": ward.id,
            "company_id": self.demo("company").id,
            "price_list_id": self.demo(
                "pricelist_promotion" if choose.random() < 0.3 else "pricelist"
            ).id,
            "category_source_id": source.group_id.id,
            "source_id": source.id,
            "campaign_id": self.demo(f"campaign_{campaign}").id,
            "crm_line_ids": [self.demo(f"service_{name}").id for name in services],
            "online_counseling": choose.choice(("no", "yes")),
        }
        if choose.random() < 0.7:
            payload["customer_portrait"] = self.people.make_portrait(services[0])
        if choose.random() < 0.04:
            wrong = {**payload, **choose.choice(MISTAKES)}
            return [wrong] if choose.random() < 0.3 else [wrong, payload]
        return [payload]

    def make_request(self, payload):
        """Return the request that the client sends with a payload."""
        return ReceivedRequest(
            self.client,
            request_ref=str(uuid.UUID(int=self.choose.getrandbits(128))),
            lang="vi_VN",
            idempotency_key=f"{payload['ticket_id']}",
            body=json.dumps(payload, ensure_ascii=False),
            data=payload,
            address="192.0.2.10",
            payload=self.client._parse_all(self.client._get_schema(), [payload])[0],
            start=time.monotonic() - self.choose.uniform(0.03, 0.09),
        )

    # ------------------------------------------------------------ staff

    def work_on(self, lead, moment):
        """Plan what staff do with a new lead: a call, and what comes of it."""
        choose = self.choose
        call = self.get_call_moment(moment)
        if choose.random() < 0.1:
            call = self.get_next_moment(call, days=1)
        self.plan(call, partial(self.call, lead))
        middle = self.get_next_moment(call)
        end = self.get_next_moment(middle, days=choose.randint(5, 16))
        fate = choose.random()
        if fate < 0.42 or 0.68 <= fate < 0.86:
            self.plan(middle, partial(self.book, lead))
        if fate < 0.68:  # some are lost after their appointment
            self.plan(end, partial(self.win if fate < 0.34 else self.lose, lead))

    def call(self, lead, moment):
        """Call the customer, and plan the next step."""
        if not lead.user_id:
            lead.user_id = self.choose.choice(self.demo("team").member_ids)
        lead = lead.with_user(lead.user_id)
        self.finish_activities(lead.activity_ids, moment, self.choose.choice(CALLS))
        self.telephone(lead.with_env(self.env), moment)
        if self.choose.random() < 0.5:
            due = self.get_next_moment(moment, days=3)
            step = lead.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=due.date(),
                summary=self.choose.choice(NEXT_STEPS),
                user_id=lead.user_id.id,
            )
            self.plan(due, partial(self.finish, step))

    def finish(self, activity, moment):
        """Do what is still planned."""
        for each in activity.exists().filtered("active"):
            self.finish_activities(each.with_user(each.user_id), moment)

    def move_to_booked(self, lead):
        """Move an open lead to the stage of those who have an appointment."""
        lead.stage_id = self.env["crm.stage"].search([], order="sequence")[2]

    def win(self, lead, moment):
        lead = lead.with_user(lead.user_id)
        self.finish_activities(lead.activity_ids, moment)
        lead.action_set_won()

    def lose(self, lead, moment):
        lead = lead.with_user(lead.user_id)
        self.finish_activities(lead.activity_ids, moment)
        reason = self.choose.choice(self.env["crm.lost.reason"].search([]))
        lead.action_set_lost(lost_reason_id=reason.id)

    # ------------------------------------------------------------ telephone

    def telephone(self, lead, moment, is_answered=True, direction="out", **values):
        """Keep a phone call with the customer of a lead, and its recording."""
        if moment < self.end - TELEPHONED:
            return
        answer = moment + timedelta(seconds=8)
        end = answer + timedelta(seconds=self.choose.randint(40, 400))
        payload = {
            "direction": direction,
            "phone": lead.phone,
            "agent_email": lead.user_id.email or lead.agent_email,
            "started_at": f"{moment.isoformat()}Z",
            "outcome": "answered" if is_answered else "no_answer",
            "ended_at": f"{(end if is_answered else answer).isoformat()}Z",
            "ticket_id": lead._get_first_ticket(self.client),
            **values,
        }
        if is_answered:
            payload["answered_at"] = f"{answer.isoformat()}Z"
        schema = self.client._get_schema(PhoneCallRequest)
        [parsed] = self.client._parse_all(schema, [payload])
        calls = self.client_env["crm.lead.phone.call"].with_context(
            mail_activity_automation_skip=False
        )
        call = calls._put_from_payload(parsed, f"demo-{next(self.numbers)}")
        if is_answered:
            with TemporaryFile() as file:
                call._keep_recording(ReceivedFile(file, "audio/wav", [self.sound]))

    # ------------------------------------------------------------ appointments

    def fill_day(self, moment):
        """Let the clinic itself have a full day today."""
        without = [("booking_ids", "=", False)]
        without.append(("create_date", "<", moment - timedelta(days=1)))
        for lead in self.env["crm.lead"].search(OPEN + without, limit=TODAY):
            self.book(lead, moment, self.branches[0], 0)

    def book(self, lead, moment, branch=None, days=None):
        """Book an appointment for one of the next days, and move the lead to its
        stage.

        :param branch: or else any
        :param days: until the first possible start, or else one to three
        """
        self.move_to_booked(lead)
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
            self.plan(booking.stop, lambda _moment: booking.action_finish())

    def miss(self, booking, moment):
        """Note that a customer has not come, and call some days later."""
        if booking.state in ("booked", "confirmed"):
            booking.action_miss()
            later = self.get_next_moment(moment, days=4)
            self.plan(later, partial(self.finish, booking.reminder_call_id))

    # ------------------------------------------------------------ to look at

    def leave_something(self):
        """Leave bookings in their stage, missed calls, codes, events, an update that
        waits for the salesperson, and a contact that may be a lead's customer."""
        self.settle_bookings()
        own = [("lead_api_client_id", "=", self.client.id)]
        own.append(("create_date", "<", self.end - timedelta(hours=4)))
        mine = self.env["crm.lead"].search(OPEN + own, limit=6)
        for lead, minutes in zip(mine[3:5], (50, 200), strict=False):
            moment = self.end - timedelta(minutes=minutes)
            self.telephone(lead, moment, is_answered=False, direction="in")
        self.add_codes()
        self.add_events(mine)
        self.propose(mine[:1])
        customer = mine[2].partner_id
        values = {"name": f"Mẹ {customer.name}", "phone": customer.phone}
        mine[2].match_candidate_ids = self.env["res.partner"].create(values)

    def settle_bookings(self):
        bookings = self.env["crm.booking"].search([])
        for lead in bookings.lead_id:
            if lead.won_status == "pending" and not lead.stage_id.is_won:
                self.move_to_booked(lead)
        self.env.cr.flush()
        # The demo data of the addon, the first booking of a lead at last
        early = bookings.filtered(lambda b: b.start < b.create_date)
        for booking in early.sorted("start", reverse=True):
            lead, moment = booking.lead_id, booking.start - timedelta(days=3)
            self.set_dates(booking, moment, "create_date")
            self.set_dates(lead, moment, *LEAD_DATES)
            self.set_dates(self.find_messages(lead), moment, "date")

    def add_codes(self):
        self.client.takes_own_codes = True
        for attribute, code, name in CODES:
            values = {"client_id": self.client.id, "attribute": attribute, "code": code}
            values["res_id"] = name and self.demo(name).id
            self.env["crm.lead.api.code"].create(values)

    def add_events(self, leads):
        """Tell the call centre of leads; its address is nobody's, and paused."""
        self.client.webhook_url = WEBHOOK
        self.client._pause_webhook(lambda _env: "máy chủ trả lời 503 suốt một ngày")
        events = self.env["crm.lead.api.event"]
        now = fields.Datetime.now()
        delivered = {"state": "delivered", "status": 200, "attempts": 1}
        delivered |= {"date_tried": now, "date_delivered": now, "next_date": False}
        for number, lead in enumerate(leads):
            data = events._prepare_data(self.client, lead)
            values = events._prepare_values(self.client, "lead.assigned", data, lead)
            events.create({**values, **(delivered if number >= 2 else {})})

    def propose(self, lead):
        """Let the call centre send another address than the salesperson has noted."""
        payload = self.payloads[lead.id]
        lead.with_user(lead.user_id).street = "18 Nguyễn Thị Minh Khai"
        request = self.make_request({**payload, "street": "25 Võ Văn Tần"})
        request.kind, request.route, request.idempotency_key = "upsert", "PUT /lead", ""
        self.client_env["crm.lead.api.engine"]._serve_upsert(request)


def make_eight_weeks(env):
    """Make the leads of the last eight weeks, and what staff did with them."""
    present = fields.Datetime.now()
    with freeze_time(present) as clock:
        clinic = Clinic(env, clock)
        clinic.let_pass(present)
        clinic.leave_something()
    # Staff have read all notifications but those of the last day
    old = [("mail_message_id.date", "<", present - timedelta(days=1))]
    inbox = [("notification_type", "=", "inbox")]
    env["mail.notification"].search(inbox + old).is_read = True
