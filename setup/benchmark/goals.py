# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Define the goals of the lead API."""

from dataclasses import asdict, dataclass
from operator import ge, le, lt

OPERATORS = {"≤": le, "<": lt, "≥": ge}


@dataclass
class Goal:
    """A goal.

    :param value: what was measured; ``None``: it could not be
    :param operator: how the value has to be to the limit, one of ``OPERATORS``
    """

    name: str
    value: float | None
    operator: str
    limit: float

    @property
    def is_met(self) -> bool:
        if self.value is None:
            return False
        return OPERATORS[self.operator](self.value, self.limit)

    def to_text(self) -> str:
        verdict = "met    " if self.is_met else "not met"
        value = "not there yet" if self.value is None else f"{self.value:.4g}"
        return f"{verdict}  {self.name}: {value} ({self.operator} {self.limit:g})"

    def to_json(self) -> dict:
        return {**asdict(self), "is_met": self.is_met}
