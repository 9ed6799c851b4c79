# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.exceptions import (
    AnswerError,
    DryRunDone,
    FieldError,
    PayloadError,
)
from odoo.addons.crm_lead_api.models.request.outcome import Outcome
from odoo.addons.crm_lead_api.tools.json_body import to_json

from ..schemas import (
    PhoneCallRequest,
    PutPhoneCallResponse,
    RecordingResponse,
    StoredPhoneCallResponse,
)
from ..schemas.phone_call import MAX_CALL_ID, is_call_id

_lt = LazyTranslate(__name__, default_lang="en_US")

WRONG_ID = _lt(
    "Send an id of 1 to %(max)s letters without accents, digits, and . _ : -",
    max=MAX_CALL_ID,
)
STALE = _lt(
    "If-Match is not the ETag of the phone call as it is now: read the call again, and "
    "send the change with the new ETag."
)


class CrmLeadApiEngine(models.AbstractModel):
    """Serve requests about phone calls."""

    _inherit = "crm.lead.api.engine"

    @api.model
    def _serve_phone_call(self, received, call_ref):
        """Make or change a phone call, or repeat the answer to an earlier request.

        :param ReceivedRequest received: with a payload of ``PhoneCallRequest``
        :param str call_ref: the call's id in the outside system
        :rtype: Outcome[PutPhoneCallResponse]
        :raise PayloadError: the payload has errors
        :raise AnswerError: the call has another ETag than ``If-Match`` (412)
        :raise DryRunDone: the request was a dry run
        """
        put = partial(self._put_phone_call, call_ref=call_ref)
        return self._serve_one(received, put)

    @api.model
    def _put_phone_call(self, received, call_ref):
        if not is_call_id(call_ref):
            raise PayloadError([FieldError("call_id", "format", WRONG_ID)])
        call = self.env["crm.lead.api.phone.call.reader"]._find_own(call_ref)
        self._check_phone_call(received, call)
        is_new = not call
        call = call._put_from_payload(received.payload, call_ref)
        answer = PutPhoneCallResponse.from_change(call, is_new)
        return self._describe_phone_call(received, call, answer)

    @api.model
    def _serve_recording(self, received, call_ref):
        """Keep the recording of a phone call, or repeat an earlier answer.

        :param ReceivedRequest received: with a ``ReceivedFile``, the recording
        :param str call_ref: the call's id in the outside system
        :rtype: Outcome[RecordingResponse]
        :raise: as :meth:`_serve_phone_call`
        """
        put = partial(self._put_recording, call_ref=call_ref)
        return self._serve_one(received, put)

    @api.model
    def _put_recording(self, received, call_ref):
        call = self.env["crm.lead.api.phone.call.reader"]._get_own(call_ref)
        self._check_phone_call(received, call)
        call._check_recording(received.payload)
        if received.is_dry_run:  # a file that was written would stay for some time
            call._describe_recording(received.payload)
        else:
            call._keep_recording(received.payload)
        answer = RecordingResponse.from_call(call)
        return self._describe_phone_call(received, call, answer)

    @api.model
    def _check_phone_call(self, received, call):
        """Check ``If-Match``.

        :raise AnswerError: the call has another ETag, or there is no call (412)
        """
        if received.if_match is None:
            return
        stored = StoredPhoneCallResponse.from_call(call).data if call else None
        if not received.matches(stored and stored.get_etag()):
            raise AnswerError(412, "precondition_failed", STALE)

    @api.model
    def _describe_phone_call(self, received, call, answer):
        if received.is_dry_run:
            raise DryRunDone(answer, [])
        return Outcome(
            body=to_json(answer.to_body()),
            headers=answer.get_headers(),
            values={
                "lead_id": call.lead_id.id,
                "partner_id": call.partner_id.id,
                "phones": call.phone_key or "",
                "ticket_ref": call.ticket_ref or "",
            },
        )

    # ------------------------------------------------------------ sending again

    @api.model
    def _parse_by_kind(self, client, kind, data, unknown_codes=None):
        if kind == "recording":
            raise UserError(
                self.env._("Only the client has the recording, and can send it again.")
            )
        if kind != "phone_call":
            return super()._parse_by_kind(client, kind, data, unknown_codes)
        schema = client._get_schema(PhoneCallRequest)
        return client._parse(schema, data, unknown_codes)

    @api.model
    def _check_by_kind(self, received):
        if received.kind == "phone_call":
            return received.payload.check()
        return super()._check_by_kind(received)

    @api.model
    def _serve_by_kind(self, received):
        if received.kind == "phone_call":
            call_ref = received.route.rpartition("/")[2].partition("?")[0]
            return self._serve_phone_call(received, call_ref)
        return super()._serve_by_kind(received)
