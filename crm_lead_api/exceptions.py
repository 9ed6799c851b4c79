# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from dataclasses import dataclass

from odoo.exceptions import UserError, ValidationError
from odoo.tools.translate import LazyGettext

from .translate import _lt


@dataclass(frozen=True)
class FieldError:
    """Describe a wrong attribute of a request."""

    # Its path, as sent: customer_portrait.hobby.0; "" is the payload as a whole
    field: str
    # Stable, never translated: required, type, choice, format, range, too_long,
    # too_many, too_few, characters, unknown, archived, mismatch, ambiguous, immutable;
    # of a lead among many also conflict, refused, forbidden, malformed
    code: str
    message: LazyGettext | str  # the right form; translated when the answer is written
    allowed: tuple[str, ...] = ()  # the values of a closed list
    # What the sent value resembles most; for an attribute that is missing, the unknown
    # attribute that was perhaps sent for it
    did_you_mean: str | None = None
    candidates: tuple[dict, ...] = ()  # the records, by id and name, of a code


class PayloadError(ValidationError):
    """Report wrong attributes of a payload in well-formed JSON (422), each by an error;
    ``details`` are further attributes of the answer."""

    loglevel = logging.INFO  # for Odoo's log: the mistake is the client's

    def __init__(self, errors: list[FieldError], **details):
        super().__init__(f"Wrong fields: {', '.join(error.field for error in errors)}")
        self.errors, self.details = errors, details


class AnswerError(UserError):
    """Answer with an error: ``kind`` is the "type" in the body, ``details`` are further
    attributes; the message, perhaps a LazyGettext, is translated when it is written."""

    loglevel = logging.INFO

    def __init__(self, status: int, kind: str, message, headers=None, **details):
        super().__init__(kind)
        self.status, self.kind, self.message = status, kind, message
        self.headers, self.details = headers or {}, details


def malformed(message: LazyGettext) -> AnswerError:
    """Return the error for a header, or a body, that cannot be read (400)."""
    return AnswerError(400, "malformed", message)


class DryRunDone(Exception):  # noqa: N818  no error: it rolls the records back
    """End a successful dry run, and roll back its records, which the answer, a
    :class:`DryRunResponse`, describes."""

    loglevel = logging.DEBUG

    def __init__(self, answer, warnings: list[FieldError]):
        super().__init__("Dry run")
        self.answer, self.warnings = answer, warnings


# Status and type of errors: AnswerError(*FORBIDDEN, text)
FORBIDDEN = (403, "forbidden")  # what the client may not do, in spite of its token
# With their text: AnswerError(*CLOSED_LEAD)
# The body of a 401 has no detail on purpose: the contract has one for all these cases.
INVALID_TOKEN = (401, "access_token", "token seems to have expired or invalid")
# Not werkzeug's NotFound, after which Odoo looks for a page of the website
UNKNOWN_PATH = (
    404,
    "not_found",
    _lt(
        "There is nothing at this address. To make a lead, send POST to "
        "/api/v1/lead; /api/v1/docs lists all addresses."
    ),
)
UNKNOWN_LEAD = (
    404,
    "not_found",
    _lt("Your client has no lead with this id, or of this ticket."),
)
KEY_CONFLICT = (
    409,
    "conflict",
    _lt(
        "This Idempotency-Key came with another payload before: send a key of its own "
        "with each lead, and change a lead by PATCH or PUT."
    ),
)
CLOSED_LEAD = (
    409,
    "closed",
    _lt("The lead is closed: make a new lead with POST /api/v1/lead."),
)
AMBIGUOUS_TICKET = (
    409,
    "ambiguous",
    _lt(
        "The ticket has several open leads: send the change to /api/v1/lead/<id> of "
        "one of them."
    ),
)
