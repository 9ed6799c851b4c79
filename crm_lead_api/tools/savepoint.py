# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager, suppress


class Undone(Exception):  # noqa: N818  no error
    """End a :func:`savepoint` block and roll back its changes."""


@contextmanager
def savepoint(cr):
    """Roll back the block, and its post-commit hooks, if it raises an exception;
    :class:`Undone` is not raised further.

    Odoo's own savepoint leaves the hooks in place: somebody would be told of a lead
    that does not exist.
    """
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
