# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Begin and roll back transactions within a request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from psycopg2.errors import SerializationFailure

from odoo.tools import SQL

# Do not wait for the disk: if the server crashes, losing a count does no harm.
NO_WAIT = SQL("set_config('synchronous_commit', 'off', true)")


class Undone(Exception):  # noqa: N818  no error
    """End a :func:`savepoint` block and roll back its changes."""


@contextmanager
def savepoint(cr):
    """Roll back the block, and its post-commit hooks, which Odoo's own savepoint
    leaves, if it raises an exception; :class:`Undone` is not raised further."""
    # Entering Odoo's savepoint flushes earlier changes, whose hooks stay.
    with suppress(Undone), cr.savepoint():
        known = len(cr.postcommit)
        try:
            yield
            cr.flush()
        except BaseException:
            while len(cr.postcommit) > known:
                cr.postcommit._funcs.pop()
            raise


def count_at_once(env: Any, count: Callable) -> Any:
    """Run a function in a transaction of its own, at the beginning of a request: the
    count stays however the request ends, and other requests that increase the same
    count wait for an instant, not for the whole request.

    The function runs quick statements: with ``log_exceptions=False``, because a failure
    is no error but leads to another attempt; and selecting from ``NO_WAIT``.
    """
    while True:
        try:
            result = count()
            env.cr.commit()  # pylint: disable=invalid-commit
            return result
        except SerializationFailure:
            # Another transaction has counted meanwhile; one of the two succeeds.
            env.cr.rollback()


@contextmanager
def use_primary(env: Any) -> Iterator[Any]:
    """Give the environment of the primary database, for what a request counts, keeps,
    or has to know as it is now. If a replica serves the request, this is a transaction
    of its own, committed at the end; that on the replica ends first."""
    if not env.cr.readonly:
        yield env
        return
    env.cr.rollback()
    with env.registry.cursor() as cr:
        primary = env(cr=cr)
        primary.transaction.default_env = primary
        yield primary
