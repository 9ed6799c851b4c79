# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Leave the e-mails of requests to Odoo's queue, and run the queue within moments: a
slow mail server delays no answer."""

import logging
import threading
import time

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect

CRON = "mail.ir_cron_mail_scheduler_action"
INTERVAL = 1  # seconds between two runs that a process triggers in a database
# Odoo's context of a request
QUEUE_CONTEXT = {"mail_notify_force_send": False}

_logger = logging.getLogger(__name__)
_lock = threading.Lock()
_due: dict[str, float] = {}  # the time of the last run, by database


def send_mails_soon(database: str) -> None:
    """Run a database's queue after a commit, without waiting; it runs hourly anyway."""
    with _lock:
        now, due = time.monotonic(), _due.get(database, 0)
        if due > now:
            return  # the run comes after the commit
        _due[database] = due = max(now, due + INTERVAL)
    timer = threading.Timer(due - now, _trigger, [database])
    timer.daemon = True
    timer.start()


def _trigger(database):
    """Trigger the queue's scheduled action, in a transaction of its own: each run
    changes the action, and PostgreSQL refuses a reference to a row that has changed
    since the transaction began."""
    try:
        with db_connect(database).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            if cron := env.ref(CRON, raise_if_not_found=False):
                cron._trigger()
    except psycopg2.Error as error:
        _logger.warning("E-mails wait: %s", type(error).__name__)
