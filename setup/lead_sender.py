# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Send leads by the Python client, whatever happens to the servers meanwhile."""

import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import httpx
from crm_lead_api_client import LeadApi, Retry
from odoo_database import Database
from waiting import wait_until

INTERVAL = 1  # seconds between two leads


class LeadSender:
    """Send a lead each second, with the client as it is without settings.

    :param payload: of a lead; ticket and phone of each lead are its own
    :param first: ticket of the first lead
    :param Path certificate: of the authority to trust
    :ivar answers: HTTP status and ``Retry-After`` of all answers, in their order
    """

    def __init__(self, url, token: str, payload: dict, first: int, certificate=None):
        self.answers: list[tuple[int, str | None]] = []
        self._payload = payload
        self._ticket = first
        self._leads: dict[int, Future] = {}
        self._is_ending = threading.Event()
        hooks = {"response": [self._keep_answer]}
        context = ssl.create_default_context(cafile=certificate)
        http = httpx.Client(verify=context, event_hooks=hooks)
        # At the end nobody waits for what is left of a pause.
        retry = Retry(sleep=self._is_ending.wait)
        self._api = LeadApi(url, token, retry=retry, http=http)
        self._threads = ThreadPoolExecutor(200)

    @contextmanager
    def run(self) -> Iterator[None]:
        """Send leads, and wait at the end until each has its answer."""
        thread = threading.Thread(target=self._send_all)
        thread.start()
        try:
            yield
        finally:
            self._is_ending.set()
            thread.join()
            self._threads.shutdown()

    def wait_for(self, status: int) -> None:
        """Wait for another answer with a status."""
        known = len(self.answers)
        wait_until(
            lambda: any(status == each for each, _pause in self.answers[known:]),
            f"no answer has the status {status}",
        )

    def get_leads(self) -> dict[int, int]:
        """Return the ids of the leads, by their tickets.

        :raise LeadApiError: a lead was not made
        """
        leads = {ticket: lead.result() for ticket, lead in self._leads.items()}
        return {ticket: lead.data["id_lead"] for ticket, lead in leads.items()}

    def find_leads(self, database: Database) -> list[tuple[int, int]]:
        """Return ticket and id of the leads that a database has."""
        return database.query(
            "SELECT ticket_ref::integer, id FROM crm_lead WHERE ticket_ref = ANY(%s)"
            " ORDER BY 1",
            [str(ticket) for ticket in self._leads],
        )

    def _send_all(self):
        while not self._is_ending.is_set():
            own = {"ticket_id": self._ticket, "phone_no1": f"0904{self._ticket:06}"}
            lead = {**self._payload, **own}
            sending = self._threads.submit(self._api.create_lead, lead)
            self._leads[self._ticket] = sending
            self._ticket += 1
            self._is_ending.wait(INTERVAL)

    def _keep_answer(self, response):
        pause = response.headers.get("Retry-After")
        self.answers.append((response.status_code, pause))
