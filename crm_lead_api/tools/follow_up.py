# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Collect the work that may follow an answer: creation notes, notices, scores.

Odoo does this work in the middle of ``create``. While a request makes its records the
overrides of ``crm.lead`` and ``res.partner`` collect the work here instead. The request
then stores it as ``crm.lead.api.follow.up`` records, in the transaction of its leads.

The collection is in a context variable of Python, not in Odoo's context, which other
addons see and hand on with the records that they work with.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class FollowUps:
    """Collect the follow-up work of the records that a request is making."""

    def __init__(self):
        self._values = []
        self._model = ""

    @contextmanager
    def making(self, model: str) -> Iterator[None]:
        """Put off the work of records of a model while the block makes them."""
        self._model = model
        try:
            yield
        finally:
            self._model = ""

    def is_making(self, records) -> bool:
        """Tell whether the request is just making records of the same model; other
        models' records are made by other addons."""
        return records._name == self._model

    def add(self, task: str, record, **arguments) -> None:
        """Add a piece of work.

        :param task: a choice of ``crm.lead.api.follow.up.task``
        :param record: ``crm.lead`` or ``res.partner``, in the environment of its maker
        :param arguments: values that JSON can hold
        """
        link = "lead_id" if record._name == "crm.lead" else "partner_id"
        self._values.append(
            {
                "task": task,
                "user_id": record.env.uid,
                link: record.id,
                "arguments": arguments,
            }
        )

    def take_values(self) -> list[dict]:
        """Return the work as values of ``crm.lead.api.follow.up``, and remove it."""
        values, self._values = self._values, []
        return values


_current: ContextVar[FollowUps | None] = ContextVar("crm_lead_api", default=None)


def get_follow_ups() -> FollowUps | None:
    """Return the collection of the request that is making records now, if any."""
    return _current.get()


def get_follow_ups_of(records) -> FollowUps | None:
    """Return the collection of the request that is just making the records, if any."""
    follow_ups = get_follow_ups()
    return follow_ups if follow_ups and follow_ups.is_making(records) else None


@contextmanager
def collect_follow_ups() -> Iterator[FollowUps]:
    """Collect the follow-up work of the records that the block makes."""
    follow_ups = FollowUps()
    token = _current.set(follow_ups)
    try:
        yield follow_ups
    finally:
        _current.reset(token)
