# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Wake up Odoo's scheduled actions after a request, so that its follow-up work is done
within moments.

Odoo's own ``ir.cron._notifydb`` opens a connection each time, which is too much after
each of many requests. A failure loses nothing: Odoo looks for due actions every minute
anyway.
"""

import logging
import os
import threading
import time
from collections.abc import Callable

import psycopg2
from psycopg2.sql import SQL, Identifier

from odoo.sql_db import connection_info_for

from odoo.addons.base.models.ir_cron import ODOO_NOTIFY_FUNCTION

INTERVAL = 1  # seconds between two wake-ups of a process
MAX_IDLE = 60  # seconds, after which the connection is closed
TIMEOUT = 5  # seconds to wait for PostgreSQL

_logger = logging.getLogger(__name__)


class Waker:
    """Notify PostgreSQL from a thread of its own, at most once in an interval.

    A request does not wait for the network: it only notes its database down. The
    thread, which alone has the connection, takes all noted databases at once, and ends
    when it has been idle for long.

    :param interval: seconds between two notifications
    :param max_idle: seconds until an idle thread ends
    :param prepare: function of a database's name, run before the notification of each
        database, in the thread
    """

    def __init__(
        self,
        interval: float = INTERVAL,
        max_idle: float = MAX_IDLE,
        prepare: Callable[[str], None] | None = None,
    ):
        self.interval = interval
        self.max_idle = max_idle
        self.prepare = prepare
        self._forget()
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self):
        """Reset the state: a forked process has none of its parent's threads."""
        self._noted = threading.Condition()
        self._databases = set()
        self._thread = None

    def wake_up(self, database: str) -> None:
        """Run the due scheduled actions of a database, without waiting for them.

        A second wake-up within an interval happens at the end of the interval.
        """
        with self._noted:
            self._databases.add(database)
            self._noted.notify()
            if self._thread and self._thread.is_alive():
                return
            self._thread = threading.Thread(
                target=self._run, name="crm_lead_api.waker", daemon=True
            )
            try:
                self._thread.start()
            except RuntimeError as error:  # the process may have no more threads
                self._thread = None
                _logger.warning("Odoo is not woken up: %s", type(error).__name__)

    def _run(self):
        connection = None
        while databases := self._take():
            try:
                for database in databases if self.prepare else ():
                    self.prepare(database)
                connection = self._notify(connection, databases)
            except psycopg2.Error as error:
                connection = None
                _logger.warning("Odoo is not woken up: %s", type(error).__name__)
            time.sleep(self.interval)
        if connection:
            connection.close()

    def _take(self):
        """Wait for noted databases, and return them; none: the thread has to end."""
        with self._noted:
            self._noted.wait_for(lambda: self._databases, self.max_idle)
            databases, self._databases = self._databases, set()
            if not databases:
                self._thread = None  # the next wake-up starts another thread
            return databases

    def _notify(self, connection, databases):
        """Notify PostgreSQL, and return the connection for the next time."""
        if connection:
            try:
                self._send(connection, databases)
                return connection
            except psycopg2.Error:  # closed since the last notification
                connection.close()
        connection = self._connect()
        try:
            self._send(connection, databases)
        except psycopg2.Error:
            connection.close()
            raise
        return connection

    def _connect(self):
        _name, parameters = connection_info_for("postgres")
        connection = psycopg2.connect(
            **parameters, connect_timeout=TIMEOUT, tcp_user_timeout=TIMEOUT * 1000
        )
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = %s", [TIMEOUT * 1000])
        return connection

    def _send(self, connection, databases):
        query = SQL("SELECT {}('cron_trigger', %s)")
        with connection.cursor() as cursor:
            for database in databases:
                cursor.execute(
                    query.format(Identifier(ODOO_NOTIFY_FUNCTION)), [database]
                )
