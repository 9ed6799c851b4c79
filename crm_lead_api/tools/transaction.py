# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Begin and roll back transactions within a request."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any


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
