# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Let eight weeks of the demo clinic pass: requests, calls, sales, up to this moment.

The requests go through the API's own engine, those of a week together, and staff work
as they do in Odoo; only the clock is set to the time of each step.
"""

import json
import random
import time
import uuid
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count

import pytz
from demo_people import People
from demo_work import LEAD_DATES, Work, make_recording
from freezegun import freeze_time

from odoo import fields
from odoo.tools import SQL

from odoo.addons.crm_lead_api.http.received_request import ReceivedRequest

ZONE = pytz.timezone("Asia/Ho_Chi_Minh")
WEEKS = 8
# From Monday to Sunday
REQUESTS_A_DAY = (5, 4, 4, 4, 4, 3, 1)
# When people ask, and when staff work, in hours of the day
ASKING, OPEN = (8, 22), (8, 17)
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
NEXT_STEPS = ("Nhắc lịch hẹn tư vấn", "Gửi bảng giá qua Zalo", "Hỏi thăm sau tư vấn")
# Mistakes that systems make now and then
MISTAKES = ({"gender": "nữ"}, {"street": ""}, {"birth_date": "20/10/1992"})


class Clinic(Work):
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
        today = pytz.utc.localize(end).astimezone(ZONE).date()
        for week in reversed(range(WEEKS)):
            moments = []
            for age in reversed(range(7 * week, 7 * week + 7)):
                day = today - timedelta(days=age)
                usual = REQUESTS_A_DAY[day.weekday()]
                for _number in range(usual + self.choose.choice((-1, 0, 0, 1))):
                    moments.append(self.get_moment(day, *ASKING))
            moments = sorted(moment for moment in moments if moment < end)
            self.plan(moments[0], partial(self.receive, moments))
        opening = self.get_moment(today, OPEN[0], OPEN[0])
        self.plan(min(opening, end - timedelta(minutes=1)), self.fill_day)
        while self.steps:
            moment, _number, step = heappop(self.steps)
            self.clock.move_to(moment)
            # Odoo asks PostgreSQL for the time, once in a transaction.
            self.env.cr._now = moment
            step(moment)
            self.env.flush_all()

    def get_moment(self, day, start, stop):
        """Return a random moment of a day, in UTC, between two hours of the clinic."""
        local = datetime(day.year, day.month, day.day)
        local += timedelta(hours=self.choose.uniform(start, stop))
        return ZONE.localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    def get_next_moment(self, moment, days=0):
        """Return a moment of work, some days later, on no Sunday."""
        day = pytz.utc.localize(moment).astimezone(ZONE).date() + timedelta(days=days)
        while True:
            if day.weekday() != 6:
                start = self.get_moment(day, *OPEN)
                if start > moment:
                    return start
            day += timedelta(days=1)

    def get_call_moment(self, moment):
        """Return when staff call: half of the time at once, else within three hours of
        work."""
        longest = self.choose.choice((0.2, 3))
        wait = timedelta(hours=self.choose.uniform(0.05, longest))
        local = pytz.utc.localize(moment + wait).astimezone(ZONE)
        if local.weekday() != 6 and OPEN[0] <= local.hour < OPEN[1]:
            return moment + wait
        is_evening = local.hour >= OPEN[1]
        day = local.date() + timedelta(days=is_evening)
        if day.weekday() == 6:
            day += timedelta(days=1)
        return self.get_moment(day, OPEN[0], OPEN[0] + 3)

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
            messages = self.env["mail.message"].search(
                [("model", "=", lead._name), ("res_id", "=", lead.id)]
            )
            self.set_dates(messages, moment, "date")
            self.work_on(lead, moment)

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
        if not lead.activity_ids:
            user = lead.user_id or self.demo("agent")
            lead.activity_schedule("mail.mail_activity_data_call", user_id=user.id)
        call = self.get_call_moment(moment)
        if choose.random() < 0.1:
            call = self.get_next_moment(call, days=1)
        self.plan(call, partial(self.call, lead))
        end = self.get_next_moment(call, days=choose.randint(5, 16))
        fate = choose.random()
        if fate < 0.34:
            middle = self.get_next_moment(call)
            self.plan(middle, partial(self.book, lead))
            self.plan(max(end, middle), partial(self.win, lead))
        elif fate < 0.68:
            self.plan(end, partial(self.lose, lead))
        elif fate < 0.86:
            self.plan(self.get_next_moment(call), partial(self.book, lead))

    def call(self, lead, moment):
        """Call the customer, and plan the next step."""
        if not lead.user_id:
            lead.user_id = self.choose.choice(self.demo("team").member_ids)
        lead = self.hand_to_salesperson(lead)
        lead.activity_ids.action_feedback(feedback=self.choose.choice(CALLS))
        self.telephone(lead.with_env(self.env), moment)
        self.move(lead, 1)
        if self.choose.random() < 0.5:
            lead.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.get_next_moment(moment, days=3).date(),
                summary=self.choose.choice(NEXT_STEPS),
                user_id=lead.user_id.id,
            )

    def hand_to_salesperson(self, lead):
        """Return the lead as its salesperson works on it.

        :rtype: crm.lead
        """
        return lead.with_user(lead.user_id)

    def move(self, lead, position, _moment=None):
        """Move an open lead to a stage, by its place among the stages."""
        stages = self.env["crm.stage"].search([], order="sequence")
        lead.stage_id = stages[position]

    def win(self, lead, _moment):
        lead = self.hand_to_salesperson(lead)
        lead.activity_ids.action_feedback()
        lead.action_set_won()

    def lose(self, lead, _moment):
        lead = self.hand_to_salesperson(lead)
        lead.activity_ids.action_feedback()
        reason = self.choose.choice(self.env["crm.lost.reason"].search([]))
        lead.action_set_lost(lost_reason_id=reason.id)


def make_eight_weeks(env):
    """Make the leads of the last eight weeks, and what staff did with them."""
    present = fields.Datetime.now()
    with freeze_time(present) as clock:
        clinic = Clinic(env, clock)
        clinic.let_pass(present)
        clinic.leave_something()
    # Staff have read all notifications but those of the last day
    env["mail.notification"].search(
        [
            ("notification_type", "=", "inbox"),
            ("mail_message_id.date", "<", present - timedelta(days=1)),
        ]
    ).is_read = True
