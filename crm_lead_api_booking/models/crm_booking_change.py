# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timezone

from psycopg2 import IntegrityError

from odoo import models
from odoo.fields import Command
from odoo.tools import LazyTranslate

from odoo.addons.crm_lead_api.exceptions import (
    AnswerError,
    FieldError,
    PayloadError,
)
from odoo.addons.crm_lead_api.schemas.lead_change import ADD, REMOVE

from .crm_booking import TRANSITIONS
from .crm_booking_intake import Appointment, explain_race, to_utc

_lt = LazyTranslate(__name__, default_lang="en_US")

NOT_THERE = _lt("The booking has no such service.")
NO_SERVICE = _lt("Leave at least one service.")
CLOSED_BOOKING = _lt("The booking is closed: make a new one.")


class CrmBooking(models.Model):
    """Change bookings for clients."""

    _inherit = "crm.booking"

    def _change_from_payload(self, payload):
        """Change the booking, which has superuser rights.

        :param BookingChange payload: with or without errors
        :raise PayloadError: the payload has errors, or nobody works at the new time
        :raise AnswerError: the booking is closed, may not get the state, or the
            time is taken
        """
        self.ensure_one()
        records, errors = self.sudo(False)._find_records(payload, self.company_id)
        services, wrong = self._get_changed_services(payload, records)
        errors += payload.get_errors() + wrong
        if errors:
            raise PayloadError(payload.sort_errors(errors))
        values = self._prepare_changes(payload, services)
        if not values and self._is_same_seat_and_time(payload, records):
            return
        if not self._is_open():
            raise AnswerError(409, "closed", CLOSED_BOOKING, state=self.state)
        state = values.get("state")
        if state and state not in TRANSITIONS[self.state]:
            raise AnswerError(
                409,
                "transition",
                _lt(
                    "The booking is %(present)s: it may become %(allowed)s.",
                    present=self.state,
                    allowed=", ".join(TRANSITIONS[self.state]),
                ),
                state=self.state,
            )
        values |= self._prepare_move(payload, records, services)
        try:
            self.write(values)
            self.env.flush_all()
        except IntegrityError as error:
            raise explain_race(error) from error

    def _get_changed_services(self, payload, records):
        """Return the services after a change, or ``None``, and the errors."""
        if not payload.names_services():
            return None, []
        if payload.crm_line_ids:
            found = records["crm_line_ids"]
            return self._count_services(found, payload.crm_line_ids), []
        services = {line.product_id: line.quantity for line in self.service_ids}
        errors = []
        for product in records[ADD]:
            product = product.sudo()
            count = payload.add_crm_line_ids.count(product.id)
            services[product] = services.get(product, 0) + count
        for path, product_id in payload.get_reference_paths(REMOVE):
            product = self.env["product.product"].browse(product_id)
            if services.pop(product, None) is None:
                errors.append(FieldError(path, "unknown", NOT_THERE))
        if not services and not errors:
            errors.append(FieldError(REMOVE, "too_few", NO_SERVICE))
        return services, errors

    def _prepare_changes(self, payload, services):
        """Prepare the new values of a change, apart from time and seat."""
        values = {}
        if payload.state and payload.state != self.state:
            values["state"] = payload.state
        for name in ("note", "cancel_reason"):
            value = getattr(payload, name)
            is_sent = name in payload.get_sent_fields()
            if is_sent and (value or False) != (self[name] or False):
                values[name] = value or False
        present = {line.product_id.id: line.quantity for line in self.service_ids}
        if services is not None:
            new = {product.id: quantity for product, quantity in services.items()}
            if new != present:
                values["service_ids"] = self._prepare_service_changes(services)
        return values

    def _prepare_service_changes(self, services):
        """Prepare the commands that change the services; services that stay keep their
        prices."""
        commands = []
        for line in self.service_ids:
            if line.product_id not in services:
                commands.append(Command.delete(line.id))
            elif line.quantity != (quantity := services[line.product_id]):
                commands.append(Command.update(line.id, {"quantity": quantity}))
        present = self.service_ids.product_id
        new = {each: count for each, count in services.items() if each not in present}
        last = max(self.service_ids.mapped("sequence"), default=0)
        return commands + self._prepare_services(new, self.lead_id, last + 1)

    def _is_same_seat_and_time(self, payload, records):
        start = payload.start and to_utc(payload.start)
        return start in (None, self.start) and records["seat_id"] in (
            self.seat_id,
            self.seat_id.browse(),
        )

    def _prepare_move(self, payload, records, services):
        """Prepare the new time and seat.

        :param dict services: the new quantities, or ``None``
        """
        start = to_utc(payload.start) if payload.start else self.start
        minutes = self.duration if services is None else self._get_minutes(services)
        is_moved = start != self.start
        is_longer = minutes != self.duration
        seat = records["seat_id"] or self.seat_id
        if not (is_moved or is_longer or seat != self.seat_id or services):
            return {}
        if services is None:
            services = {line.product_id: line.quantity for line in self.service_ids}
        wanted = Appointment(
            company=self.company_id,
            services=services,
            minutes=minutes,
            start=start.replace(tzinfo=timezone.utc),
            seat=seat.sudo(False),
        )
        seat = self.sudo(False)._find_wanted_seat(wanted, is_moved=is_moved)
        values = {"start": start, "duration": minutes, "seat_id": seat.id}
        return {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }
