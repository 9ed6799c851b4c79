# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The requests of a client about a phone call."""

from collections.abc import Iterator

from faults.request import Request, Work

STARTED = "2026-11-25T08:15:00+07:00"
ANSWERED = "2026-11-25T08:15:12+07:00"
ENDED = "2026-11-25T08:18:32+07:00"
SOUND = b"RIFF\x00\x00\x00\x00WAVE".ljust(20_000, b"x")


class PhoneCallWork(Work):
    """Let the phone ring, be answered or not, and send what was recorded."""

    @property
    def call_ref(self) -> str:
        return f"call-{self.ticket.id}"

    @property
    def is_answered(self) -> bool:
        return bool(self.requests) and self.ticket.number % 4 < 2

    @property
    def wanted(self) -> dict:
        """The attributes of the call after all requests."""
        return {
            name: value
            for request in self.get_requests("phone_call")
            for name, value in request.payload.items()
        }

    def ring(self) -> Iterator[Request]:
        """Tell that the phone rings."""
        payload = self.ticket.payload
        yield self._put(
            direction="in",
            phone=payload["phone_no1"],
            agent_email=payload["agent_email"],
            started_at=STARTED,
            ticket_id=self.ticket.id,
        )

    def end(self) -> Iterator[Request]:
        """Tell how the call went on and ended."""
        if not self.is_answered:
            yield self._put(ended_at=ENDED, outcome="no_answer")
            return
        yield self._put(answered_at=ANSWERED)
        note = f"Hỏi giá {self.ticket.number}"
        yield self._put(ended_at=ENDED, outcome="answered", note=note)
        yield self.add("recording", SOUND, f"/phone-calls/{self.call_ref}/recording")

    def _put(self, **payload):
        path = f"/phone-calls/{self.call_ref}"
        return self.add("phone_call", payload, path, self.ticket.number % 8 < 4)
