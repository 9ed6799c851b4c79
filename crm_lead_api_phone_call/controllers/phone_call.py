# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial

from odoo import http

from odoo.addons.crm_lead_api.http.body import BYTES, FileContent, ReceivedFile
from odoo.addons.crm_lead_api.http.outcome import Outcome
from odoo.addons.crm_lead_api.http.received_request import ReceivedRequest
from odoo.addons.crm_lead_api.http.routes import api_route

from ..models.crm_lead_phone_call_request import BEGINNINGS
from ..models.res_config_settings import RECORDING_SIZE
from ..schemas import (
    CallId,
    PhoneCallRequest,
    PhoneCallsQuery,
    PutPhoneCallResponse,
    RecordingResponse,
    StoredPhoneCallResponse,
    StoredPhoneCallsResponse,
)
from ..translate import _lt

phone_call_route = partial(api_route, tag=_lt("Phone calls"))
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
RECORDING = _lt(
    "**The file** is the body, as it is: no form, no base64. It takes the place of an "
    "earlier recording of the call. Odoo deletes recordings after some time; the rest "
    "of the call stays."
)


def _get_max_size(env):
    megabytes = env["ir.config_parameter"]._get_lead_api_int(RECORDING_SIZE)
    return megabytes * 1024 * 1024


SOUND = FileContent((*BEGINNINGS, BYTES), _get_max_size)


class PhoneCallController(http.Controller):
    @phone_call_route(
        "/phone-calls/<call_id>",
        "PUT",
        _lt("Make or change a phone call"),
        details=(PUT, BELONGS, FOLLOWS, IF_MATCH, RETRIES),
        errors=(400, 409, 412, 413, 415, 422),
        kind="phone_call",
    )
    def put_phone_call(
        self, call_id: CallId, received: ReceivedRequest[PhoneCallRequest]
    ) -> Outcome[PutPhoneCallResponse]:
        return self.env["crm.lead.api.engine"]._serve_phone_call(received, call_id)

    @phone_call_route(
        "/phone-calls/<call_id>", "GET", _lt("Read a phone call"), errors=(404,)
    )
    def read_phone_call(self, call_id: CallId) -> StoredPhoneCallResponse:
        call = self.env["crm.lead.phone.call"]._get_own(call_id)
        return StoredPhoneCallResponse.from_record(call)

    @phone_call_route(
        "/phone-calls",
        "GET",
        _lt("Read the phone calls of a ticket or a phone, or those that have changed"),
        details=(CHANGES,),
        errors=(422,),
    )
    def read_phone_calls(self, query: PhoneCallsQuery) -> StoredPhoneCallsResponse:
        return self.env["crm.lead.phone.call"]._read_page(query)


class RecordingController(http.Controller):
    @phone_call_route(
        "/phone-calls/<call_id>/recording",
        "PUT",
        _lt("Send the recording of a phone call"),
        details=(RECORDING, RETRIES),
        errors=(400, 404, 409, 412, 413, 415, 422),
        file=SOUND,
        kind="recording",
    )
    def put_recording(
        self, call_id: CallId, received: ReceivedRequest[ReceivedFile]
    ) -> Outcome[RecordingResponse]:
        return self.env["crm.lead.api.engine"]._serve_recording(received, call_id)

    @phone_call_route(
        "/phone-calls/<call_id>/recording",
        "GET",
        _lt("Read the recording of a phone call"),
        errors=(404,),
        file=SOUND,
    )
    def read_recording(self, call_id: CallId) -> http.Response:
        recording = self.env["crm.lead.phone.call"]._get_recording(call_id)
        return self.env["ir.binary"]._get_stream_from(recording).get_response()
