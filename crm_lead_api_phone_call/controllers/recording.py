# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.http.request_body import FileContent
from odoo.addons.crm_lead_api.http.routes import api_route
from odoo.addons.crm_lead_api.models.request.outcome import Outcome
from odoo.addons.crm_lead_api.models.request.received_request import ReceivedRequest
from odoo.addons.crm_lead_api.tools import media_type
from odoo.addons.crm_lead_api.tools.received_file import ReceivedFile

from ..models.crm_lead_phone_call_recording import BEGINNINGS
from ..schemas import RecordingResponse
from ..schemas.phone_call import CallId
from .phone_call import PHONE_CALLS, RETRIES

_lt = LazyTranslate(__name__, default_lang="en_US")

RECORDING = _lt(
    "**The file** is the body, as it is: no form, no base64. It takes the place of an "
    "earlier recording of the call. Odoo deletes recordings after some time; the rest "
    "of the call stays."
)


def _get_max_size(env):
    megabytes = env["ir.config_parameter"]._get_phone_call_int("recording_size")
    return megabytes * 1024 * 1024


SOUND = FileContent((*BEGINNINGS, media_type.BYTES), _get_max_size)


class RecordingController(http.Controller):
    @api_route(
        "/phone-calls/<call_id>/recording",
        "PUT",
        _lt("Send the recording of a phone call"),
        tag=PHONE_CALLS,
        details=(RECORDING, RETRIES),
        errors=(400, 404, 409, 412, 413, 415, 422),
        file=SOUND,
        kind="recording",
    )
    def put_recording(
        self, call_id: CallId, received: ReceivedRequest[ReceivedFile]
    ) -> Outcome[RecordingResponse]:
        return self.env["crm.lead.api.engine"]._serve_recording(received, call_id)

    @api_route(
        "/phone-calls/<call_id>/recording",
        "GET",
        _lt("Read the recording of a phone call"),
        tag=PHONE_CALLS,
        errors=(404,),
        file=SOUND,
    )
    def read_recording(self, call_id: CallId) -> http.Response:
        reader = self.env["crm.lead.api.phone.call.reader"]
        stream = self.env["ir.binary"]._get_stream_from(reader._get_recording(call_id))
        return stream.get_response()
