# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Use the primary database in a request that a replica serves."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def use_primary(env: Any) -> Iterator[Any]:
    """Give the environment of the primary database, for what a request counts, keeps,
    or has to know as it is now.

    If a replica serves the request, this is a transaction of its own, committed at the
    end; the transaction on the replica ends first, and another begins after it.

    :param env: of the request
    """
    if not env.cr.readonly:
        yield env
        return
    env.cr.rollback()
    with env.registry.cursor() as cr:
        primary = env(cr=cr)
        primary.transaction.default_env = primary
        yield primary
