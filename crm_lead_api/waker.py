# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import os
from threading import Lock

import psycopg2
from psycopg2.sql import SQL, Identifier

from odoo.sql_db import connection_info_for

from odoo.addons.base.models.ir_cron import ODOO_NOTIFY_FUNCTION


class Waker:
    """Wakes Odoo's scheduled actions up, by a connection that stays open."""

    def __init__(self):
        self.lock = Lock()
        self.connection = None
        self.process = None

    def wake_up(self, database: str) -> None:
        """Let scheduled actions of a database be run that are to be run now.

        :raise psycopg2.Error: PostgreSQL cannot be reached
        """
        with self.lock:
            try:
                self._notify(database)
            except psycopg2.Error:
                # It may have been closed since the last time.
                self.connection = None
                self._notify(database)

    def _notify(self, database):
        if not self.connection or self.process != os.getpid():
            _name, parameters = connection_info_for("postgres")
            self.connection = psycopg2.connect(**parameters)
            self.connection.autocommit = True
            self.process = os.getpid()
        query = SQL("SELECT {}('cron_trigger', %s)")
        with self.connection.cursor() as cursor:
            cursor.execute(query.format(Identifier(ODOO_NOTIFY_FUNCTION)), [database])
