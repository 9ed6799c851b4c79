# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The outcome of a fault, as two lines of a table."""

from collections import Counter
from dataclasses import dataclass, field

from faults.check import Findings
from faults.kinds import Fault
from faults.request import Request
from faults.ticket import Ticket

# Of the two lines, one below the other
COLUMNS = (
    *(("rounds", "leads"), ("seconds", "changes"), ("sent", "notes")),
    *(("200", "calls"), ("late", "events"), ("refused", "bookings")),
    *(("none", "reminders"), ("503", "lost"), ("5xx", "doubled")),
    ("other", "half-made"),
)
LINES = tuple(zip(*COLUMNS, strict=True))
LEGEND = """
First line: sent: attempts. 200: those answered so. late: requests that were done
before their caller knew of it, which it did when it sent again. refused: bookings
whose time was taken, or whose customer had one. none: attempts without an answer. 5xx:
those other than 503. other: other statuses. A line below has those two one by one.
Second line: what is there in the end; changes, notes: of leads; calls: by phone. lost,
doubled, half-made: of all that, with what belongs to it; doubled is also a seat with
two bookings at a time, and a customer with two open ones."""


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
        """Return its values by names of ``COLUMNS``."""
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
        """Return its lines of the table."""
        values = self.to_values()
        text = "\n".join(
            format_line(first, [values[name] for name in names])
            for first, names in zip((self.fault.name, ""), LINES, strict=True)
        )
        if surprises := self.surprises:
            told = [f"{status} ({surprises[status]})" for status in sorted(surprises)]
            text += f"\n    answered with {', '.join(told)}"
        return text


def format_line(name: str, values) -> str:
    """Return a line of the table, whose first column has a name."""
    widths = [max(6, *map(len, names)) for names in COLUMNS]
    cells = (str(each).rjust(width) for each, width in zip(values, widths, strict=True))
    return f"{name:<18} {' '.join(cells)}"


HEADER = "\n".join(map(format_line, ("fault", ""), LINES))
