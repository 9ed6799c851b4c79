# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager


class Undone(Exception):  # noqa: N818  no error
    """What was done in a savepoint is to be taken back."""


@contextmanager
def savepoint(cr):
    """Take back what is done meanwhile, if it raises anything; :class:`Undone` goes no
    further.

    Also what was to be done after the commit, which Odoo's own savepoint leaves: nobody
    is to be told of a lead that does not exist.
    """
    known = len(cr.postcommit)
    try:
        with cr.savepoint():
            yield
    except BaseException as error:
        while len(cr.postcommit) > known:
            cr.postcommit._funcs.pop()
        if not isinstance(error, Undone):
            raise
