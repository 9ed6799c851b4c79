# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import sys
import uuid
from datetime import date
from pathlib import Path

from lead_api import AuthenticatedClient
from lead_api.api.bookings import (
    change_booking,
    create_booking,
    read_booking,
    read_slots,
)
from lead_api.api.customers import read_customers
from lead_api.api.leads import change_lead, create_lead
from lead_api.api.phone_calls import (
    put_phone_call,
    put_recording,
    read_phone_call,
    read_recording,
)
from lead_api.api.your_token import read_me
from lead_api.models import (
    BookingChange,
    BookingRequest,
    ChangedLeadResponse,
    CustomersResponse,
    LeadChange,
    LeadRequest,
    LeadResponse,
    PhoneCallRequest,
)
from lead_api.types import File

scene = json.loads(Path(sys.argv[1]).read_text())
lead, sound = scene["lead"], Path(scene["sound"])
client = AuthenticatedClient(
    base_url=scene["url"], token=scene["token"], raise_on_unexpected_status=True
)
assert read_me.sync(client=client).data.rights.books_appointments is True
body, key = LeadRequest.from_dict(lead), str(uuid.uuid4())
answer = create_lead.sync(client=client, body=body, idempotency_key=key)
assert isinstance(answer, LeadResponse), answer
lead_id = answer.data.id_lead
query = {"phone": [lead["phone_no1"]], "agent_email": lead["agent_email"]}
answer = read_customers.sync(client=client, **query)
assert isinstance(answer, CustomersResponse), answer
assert lead_id in [each.id_lead for each in answer.data.customers[0].leads]
body = LeadChange(street=scene["street"], work_online=None)
answer = change_lead.sync(lead_id, client=client, body=body)
assert isinstance(answer, ChangedLeadResponse), answer

query = {"company_id": lead["company_id"], "crm_line_ids": lead["crm_line_ids"]}
days = {
    "from_": date.fromisoformat(scene["from"]),
    "to": date.fromisoformat(scene["to"]),
}
start = read_slots.sync(client=client, **query, **days).data.slots[0].start
# The lead of the request is there: it is not made again.
body = BookingRequest.from_dict({"lead": lead, "start": start.isoformat()})
booking = create_booking.sync(client=client, body=body).data
assert booking.id_lead == lead_id, booking
change = BookingChange.from_dict({"state": "confirmed", "note": "Mang phim cũ"})
changed = change_booking.sync(booking.code, client=client, body=change).data
read = read_booking.sync(str(booking.id_booking), client=client).data
assert (read.start, read.note) == (start, "Mang phim cũ"), read
assert (changed.state, read.state) == ("confirmed", "confirmed"), read

rings = {"direction": "in", "phone": lead["phone_no1"], "started_at": scene["now"]}
rings |= {"agent_email": lead["agent_email"], "ticket_id": lead["ticket_id"]}
ends = {"answered_at": scene["now"], "ended_at": scene["now"], "outcome": "answered"}
for body in (rings, ends):
    body = PhoneCallRequest.from_dict(body)
    put = put_phone_call.sync(scene["call"], client=client, body=body).data
call = read_phone_call.sync(scene["call"], client=client).data
assert (put.created, call.outcome, call.id_lead) == (False, "answered", lead_id), call
with sound.open("rb") as file:
    put_recording.sync(scene["call"], client=client, body=File(payload=file))
recording = read_recording.sync(scene["call"], client=client).payload.read()
print(json.dumps([lead_id, booking.code, recording == sound.read_bytes()]))
