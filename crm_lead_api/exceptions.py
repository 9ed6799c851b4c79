# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from dataclasses import dataclass

from werkzeug.exceptions import HTTPException, Unauthorized, UnsupportedMediaType

from odoo.exceptions import UserError, ValidationError
from odoo.tools.translate import LazyGettext


@dataclass(frozen=True)
class FieldError:
    """One wrong attribute of a request.

    :param field: the caller's own path to it, ``customer_portrait.hobby.0``; list
        items are counted from 0; ``""`` is the payload as a whole
    :param code: stable machine code, never translated: ``required``, ``type``,
        ``choice``, ``format``, ``range``, ``too_long``, ``too_many``, ``too_few``,
        ``characters``, ``unknown``, ``archived``, ``mismatch``, ``ambiguous``; of a
        lead among many also ``conflict``, ``refused``, ``forbidden``, ``malformed``
    :param message: what would be right; translated when the answer is written
    :param allowed: the closed list of values that would do
    :param did_you_mean: the allowed value that the sent one resembles most
    :param candidates: the records, ``{"id": …, "name": …}``, that a code may mean
    """

    field: str
    code: str
    message: LazyGettext | str
    allowed: tuple[str, ...] = ()
    did_you_mean: str | None = None
    candidates: tuple[dict, ...] = ()


class PayloadError(ValidationError):
    """The payload is well-formed JSON, but some of its attributes are wrong (422).

    :param errors: one entry per wrong attribute, in the contract's order
    """

    loglevel = logging.INFO  # what Odoo logs it with; the mistake is the caller's

    def __init__(self, errors: list[FieldError]):
        super().__init__(f"Wrong fields: {', '.join(error.field for error in errors)}")
        self.errors = errors


class MalformedRequestError(ValidationError):
    """A header, or the body as one JSON object, cannot be read (400).

    :param reason: what is wrong with it; translated when the answer is written
    """

    loglevel = logging.INFO

    def __init__(self, reason: LazyGettext):
        super().__init__("Malformed request")
        self.reason = reason


class IdempotencyConflictError(UserError):
    """The ``Idempotency-Key`` is that of a call with another payload (409)."""

    loglevel = logging.INFO

    def __init__(self):
        super().__init__("Idempotency-Key of another payload")


class ClientRefusedError(UserError):
    """The token is good, but its client may not call now, or not from there (403).

    :param reason: why; translated when the answer is written
    """

    loglevel = logging.INFO

    def __init__(self, reason: LazyGettext):
        super().__init__("Call of a client refused")
        self.reason = reason


class InvalidTokenError(Unauthorized):
    """No token, or one that opens nothing here (401).

    Carries no detail on purpose: the contract has one answer for all these cases.
    """


class NotJsonError(UnsupportedMediaType):
    """The route takes no forms, which others take (415)."""


class UnknownPathError(HTTPException):
    """No route below the API's prefix (404).

    Not werkzeug's ``NotFound``, after which Odoo looks for a page of the website.
    """

    code = 404


class DryRunDone(Exception):  # noqa: N818  no error: it takes back what was made
    """A call that was to save nothing went all the way.

    :param answer: the :class:`DryRunResponse` that says what would have been made
    :param warnings: what is no error, but perhaps not meant
    """

    loglevel = logging.DEBUG

    def __init__(self, answer, warnings: list[FieldError]):
        super().__init__("Dry run")
        self.answer = answer
        self.warnings = warnings
