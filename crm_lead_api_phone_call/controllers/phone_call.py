# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.http.routes import api_route
from odoo.addons.crm_lead_api.models.request.outcome import Outcome
from odoo.addons.crm_lead_api.models.request.received_request import ReceivedRequest

from ..schemas import (
    PhoneCallRequest,
    PhoneCallsQuery,
    PutPhoneCallResponse,
    StoredPhoneCallResponse,
    StoredPhoneCallsResponse,
)
from ..schemas.phone_call import CallId

_lt = LazyTranslate(__name__, default_lang="en_US")

PHONE_CALLS = _lt("Phone calls")
PUT = _lt(
    "**When to send it:** as soon as the telephone rings, and again when something is "
    "known: the answer, the end, the note. The first request needs direction, phone, "
    "agent_email and started_at. A later request sends what is new; what it leaves out "
    "stays, and null empties."
)
BELONGS = _lt(
    "**What it belongs to:** the ticket's newest open lead; otherwise the customer "
    "with account_id or with the phone, and the customer's newest open lead, as far as "
    "your client may read the lead. Nobody is made. A ticket without a lead is no "
    "error: the call joins the lead when it comes."
)
FOLLOWS = _lt(
    "**What follows:** a line on the lead; for an answered call the state contacted, "
    "and its event; for callback_at a planned call for the salesperson."
)
RETRIES = _lt(
    "**Retries:** the same request, sent again, makes no second call. With an "
    "Idempotency-Key a repeated request gets the answer to the first request."
)
IF_MATCH = _lt(
    "**If-Match:** send the ETag of the call with a change, and the change is made "
    "only if the call is still as you read it. Otherwise the answer is a 412."
)
CHANGES = _lt(
    "**Following changes:** keep the last updated_at, and send it as updated_since the "
    "next time. Calls that changed at this very time come again; no change is left out."
)


class PhoneCallController(http.Controller):
    @api_route(
        "/phone-calls/<call_id>",
        "PUT",
        _lt("Make or change a phone call"),
        tag=PHONE_CALLS,
        details=(PUT, BELONGS, FOLLOWS, IF_MATCH, RETRIES),
        errors=(400, 409, 412, 413, 415, 422),
        kind="phone_call",
    )
    def put_phone_call(
        self, call_id: CallId, received: ReceivedRequest[PhoneCallRequest]
    ) -> Outcome[PutPhoneCallResponse]:
        return self.env["crm.lead.api.engine"]._serve_phone_call(received, call_id)

    @api_route(
        "/phone-calls/<call_id>",
        "GET",
        _lt("Read a phone call"),
        tag=PHONE_CALLS,
        errors=(404,),
    )
    def read_phone_call(self, call_id: CallId) -> StoredPhoneCallResponse:
        call = self.env["crm.lead.api.phone.call.reader"]._get_own(call_id)
        return StoredPhoneCallResponse.from_call(call)

    @api_route(
        "/phone-calls",
        "GET",
        _lt("Read the phone calls of a ticket or a phone, or those that have changed"),
        tag=PHONE_CALLS,
        details=(CHANGES,),
        errors=(422,),
    )
    def read_phone_calls(self, query: PhoneCallsQuery) -> StoredPhoneCallsResponse:
        horizon = self.env["crm.lead.api.reader"]._find_horizon()
        reader = self.env["crm.lead.api.phone.call.reader"]
        calls, cursor = reader._get_page(query, horizon)
        return StoredPhoneCallsResponse.from_calls(calls, cursor)
