# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import sys
from datetime import datetime
from pathlib import Path

from lead_api import AuthenticatedClient
from lead_api.api.bookings import create_booking, read_slots
from lead_api.api.leads import change_lead, create_lead
from lead_api.api.phone_calls import put_phone_call, put_recording, read_recording
from lead_api.models import BookingRequest, LeadChange, LeadRequest, PhoneCallRequest
from lead_api.types import File

scene = json.loads(Path(sys.argv[1]).read_text())
lead, sound = scene["lead"], Path(scene["sound"])
client = AuthenticatedClient(
    base_url=scene["url"], token=scene["token"], raise_on_unexpected_status=True
)
body = LeadRequest.from_dict(lead)
lead_id = create_lead.sync(client=client, body=body).data.id_lead
change_lead.sync(
    lead_id, client=client, body=LeadChange(street=scene["street"], work_online=None)
)
free = read_slots.sync(
    client=client,
    company_id=lead["company_id"],
    crm_line_ids=lead["crm_line_ids"],
    from_=scene["from"],
    to=scene["to"],
)
body = BookingRequest(
    id_lead=lead_id,
    start=free.data.slots[0].start,
    crm_line_ids=lead["crm_line_ids"],
)
booking = create_booking.sync(client=client, body=body)
body = PhoneCallRequest(
    direction="in",
    phone=lead["phone_no1"],
    agent_email=lead["agent_email"],
    started_at=datetime.fromisoformat(scene["now"]),
    ticket_id=lead["ticket_id"],
)
put_phone_call.sync(scene["call"], client=client, body=body)
with sound.open("rb") as file:
    put_recording.sync(scene["call"], client=client, body=File(payload=file))
recording = read_recording.sync(scene["call"], client=client).payload.read()
print(json.dumps([lead_id, booking.data.code, recording == sound.read_bytes()]))
