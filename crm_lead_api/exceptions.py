# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from dataclasses import dataclass

from werkzeug.exceptions import HTTPException, Unauthorized, UnsupportedMediaType

from odoo.exceptions import UserError, ValidationError
from odoo.tools.translate import LazyGettext


@dataclass(frozen=True)
class FieldError:
    """Describe a wrong attribute of a request.

    :param field: path of the attribute, as sent: ``customer_portrait.hobby.0``; list
        items are counted from 0; ``""`` is the payload as a whole
    :param code: stable machine code, never translated: ``required``, ``type``,
        ``choice``, ``format``, ``range``, ``too_long``, ``too_many``, ``too_few``,
        ``characters``, ``unknown``, ``archived``, ``mismatch``, ``ambiguous``,
        ``immutable``; of a lead among many also ``conflict``, ``refused``,
        ``forbidden``, ``malformed``
    :param message: the right form of the value; translated when the answer is written
    :param allowed: the values of a closed list
    :param did_you_mean: the allowed value that the sent value resembles most; for an
        attribute that is missing, the unknown attribute that was perhaps sent for it
    :param candidates: the records, ``{"id": …, "name": …}``, that a code may mean
    """

    field: str
    code: str
    message: LazyGettext | str
    allowed: tuple[str, ...] = ()
    did_you_mean: str | None = None
    candidates: tuple[dict, ...] = ()


class PayloadError(ValidationError):
    """Report a payload in well-formed JSON that has wrong attributes (422).

    :param errors: one entry per wrong attribute, in the contract's order
    :param details: further attributes of the answer, as JSON, that help to correct the
        request
    """

    loglevel = logging.INFO  # for Odoo's log: the mistake is the client's

    def __init__(self, errors: list[FieldError], **details):
        super().__init__(f"Wrong fields: {', '.join(error.field for error in errors)}")
        self.errors = errors
        self.details = details


class MalformedRequestError(ValidationError):
    """Report a malformed header, or a body that is not one JSON object (400).

    :param reason: the mistake; translated when the answer is written
    """

    loglevel = logging.INFO

    def __init__(self, reason: LazyGettext):
        super().__init__("Malformed request")
        self.reason = reason


class IdempotencyConflictError(UserError):
    """Report an ``Idempotency-Key`` that belongs to another payload (409)."""

    loglevel = logging.INFO

    def __init__(self):
        super().__init__("Idempotency-Key of another payload")


class ClientRefusedError(UserError):
    """Refuse a request with a valid token, because of its client or address (403).

    :param reason: of the refusal; translated when the answer is written
    """

    loglevel = logging.INFO

    def __init__(self, reason: LazyGettext):
        super().__init__("Request of a client refused")
        self.reason = reason


class InvalidTokenError(Unauthorized):
    """Refuse a request without a valid token (401).

    The body has no detail on purpose: the contract has one for all these cases.

    :param reason: of the refusal, in ASCII, for the header ``WWW-Authenticate``;
        ``""``: no token was sent
    """

    def __init__(self, reason: str = ""):
        super().__init__()
        self.reason = reason


class NotJsonError(UnsupportedMediaType):
    """Refuse a media type at a route that takes only JSON (415)."""


class UnknownEncodingError(UnsupportedMediaType):
    """Refuse a body that is compressed in another way than by gzip (415)."""


class UnknownPathError(HTTPException):
    """Report an address of the API without a route (404).

    Not werkzeug's ``NotFound``, after which Odoo looks for a page of the website.
    """

    code = 404


class UnknownLeadError(UnknownPathError):
    """Report a lead's id, or a ticket, of which the client may read no lead (404)."""


class AnswerError(UserError):
    """Answer a request with an error of another addon.

    :param status: of HTTP
    :param kind: the ``type`` in the body
    :param message: the reason, and what would be right; translated when the answer is
        written
    :param headers: of the answer
    :param details: further attributes of the answer, as JSON
    """

    loglevel = logging.INFO

    def __init__(
        self,
        status: int,
        kind: str,
        message: LazyGettext,
        headers: dict[str, str] | None = None,
        **details,
    ):
        super().__init__(kind)
        self.status = status
        self.kind = kind
        self.message = message
        self.headers = headers or {}
        self.details = details


class DryRunDone(Exception):  # noqa: N818  no error: it rolls the records back
    """End a successful dry run, and roll back its records.

    :param answer: the :class:`DryRunResponse` that describes the records
    :param warnings: mistakes that are likely, but no errors
    """

    loglevel = logging.DEBUG

    def __init__(self, answer, warnings: list[FieldError]):
        super().__init__("Dry run")
        self.answer = answer
        self.warnings = warnings


class ClosedLeadError(UserError):
    """Refuse a change of a lead that is won or lost (409).

    :param state: ``won`` or ``lost``
    """

    loglevel = logging.INFO

    def __init__(self, state: str):
        super().__init__("Change of a closed lead")
        self.state = state


class AmbiguousTicketError(UserError):
    """Refuse a change by a ticket that has several open leads (409).

    :param lead_ids: ids of the leads
    """

    loglevel = logging.INFO

    def __init__(self, lead_ids: list[int]):
        super().__init__("Ticket of several open leads")
        self.lead_ids = lead_ids


class StaleLeadError(UserError):
    """Refuse a change of a lead that has changed since the client read it (412)."""

    loglevel = logging.INFO

    def __init__(self):
        super().__init__("If-Match of an earlier state of the lead")
