# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The work that may follow the answer to a request: creation notes, notices, scores.

Odoo does this work in the middle of ``create``. While a request makes its records the
overrides of ``crm.lead`` and ``res.partner`` collect the work here instead. The request
then stores it as ``crm.lead.api.follow.up`` records, in the transaction of its leads.

A context variable of Python, not a key of Odoo's context: other addons see, and hand
on, the context of the records that they work with.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class FollowUps:
    """The follow-up work of the records that a request is making."""

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

    def puts_off(self, records) -> bool:
        """Say whether records of that model are being made just now; those of others
        are another addon's."""
        return records._name == self._model

    def add(self, task: str, record, **arguments) -> None:
        """Add a piece of work.

        :param task: a choice of ``crm.lead.api.follow.up.task``
        :param record: ``crm.lead`` or ``res.partner``, in the environment of its maker
        :param arguments: values that JSON has
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
        """Return the work as values of ``crm.lead.api.follow.up``, and forget it."""
        values, self._values = self._values, []
        return values


_current: ContextVar[FollowUps | None] = ContextVar("crm_lead_api", default=None)


def get_follow_ups() -> FollowUps | None:
    """Return the collection of the request that is making records now, if any."""
    return _current.get()


@contextmanager
def collect_follow_ups() -> Iterator[FollowUps]:
    """Collect the follow-up work of the records that the block makes."""
    follow_ups = FollowUps()
    token = _current.set(follow_ups)
    try:
        yield follow_ups
    finally:
        _current.reset(token)
