# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.sql_db import db_connect
from odoo.tools import SQL

from ...tools.waker import Waker

_logger = logging.getLogger(__name__)

BATCH = 20  # records whose work is done in one transaction
# Pauses between attempts; after the last attempt the work has failed
PAUSES = (
    *(timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30)),
    *(timedelta(hours=2), timedelta(hours=8)),
)
CRON = "crm_lead_api.ir_cron_follow_up"
MAIL_CRON = "mail.ir_cron_mail_scheduler_action"
CONFLICTS = (OperationalError, ConcurrencyError)


class CrmLeadApiFollowUp(models.Model):
    """Queue the work that follows the answer to a request: the creation notes of leads
    and contacts, notices of leads, planned calls, scores.

    A record is written in the transaction of its lead or contact, and deleted in the
    transaction that does the work: the work is done once, and only for existing leads
    and contacts. Deleting a lead or contact deletes its records.
    """

    _name = "crm.lead.api.follow.up"
    _description = "Lead API Follow-Up"
    _order = "id"
    _log_access = False

    task = fields.Selection(
        [
            ("note", "Creation Note"),
            ("contact_note", "Creation Note of the Contact"),
            ("notice", "Assignment Notice"),
            ("message", "Notices of a Message"),
            ("call", "Planned Call"),
            ("score", "Score"),
        ],
        required=True,
    )
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    lead_id = fields.Many2one("crm.lead", index="btree_not_null", ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="cascade"
    )
    arguments = fields.Json()
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    next_date = fields.Datetime(
        "Next Attempt", required=True, default=fields.Datetime.now
    )
    attempts = fields.Integer()
    error = fields.Char(help="Why the last attempt failed.")
    is_failed = fields.Boolean(help="No further attempt is made.")

    _waiting_index = models.Index("(next_date, id) WHERE is_failed IS NOT TRUE")

    @api.model
    def _queue(self, follow_ups):
        """Store the follow-up work of the records that a request has made.

        :param FollowUps follow_ups: the collected work
        """
        # sudo: users may not write the queue
        self.sudo().create(follow_ups.take_values())

    # ------------------------------------------------------------ processing

    @api.model
    def _cron_process(self):
        """Do the pending work."""
        cron = self.env["ir.cron"]
        # A new transaction: it must see the work that has triggered this run.
        is_time_left = cron._commit_progress(0)
        size = BATCH
        while is_time_left:
            records = self.browse()
            try:
                records = self._claim(size)
                if not records:
                    break
                records._process()
                is_time_left = cron._commit_progress(len(records))
                size = BATCH
            except CONFLICTS:
                # Another transaction has changed a record: try each record alone.
                self.env.cr.rollback()
                if size == 1 and records:
                    records._put_off_conflict()
                is_time_left = cron._commit_progress(0)
                size = 1

    @api.model
    def _claim(self, limit):
        """Lock and return pending work that no other process is doing."""
        return self.browse(
            row_id
            for (row_id,) in self.env.execute_query(
                SQL(
                    """
                    SELECT id FROM crm_lead_api_follow_up
                     WHERE is_failed IS NOT TRUE AND next_date <= %s
                  ORDER BY next_date, id LIMIT %s
                       FOR UPDATE SKIP LOCKED
                    """,
                    fields.Datetime.now(),
                    limit,
                )
            )
        )

    @api.model
    def _process_leads(self, leads):
        """Do the pending work of leads now, before the leads change.

        Waits if another process is doing the work.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM crm_lead_api_follow_up WHERE lead_id = ANY(%s) "
                "AND is_failed IS NOT TRUE ORDER BY id FOR UPDATE",
                leads.ids,
            )
        )
        self.browse(row_id for (row_id,) in rows)._process()

    def _process(self):
        """Do the work of each record, even if another record fails."""
        by_task = self.grouped("task")
        told = self.filtered(lambda each: each.task in ("note", "notice", "message"))
        by_task.get("contact_note", self.browse())._attempt_together()
        for record in told:
            record._attempt()
        by_task.get("call", self.browse())._attempt_together()
        by_task.get("score", self.browse())._attempt_together()
        if told and (cron := self.env.ref(MAIL_CRON, raise_if_not_found=False)):
            # sudo: scheduled actions are for administrators
            cron.sudo()._trigger()

    def _attempt_together(self):
        """Do the work of all records at once or, if that fails, one by one."""
        is_one = len(self) == 1
        if self and not self._attempt(is_last=is_one) and not is_one:
            for record in self:
                record._attempt()

    def _attempt(self, is_last=True):
        """Do the work of one or more records of one task, and delete the records.

        :param bool is_last: put the work off if it fails
        :return: ``True`` if the work is done
        """
        self.env.flush_all()
        do = getattr(self, f"_do_{self[0].task}")
        try:
            # Without the pre-commit hooks: the transaction may be a user's, who has
            # more to do before the commit.
            with self.env.cr.savepoint(flush=False):
                do()
                self.env.flush_all()
                # Not unlink(), which empties Odoo's cache for the next records.
                self.env.cr.execute(
                    SQL("DELETE FROM crm_lead_api_follow_up WHERE id IN %s", self._ids)
                )
        except CONFLICTS:
            raise  # the whole transaction is repeated
        except Exception as error:  # other addons may raise anything
            self.env.transaction.clear()
            if is_last:
                self._put_off(error)
            return False
        return True

    # ------------------------------------------------------------ failures

    def _put_off(self, error):
        """Record the error and plan the next attempt; after the last attempt tell the
        client's owner."""
        self.ensure_one()
        name = type(error).__name__
        # Only the type: the text may contain data of the customer.
        _logger.error("Follow-up %s (%s) failed: %s", self.id, self.task, name)
        attempts = self.attempts + 1
        is_failed = attempts > len(PAUSES)
        text = str(error) if isinstance(error, UserError) else f"{name}: {error}"
        values = {"attempts": attempts, "error": text, "is_failed": is_failed}
        if not is_failed:
            values["next_date"] = fields.Datetime.now() + PAUSES[attempts - 1]
        self.write(values)
        if is_failed:
            self._tell_owner()

    def _put_off_conflict(self):
        """Retry in a moment: another transaction is changing the same records."""
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead_api_follow_up SET next_date = %s WHERE id IN %s",
                fields.Datetime.now() + timedelta(seconds=5),
                self._ids,
            ),
            log_exceptions=False,
        )

    def _tell_owner(self):
        client = self.user_id._get_lead_api_client()
        if not client:
            return
        client._schedule_activity(
            "crm_lead_api.mail_activity_type_follow_up",
            lambda env: env._(
                "%(client)s: the follow-up of %(record)s failed: %(error)s",
                client=client.name,
                record=(self.lead_id or self.partner_id).display_name,
                error=self.error,
            ),
            is_one_of_many=True,
        )

    def _retry(self):
        """Make another attempt at once."""
        self.write(
            {"attempts": 0, "is_failed": False, "next_date": fields.Datetime.now()}
        )
        self._trigger()

    @api.model
    def _wake_up(self, database):
        """Run a database's scheduled action soon, without waiting for the run.

        :param str database: its name, because the environment's transaction has ended
        """
        _waker.wake_up(database)

    @api.model
    def _trigger(self):
        """Run the scheduled action after the commit."""
        # sudo: scheduled actions are for administrators
        if cron := self.env.ref(CRON, raise_if_not_found=False):
            cron.sudo()._trigger()


def _add_trigger(database):
    """Create a trigger for the scheduled action of a database.

    In a transaction of its own: each run changes the action, and PostgreSQL refuses a
    reference to a row that has changed since the transaction began.
    """
    with db_connect(database).cursor() as cr:
        cr.execute("SET LOCAL lock_timeout = '5s'")
        env = api.Environment(cr, SUPERUSER_ID, {})
        if cron := env.ref(CRON, raise_if_not_found=False):
            env["ir.cron.trigger"].create(
                {"cron_id": cron.id, "call_at": fields.Datetime.now()}
            )


_waker = Waker(prepare=_add_trigger)
