# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import ClassVar, Literal

from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.exceptions import FieldError
from odoo.addons.crm_lead_api.schemas import Schema
from odoo.addons.crm_lead_api.schemas.about import about
from odoo.addons.crm_lead_api.schemas.error import field_error
from odoo.addons.crm_lead_api.schemas.lead import Ids
from odoo.addons.crm_lead_api.schemas.lead_change import ADD, BOTH, EITHER, REMOVE
from odoo.addons.crm_lead_api.schemas.query import Moment
from odoo.addons.crm_lead_api.schemas.value import Id, Line, Text, is_sent

_lt = LazyTranslate(__name__, default_lang="en_US")

NEEDS_CANCEL = _lt('A cancel_reason goes with "state": "cancelled".')
EMPTIED = ("note", "cancel_reason")  # may be emptied by null


class BookingChange(Schema):
    """The body of ``PATCH /api/v1/bookings``: the attributes that change.

    ``null`` empties the note; ``""`` means "not sent", as everywhere.
    """

    takes_codes: ClassVar[bool] = True
    takes_defaults: ClassVar[bool] = False

    start: Moment | None = about(
        _lt("The new start; the length stays."), example="2026-12-01T10:00:00+07:00"
    )
    seat_id: Id | None = about(
        _lt("The new seat."), example=3, model="resource.resource"
    )
    crm_line_ids: Ids | None = about(
        _lt("The new whole list of services; the length follows the services."),
        example=[38],
        model="product.product",
    )
    add_crm_line_ids: Ids | None = about(
        _lt("Services to add; a service that is there gets one more."),
        model="product.product",
    )
    remove_crm_line_ids: Ids | None = about(_lt("Services to remove."))
    note: Text | None = about(_lt("A note for the branch; null empties it."))
    state: (
        Literal["booked", "confirmed", "arrived", "done", "no_show", "cancelled"] | None
    ) = about(
        _lt(
            "The new state. booked: confirmed, arrived, no_show or cancelled may "
            "follow; confirmed: arrived, no_show, cancelled; arrived: done, cancelled."
        ),
        example="confirmed",
    )
    cancel_reason: Line | None = about(_lt("Why it is cancelled."))

    @classmethod
    def is_sent(cls, value):
        return value is None or is_sent(value)

    @classmethod
    def is_required(cls, name):
        return False

    def _find_contradictions(self):
        errors = [
            field_error({"type": "missing", "loc": (name,)})
            for name in self.get_sent_fields()
            if name not in EMPTIED
            and getattr(self, name) is None
            and not any(error.field.split(".")[0] == name for error in self._errors)
        ]
        if self.crm_line_ids:
            errors += [
                FieldError(name, "mismatch", EITHER)
                for name in (ADD, REMOVE)
                if getattr(self, name)
            ]
        errors += [
            FieldError(path, "mismatch", BOTH)
            for path, service in self.get_reference_paths(REMOVE)
            if service in (self.add_crm_line_ids or [])
        ]
        if self.cancel_reason and self.state != "cancelled":
            errors.append(FieldError("cancel_reason", "mismatch", NEEDS_CANCEL))
        return errors

    def names_services(self) -> bool:
        """Tell whether the services change."""
        names = ("crm_line_ids", ADD, REMOVE)
        return any(getattr(self, name) for name in names)
