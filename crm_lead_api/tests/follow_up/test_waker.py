# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo is woken up soon after each request, but not for each one."""

import os
import select
import threading
import time
import uuid
from contextlib import closing

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT

from odoo.sql_db import connection_info_for
from odoo.tests import BaseCase, tagged

from ...tools.waker import Waker

PATIENCE = 20  # seconds


class Listener:
    """A connection that hears what is sent to Odoo's scheduled actions."""

    def __init__(self):
        _name, parameters = connection_info_for("postgres")
        self.connection = psycopg2.connect(**parameters)
        self.connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        self.connection.cursor().execute("LISTEN cron_trigger")

    def hear(self, database, seconds=PATIENCE):
        """Wait for a wake-up of a database, and say whether it came."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            select.select([self.connection], [], [], left)
            self.connection.poll()
            while self.connection.notifies:
                if self.connection.notifies.pop(0).payload == database:
                    return True
        return False

    def query(self, statement, *values):
        cursor = self.connection.cursor()
        cursor.execute(statement, values)
        return cursor.fetchall()

    def close(self):
        self.connection.close()


@tagged("post_install", "-at_install")
class TestWaker(BaseCase):
    def setUp(self):
        super().setUp()
        self.listener = self.enterContext(closing(Listener()))
        self.database = f"no_database_{uuid.uuid4()}"  # nobody else wakes it up

    def _find_backends(self):
        """Return the ids of the connections that have woken something up."""
        # pg_stat_activity does not tell parameters, but the last statement.
        return {
            pid
            for (pid,) in self.listener.query(
                "SELECT pid FROM pg_stat_activity WHERE datname = 'postgres' "
                "AND query LIKE %s",
                f"%('cron_trigger', '{self.database}')%",
            )
        }

    def test_first_wake_up_is_at_once(self):
        Waker(interval=PATIENCE).wake_up(self.database)
        self.assertTrue(self.listener.hear(self.database, PATIENCE / 2))

    def test_many_are_two_and_the_last_one_is_not_lost(self):
        waker = Waker(interval=1.5)
        waker.wake_up(self.database)
        self.assertTrue(self.listener.hear(self.database))
        start = time.monotonic()
        for _ in range(50):
            waker.wake_up(self.database)
        self.assertTrue(self.listener.hear(self.database))
        self.assertGreater(time.monotonic() - start, 1)
        self.assertFalse(self.listener.hear(self.database, 2))

    def test_several_databases(self):
        waker = Waker(interval=0.1)
        other = f"{self.database}_2"
        waker.wake_up(self.database)
        waker.wake_up(other)
        with closing(Listener()) as listener:
            waker.wake_up(other)
            self.assertTrue(listener.hear(other))
        self.assertTrue(self.listener.hear(self.database))

    def test_nobody_waits(self):
        """A request does not wait for the waker while PostgreSQL does not answer."""
        waker, is_open = Waker(), threading.Event()
        self.addCleanup(is_open.set)

        def hang(connection, databases):
            is_open.wait(PATIENCE)

        waker._notify = hang
        threads = [
            threading.Thread(target=waker.wake_up, args=[self.database], daemon=True)
            for _ in range(5)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE / 2)
            self.assertFalse(thread.is_alive())

    def test_connection_stays_open_and_may_be_cut(self):
        waker = Waker(interval=0.1)
        pids = []
        for _ in range(3):
            waker.wake_up(self.database)
            self.assertTrue(self.listener.hear(self.database))
            [pid] = self._find_backends()
            pids.append(pid)
        self.assertEqual(len(set(pids)), 1)
        self.listener.query("SELECT pg_terminate_backend(%s, 10000)", pids[0])
        waker.wake_up(self.database)
        self.assertTrue(self.listener.hear(self.database))
        self.assertNotIn(pids[0], self._find_backends())

    def test_idle_connection_is_closed(self):
        waker = Waker(interval=0.1, max_idle=0.5)
        waker.wake_up(self.database)
        self.assertTrue(self.listener.hear(self.database))
        deadline = time.monotonic() + PATIENCE
        while self._find_backends() or waker._thread:
            self.assertLess(time.monotonic(), deadline)
        waker.wake_up(self.database)
        self.assertTrue(self.listener.hear(self.database))

    def test_without_postgresql(self):
        waker = Waker(interval=0.1)
        connect, failed = waker._connect, threading.Event()

        def fail():
            failed.set()
            raise psycopg2.OperationalError("secret")

        waker._connect = fail
        with self.assertLogs("odoo.addons.crm_lead_api.tools.waker") as log:
            waker.wake_up(self.database)
            self.assertTrue(failed.wait(PATIENCE))
            waker._connect = connect
            waker.wake_up(self.database)
            self.assertTrue(self.listener.hear(self.database))
        self.assertNotIn("secret", str(log.output))

    def test_after_fork(self):
        """A process that was forked wakes up by a connection of its own."""
        waker = Waker(interval=0.1)
        waker.wake_up(self.database)
        self.assertTrue(self.listener.hear(self.database))
        [pid] = self._find_backends()
        child = os.fork()
        if not child:  # nothing of the test's is to run here, whatever happens
            try:
                waker.wake_up(f"{self.database}_child")
                waker._thread.join(PATIENCE)
            finally:
                os._exit(0)
        self.addCleanup(os.waitpid, child, 0)
        self.addCleanup(os.kill, child, 9)
        self.assertTrue(self.listener.hear(f"{self.database}_child"))
        waker.wake_up(self.database)
        self.assertTrue(self.listener.hear(self.database))
        self.assertIn(pid, self._find_backends())
