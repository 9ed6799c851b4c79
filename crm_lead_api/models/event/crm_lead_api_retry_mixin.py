# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.service.model import retrying
from odoo.tools import SQL

from ...tools.transaction import savepoint

_logger = logging.getLogger(__name__)

BATCH = 100  # records that are done in a transaction
ALARM = 5  # attempts of work in Odoo, after which pauses no longer grow
# Pauses between attempts, to send something elsewhere for a day
PAUSES = (
    *(timedelta(seconds=10), timedelta(seconds=30)),
    *(timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30)),
    *(timedelta(hours=hours) for hours in (1, 2, 4, 8, 8)),
)


def get_pause(attempts: int) -> timedelta:
    """Return the usual pause after some attempts: 0 if they were counted anew during
    the first."""
    return PAUSES[min(max(attempts, 1), len(PAUSES)) - 1]


class CrmLeadApiRetryMixin(models.AbstractModel):
    """Do the scheduled work of records, each on its own, and try again what fails,
    after growing pauses; if it goes on, tell somebody."""

    _name = "crm.lead.api.retry.mixin"
    _description = "Lead API Retry"

    retries = fields.Json(
        "Failed Attempts",
        copy=False,
        help="By the method that has failed: the number of attempts, and the time of "
        "the next one, UTC.",
    )

    @api.model
    def _do_due(self, domain, method, order, batch=BATCH):
        """Do scheduled work for each record of a domain, except for records that
        another transaction has locked, so many in a transaction. If the work, a method
        of a single record, fails, what it did there is undone; else the record is not
        in the domain any more."""
        due = domain & self._get_due_domain(method)
        cron = self.env["ir.cron"]

        def do_next():
            records = self.search(due, limit=batch, order=order)
            records = records.try_lock_for_update(allow_referencing=True)
            for record in records:
                record._attempt(method)
            return len(records)

        while count := retrying(do_next, self.env):
            if not cron._commit_progress(count):
                cron._run_again()
                return

    @api.model
    def _get_due_domain(self, method):
        """Return the domain of the records whose next attempt of a method is due."""
        now = fields.Datetime.now()

        def to_sql(_model, alias, _query):
            date = SQL("%s -> %s ->> 1", SQL.identifier(alias, "retries"), method)
            return SQL("COALESCE((%s)::timestamp <= %s, TRUE)", date, now)

        return Domain.custom(to_sql=to_sql)

    def _attempt(self, method):
        """Call a method of the record; if it fails, put its next attempt off."""
        others = dict(self.retries or {})
        attempts, _date = others.pop(method, (0, None))
        try:
            with savepoint(self.env.cr):
                getattr(self, method)()
        except (OperationalError, ConcurrencyError):
            raise  # the whole transaction is repeated
        except Exception as error:  # other addons may raise anything
            # Only the type: the text may contain data of the customer.
            name = type(error).__name__
            _logger.error("%s of %s failed: %s", method, self, name)
            attempts += 1
            date = fields.Datetime.now() + get_pause(min(attempts, ALARM))
            others[method] = (attempts, fields.Datetime.to_string(date))
            if attempts == ALARM:
                self._alarm(name)
        if others != (self.retries or {}):
            self.retries = others or False
            self.flush_recordset(["retries"])

    def _alarm(self, reason):
        """Tell somebody that work has failed several times, and the error's type."""
        raise NotImplementedError
