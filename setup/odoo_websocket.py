# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read the websocket of a page."""

import json
from contextlib import closing

from odoo_database import Database
from waiting import PATIENCE
from websocket import create_connection

SUBSCRIBE = {"event_name": "subscribe", "data": {"channels": [], "last": 0}}
NOTIFY = """
env["bus.bus"]._sendone("broadcast", "{kind}", {{}})
"""


def check_notifications(database: Database, url: str, **options) -> None:
    """Assert that what Odoo tells all pages arrives at a page's websocket.

    :param url: of the server, such as ``ws://localhost:8072``
    :param options: of the connection
    """
    database.run(NOTIFY.format(kind="before"))
    with closing(
        create_connection(f"{url}/websocket", timeout=PATIENCE, **options)
    ) as socket:
        socket.send(json.dumps(SUBSCRIBE))
        # Odoo keeps it for those that come soon after.
        _wait_for(socket, "before")
        # PostgreSQL notifies the server's process of this one.
        database.run(NOTIFY.format(kind="after"))
        _wait_for(socket, "after")


def _wait_for(socket, kind: str) -> None:
    kinds = set()
    while kind not in kinds:
        kinds = {each["message"]["type"] for each in json.loads(socket.recv())}
