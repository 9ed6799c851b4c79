# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import sys
from datetime import datetime
from pathlib import Path

from openapi_client import ApiClient, Configuration
from openapi_client.api import BookingsApi, LeadsApi, PhoneCallsApi
from openapi_client.models import (
    BookingRequest,
    LeadChange,
    LeadRequest,
    PhoneCallRequest,
)

scene = json.loads(Path(sys.argv[1]).read_text())
lead, sound = scene["lead"], Path(scene["sound"]).read_bytes()
configuration = Configuration(host=scene["url"], access_token=scene["token"])
with ApiClient(configuration) as client:
    leads, bookings, calls = (
        LeadsApi(client),
        BookingsApi(client),
        PhoneCallsApi(client),
    )
    lead_id = leads.create_lead(LeadRequest.from_dict(lead)).data.id_lead
    leads.change_lead(lead_id, LeadChange(street=scene["street"], work_online=None))
    free = bookings.read_slots(
        company_id=lead["company_id"],
        crm_line_ids=lead["crm_line_ids"],
        var_from=scene["from"],
        to=scene["to"],
    )
    booking = BookingRequest(
        id_lead=lead_id,
        start=free.data.slots[0].start,
        crm_line_ids=lead["crm_line_ids"],
    )
    booking = bookings.create_booking(booking)
    call = PhoneCallRequest(
        direction="in",
        phone=lead["phone_no1"],
        agent_email=lead["agent_email"],
        started_at=datetime.fromisoformat(scene["now"]),
        ticket_id=lead["ticket_id"],
    )
    calls.put_phone_call(scene["call"], call)
    calls.put_recording(scene["call"], sound)
    recording = calls.read_recording(scene["call"])
    print(json.dumps([lead_id, booking.data.code, bytes(recording) == sound]))
