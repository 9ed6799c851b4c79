# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The outcome of a fault, in words."""

from collections import Counter
from dataclasses import dataclass, field
from textwrap import fill

from faults.check import Findings
from faults.kinds import Fault
from faults.request import Request
from faults.ticket import Ticket

LEGEND = """
sent: attempts. 200: those answered so. late: requests that were done before their
caller knew of it, which it did when it sent again. refused: bookings whose time was
taken, or whose customer had one. none: attempts without an answer. 5xx: those other
than 503. other: other statuses. lost, doubled, half-made: of all that is there in the
end, with what belongs to it; doubled is also a seat with two bookings at a time, and a
customer with two open ones."""


@dataclass
class Outcome:
    """Hold the outcome of a fault.

    :param seconds: that it took
    """

    fault: Fault
    rounds: int
    tickets: list[Ticket]
    findings: Findings
    seconds: float
    statuses: Counter = field(init=False)

    def __post_init__(self):
        attempts = [attempt for each in self.requests for attempt in each.attempts]
        self.statuses = Counter(
            "refused" if attempt.is_refusal else attempt.status for attempt in attempts
        )

    @property
    def requests(self) -> list[Request]:
        return [request for ticket in self.tickets for request in ticket.requests]

    @property
    def surprises(self) -> dict[int, int]:
        """How often there was a status that callers do not expect, by status."""
        expected = (0, 200, 503, "refused")
        return {
            status: number
            for status, number in self.statuses.items()
            if status not in expected
        }

    def to_values(self) -> dict:
        """Return its values by their names in ``LEGEND``."""
        findings, statuses, surprises = self.findings, self.statuses, self.surprises
        faults = sum(n for status, n in surprises.items() if status >= 500)
        return {
            **{"rounds": self.rounds, "seconds": round(self.seconds)},
            **{"sent": statuses.total(), "200": statuses[200]},
            "late": sum(request.is_rescued for request in self.requests),
            **{"refused": statuses["refused"], "none": statuses[0]},
            **{"503": statuses[503], "5xx": faults},
            "other": sum(surprises.values()) - faults,
            **findings.counts,
            "changes": sum(len(ticket.lead.changes) for ticket in self.tickets),
            "notes": sum(len(ticket.lead.notes) for ticket in self.tickets),
            "lost": len(findings.lost),
            "doubled": len(findings.doubled),
            "half-made": len(findings.half_made),
        }

    def to_text(self) -> str:
        """Return a paragraph: the name, and each value after its name."""
        values = [f"{name} {value}" for name, value in self.to_values().items()]
        text = fill(
            f"{self.fault.name}: {', '.join(values)}", 88, subsequent_indent="    "
        )
        if surprises := self.surprises:
            told = [f"{status} ({surprises[status]})" for status in sorted(surprises)]
            text += f"\n    answered with {', '.join(told)}"
        return text
