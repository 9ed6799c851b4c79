# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Send requests over HTTP, as outside systems do."""

import itertools
import json
from collections.abc import Iterable
from contextlib import closing
from http.client import HTTPConnection
from threading import Lock

PATIENCE = 900  # seconds for an answer: a thousand leads take some


class Caller:
    """Sends JSON to a server.

    :param port: of the server
    :param secret: token or API key
    :param database: its name
    """

    def __init__(self, port: int, secret: str, database: str):
        self.port = port
        self.database = database
        self.headers = {
            "Authorization": f"Bearer {secret}",
            "Content-Type": "application/json",
            "X-Odoo-Database": database,
        }

    def post(self, path: str, data, status: int = 200):
        """Send a request, and return the answer's content.

        :param status: that it has to have
        """
        body = json.dumps(data).encode()
        return json.loads(self.send("POST", path, body, status))

    def send(self, method: str, path: str, body: bytes = b"", status: int = 200):
        # Odoo closes each connection.
        with closing(HTTPConnection("127.0.0.1", self.port, PATIENCE)) as connection:
            connection.request(method, path, body, self.headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        assert answer.status == status, f"{path}: {answer.status} {text}"
        return text


class Leads:
    """Payloads of leads that nobody has sent before.

    :param payload: a full one
    :param customers: what of a payload known customers say, who are sent in turn
    """

    def __init__(self, payload: dict, customers: Iterable[dict] = ()):
        self.payload = payload
        self.numbers = itertools.count(10_000_000)
        self.customers = itertools.cycle(customers)
        self.lock = Lock()

    def make_new(self) -> dict:
        """Return one of a new customer."""
        number = next(self.numbers)
        return {
            **self.payload,
            "phone_no1": f"09{number:08}",
            "phone_no2": f"08{number:08}",
            "phone_no3": f"07{number:08}",
            "ticket_id": number,
            "contact_name": f"Trần Thị {number}",
            "email_from": f"c{number}@example.com",
            "facebook_acc": f"c{number}",
            "zalo_acc": f"09{number:08}",
        }

    def make_known(self) -> dict:
        """Return one of a known customer."""
        with self.lock:  # threads share it
            customer = next(self.customers)
        return {**self.payload, **customer, "ticket_id": next(self.numbers)}
