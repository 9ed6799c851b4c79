# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Let Odoo's server outlive an absence of PostgreSQL.

By itself a server with worker processes ends as soon as it has to start another worker
while PostgreSQL is away, which is at once where it has one for scheduled actions. In a
threaded server the threads of the scheduled actions end, and with them the lead API's
events.
"""

import logging
import time

import psycopg2

from odoo.service.server import PreforkServer, ThreadedServer

RETRY = 5  # seconds

_logger = logging.getLogger(__name__)
_process_spawn = PreforkServer.process_spawn
_cron_thread = ThreadedServer.cron_thread


def process_spawn(self):
    try:
        _process_spawn(self)
    except psycopg2.OperationalError as error:
        # Odoo tries again with its next beat, after some seconds.
        _logger.warning("No worker could be started: %s", error)


def cron_thread(self, number):
    while True:
        try:
            _cron_thread(self, number)
        except psycopg2.OperationalError as error:
            _logger.warning("Scheduled actions have to wait: %s", error)
            time.sleep(RETRY)


PreforkServer.process_spawn = process_spawn
ThreadedServer.cron_thread = cron_thread
