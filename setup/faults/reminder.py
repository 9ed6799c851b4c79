# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bookings that reminders become due of while faults strike."""

import json
from contextlib import closing

from odoo_database import Database

REMINDER = "booking.reminder_due"
AT_ONCE = 6  # reminders that become due before each strike
# The branch is open day and night, and it is about noon there now. A room of its own
# has the bookings that are to be reminded of; requests want the two rooms and a doctor
# who do the services of the payload. Those start three days from now.
PREPARE = """
import json
from datetime import datetime, timedelta, timezone
from odoo.fields import Command
payload = json.loads(PAYLOAD)
company = env["res.company"].browse(payload["company_id"])
now = datetime.now(timezone.utc)
midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
calendar = company.resource_calendar_id
calendar.write({"tz": f"Etc/GMT{now.hour - 12:+}", "attendance_ids": [
    Command.clear(),
    *(Command.create({"name": "Ca", "dayofweek": str(day), "hour_from": 0,
                      "hour_to": 24, "day_period": "morning"}) for day in range(7)),
]})
room = env["resource.resource"].create({
    "name": "Phòng nhắc", "company_id": company.id, "is_seat": True,
    "resource_type": "material", "calendar_id": False,
    "booking_service_ids": env.ref("crm_lead_api.demo_service_tri_nam").ids,
})
client = env.ref("crm_lead_api.demo_client")
client.write({"books_appointments": True, "requests_per_minute": 0})
for number in range(COUNT):
    lead = env["crm.lead"].create({
        "name": f"Nhắc {number}", "ticket_ref": str(900_000 + number),
        "partner_id": env["res.partner"].create({"name": f"Nhắc {number}"}).id,
        "company_id": company.id, "lead_api_client_id": client.id,
    })
    env["crm.booking"].create({
        "lead_id": lead.id, "company_id": company.id, "seat_id": room.id,
        "start": (midnight + timedelta(days=9, minutes=30 * number)).replace(
            tzinfo=None
        ),
        "duration": 30, "service_ids": [Command.create(
            {"product_id": env.ref("crm_lead_api.demo_service_tri_nam").id}
        )],
    })
client.write({
    "webhook_url": "https://tickets.example.com/events",
    "webhook_bookings": True, "webhook_reminders": True,
})
starts = [midnight + timedelta(days=3, minutes=30 * number) for number in range(96)]
print(">>" + json.dumps([start.isoformat() for start in starts]))
env.cr.commit()
"""
# As if the time had come; also for a server whose clock is slow
MAKE_DUE = """
    UPDATE crm_booking
       SET reminder_date = now() AT TIME ZONE 'utc' - interval '2 hours'
     WHERE id IN (
         SELECT booking.id
           FROM crm_booking booking
           JOIN resource_resource seat ON seat.id = booking.seat_id
          WHERE seat.name = 'Phòng nhắc' AND booking.id != ALL(%s)
          ORDER BY booking.id
          LIMIT %s
     )
    RETURNING id
"""
TRIGGER = """
    INSERT INTO ir_cron_trigger (cron_id, call_at)
    SELECT res_id, now() AT TIME ZONE 'utc' - interval '2 hours'
      FROM ir_model_data
     WHERE module = 'crm_lead_api_booking' AND name = 'ir_cron_remind'
"""
REMINDERS = """
    SELECT (body::json #>> '{data,booking,id_booking}')::int, count(*)
      FROM crm_lead_api_event
     WHERE type = 'booking.reminder_due'
     GROUP BY 1
"""


def prepare(database: Database, payload: dict, count: int) -> list[str]:
    """Make bookings that can be reminded of, and what other bookings need.

    :param payload: of leads to come
    :param count: of bookings
    :return: the times for other bookings, in ISO format
    """
    script = PREPARE.replace("PAYLOAD", repr(json.dumps(payload)))
    return json.loads(database.run(script.replace("COUNT", str(count))))


class Reminders:
    """The bookings of a database whose reminders have become due.

    :ivar due: their ids
    """

    def __init__(self, database: Database):
        self.database = database
        self.due: list[int] = []

    def make_due(self) -> None:
        """Let further reminders become due, and the scheduled action begin."""
        with closing(self.database.connect()) as connection, connection:
            cursor = connection.cursor()
            cursor.execute(MAKE_DUE, [self.due, AT_ONCE])
            self.due += [booking for (booking,) in cursor.fetchall()]
            cursor.execute(TRIGGER)
        self.database.wake_servers_up()

    def check(self, findings) -> None:
        """Add what is wrong with the reminders.

        :param Findings findings: to be added to
        """
        sent = dict(self.database.query(REMINDERS))
        findings.counts["reminders"] = sum(sent.values())
        for booking in self.due:
            count = sent.pop(booking, 0)
            if not count:
                findings.lost.append(f"nobody was reminded of booking {booking}")
            if count > 1:
                findings.doubled.append(f"booking {booking} has {count} reminders")
        for booking in sent:
            findings.half_made.append(f"no reminder of booking {booking} was due")
