# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from odoo.addons.crm_lead_api.exceptions import FieldError, PayloadError

from ..schemas import (
    MAX_CALL_ID,
    PutPhoneCallResponse,
    RecordingResponse,
    StoredPhoneCallResponse,
    is_call_id,
)
from ..translate import _lt

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

    def _serve_phone_call(self, received, call_ref):
        """Make or change a phone call, or repeat the answer to an earlier request.

        :param ReceivedRequest received: with a payload of ``PhoneCallRequest``
        :param str call_ref: the call's id in the outside system
        :raise PayloadError: the payload has errors
        :raise AnswerError: the call has another ETag than ``If-Match`` (412)
        """

        def put(received):
            if not is_call_id(call_ref):
                raise PayloadError([FieldError("call_id", "format", WRONG_ID)])
            call = self.env["crm.lead.phone.call"]._find_own(call_ref)
            self._check_phone_call(received, call)
            is_new = not call
            call = call._put_from_payload(received.payload, call_ref)
            answer = PutPhoneCallResponse.from_record(call, created=is_new)
            return self._describe_phone_call(received, call, answer)

        return self._serve_one(received, put)

    def _serve_recording(self, received, call_ref):
        """Keep the recording of a phone call, or repeat an earlier answer.

        :param ReceivedRequest received: with a ``ReceivedFile``, the recording
        :raise: as :meth:`_serve_phone_call`
        """

        def put(received):
            call = self.env["crm.lead.phone.call"]._get_own(call_ref)
            self._check_phone_call(received, call)
            call._check_recording(received.payload)
            if received.is_dry_run:  # a file that was written would stay for some time
                call._describe_recording(received.payload)
            else:
                call._keep_recording(received.payload)
            answer = RecordingResponse.from_record(call)
            return self._describe_phone_call(received, call, answer)

        return self._serve_one(received, put)

    def _check_phone_call(self, received, call):
        """Check ``If-Match``, which no call matches if there is none."""
        if received.if_match is not None:
            stored = StoredPhoneCallResponse.from_record(call) if call else None
            received.check_match(stored, STALE)

    def _describe_phone_call(self, received, call, answer):
        return self._make_outcome(
            received,
            answer,
            lead_id=call.lead_id.id,
            company_id=call.company_id.id,
            partner_id=call.partner_id.id,
            phones=call.phone_key or "",
            ticket_ref=call.ticket_ref or "",
        )
