# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The clinic of the tests, with two rooms and a doctor, and a client that books."""

from datetime import datetime, timedelta

import pytz

from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.crm_lead_api.tests.common import LeadApiCase, LeadApiHttpCase

ZONE = pytz.timezone("Asia/Ho_Chi_Minh")
MONDAY = datetime(2031, 3, 3)  # of a week far from today
LOGGER = "odoo.addons.crm_lead_api.models.event.crm_lead_api_retry_mixin"


def at(hour, day=0):
    """Return an hour of a day of the week, as a client sends it.

    :param day: 0 is Monday
    """
    moment = ZONE.localize(MONDAY + timedelta(days=day, minutes=round(hour * 60)))
    return moment.isoformat()


def utc(hour, day=0):
    """Return the same moment, as Odoo stores it."""
    moment = datetime.fromisoformat(at(hour, day))
    return moment.astimezone(pytz.utc).replace(tzinfo=None)


class BookingData:
    """Add working hours, seats and a booking client to the clinic."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.books_appointments = True
        cls.calendar = cls.make_calendar("Giờ làm việc", [(8, 12), (13, 17)])
        cls.company.resource_calendar_id = cls.calendar
        cls.service.booking_duration = 60
        cls.service_2.booking_duration = 30
        cls.room, cls.room_2 = cls.env["resource.resource"].create(
            [cls.prepare_seat(name) for name in ("Phòng 1", "Phòng 2")]
        )
        cls.doctor = cls.env["resource.resource"].create(
            {
                **cls.prepare_seat("Zoe"),
                "resource_type": "user",
                "booking_service_ids": [Command.set(cls.service_2.ids)],
            }
        )
        cls.manager = new_test_user(
            cls.env,
            "le-tan-truong",
            "crm_lead_api_booking.crm_lead_api_booking_group_manager,"
            "sales_team.group_sale_salesman_all_leads",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            tz="Asia/Ho_Chi_Minh",
        )

    @classmethod
    def make_calendar(cls, name, hours, days=range(5), tz="Asia/Ho_Chi_Minh", **values):
        return cls.env["resource.calendar"].create(
            {
                "name": name,
                "tz": tz,
                "company_id": cls.company.id,
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": name,
                                "dayofweek": str(day),
                                "hour_from": start,
                                "hour_to": stop,
                                "day_period": "morning" if start < 12 else "afternoon",
                            }
                        )
                        for day in days
                        for start, stop in hours
                    ),
                ],
                **values,
            }
        )

    @classmethod
    def prepare_seat(cls, name, **values):
        return {
            "name": name,
            "is_seat": True,
            "company_id": cls.company.id,
            "resource_type": "material",
            "calendar_id": False,
            **values,
        }

    def book(self, lead=None, hour=9, day=0, seat=None, **values):
        """Make a booking, as staff do."""
        lead = lead or self.make_lead()
        return self.env["crm.booking"].create(
            {
                "lead_id": lead.id,
                "company_id": self.company.id,
                "seat_id": (seat or self.room).id,
                "start": utc(hour, day),
                "service_ids": [Command.create({"product_id": self.service.id})],
                **values,
            }
        )

    def make_lead(self, **changes):
        """Make the lead of a new customer."""
        return self.create_lead(
            ticket_id=self._next(), **{**self._prepare_customer(), **changes}
        )

    def run_action(self, name):
        """Run a scheduled action once."""
        self.env.cr.flush()
        with self.enter_registry_test_mode():
            self.env.ref(f"crm_lead_api_booking.{name}").method_direct_trigger()
        self.env.invalidate_all()

    _number = 0

    def _next(self):
        BookingData._number += 1
        return 9000 + BookingData._number

    def _prepare_customer(self):
        number = self._next()
        return {
            "phone_no1": f"09681{number:05}",
            "phone_no2": None,
            "phone_no3": None,
            "email_from": None,
            "contact_name": f"Khách {number}",
        }


class BookingCase(BookingData, LeadApiCase):
    """Calls the models."""


class MeetingCase(BookingCase):
    """Has a doctor with a user, in whose calendar meetings stand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._new_user("bac-si", "base.group_user")
        cls.user.email = "bac-si@example.com"
        cls.doctor.write(
            {"user_id": cls.user.id, "booking_service_ids": [Command.clear()]}
        )

    def write_meetings(self):
        self.run_action("ir_cron_write_meetings")

    def book_doctor(self, **values):
        """Book the doctor, and return the booking and its meeting."""
        booking = self.book(seat=self.doctor, **values)
        self.write_meetings()
        return booking, booking.meeting_id


class BookingHttpCase(BookingData, LeadApiHttpCase):
    """Calls the API over a real socket."""

    def send(self, method, path, payload=None, token=None, **headers):
        """Send a request; a keyword is a header."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers["Authorization"] = f"Bearer {token or self.token}"
        kwargs = {} if payload is None else {"json": payload}
        return self.url_open(f"/api/v1{path}", headers=headers, method=method, **kwargs)

    def new_lead_payload(self, **changes):
        """Return the body of a lead of a new customer."""
        payload = {**self.payload, "ticket_id": self._next()}
        return {**payload, **self._prepare_customer(), **changes}

    def assertBooked(self, response):
        """Check a 200, and return the booking."""
        body = self.assertJson(response, 200)
        self.assertEqual(
            list(body["data"]),
            [
                "id_booking",
                "code",
                "state",
                "start",
                "end",
                "company",
                "seat",
                "services",
                "id_lead",
                "ticket_id",
                "account_id",
                "note",
                "link_booking_detail",
            ],
        )
        self.assertTrue(response.headers["ETag"])
        return self.env["crm.booking"].browse(body["data"]["id_booking"])
