# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The code of the released versions, scripts for ``odoo shell`` in their databases, and
a client that sends leads whatever happens to the servers meanwhile."""

import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from crm_lead_api_client import LeadApi, Retry
from odoo_database import Database
from waiting import wait_until

ROOT = Path(__file__).parents[1]
VERSIONS = [
    *("19.0.1.0.0", "19.0.2.0.0", "19.0.3.0.0", "19.0.4.0.0", "19.0.5.0.0"),
    *("19.0.6.0.0", "19.0.7.0.0", "19.0.8.0.0"),
]

# Version 1 had API keys of users, and no clients.
MAKE_OLD_KEY = """
from datetime import datetime, timedelta
caller = env.ref("crm_lead_api.demo_caller")
caller.copy({"login": "strict", "lead_api_replay_content": False})
expires = datetime.now() + timedelta(days=1)
keys = env["res.users.apikeys"].sudo()
print(">>" + keys._generate_lead_api_token(caller, "test", expires))
env.cr.commit()
"""
LET_STAFF_WORK = """
env = env(user=env.ref("crm_lead_api.demo_agent"))
Lead = env["crm.lead"]
new, again = Lead.search([("ticket_ref", "in", ["1", "2"])], order="ticket_ref")
comment = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
new.message_post(body="Xin chào", **comment)
new.service_ids.price_unit = 123
again.write({"name": "Tên khác", "stage_id": env.ref("crm.stage_lead2").id})
again.portrait_id.hobby_ids[0].name = "đọc sách"
again.partner_id.write({"phone3": "028 3822 0000", "birthdate_date": "1990-01-31"})
Lead.create({"name": "Đến tận nơi", "contact_name": "Khách"}).active = False
env.cr.commit()
"""
INTERVAL = 1  # seconds between two leads


def unpack(version: str, folder: Path) -> None:
    """Write the addon's last files of a version into a folder.

    Skip the test if the git history does not reach back so far, or if the version
    cannot be imported on this Python: no database of it was ever run there.
    """
    oldest = (3, 11) if version in VERSIONS[:2] else (3, 13)
    if sys.version_info < oldest:
        pytest.skip(f"version {version} needs Python {'.'.join(map(str, oldest))}")
    change = f'-S"version": "{version}"'
    path = "crm_lead_api/__manifest__.py"
    git = ("git", "-C", ROOT)
    log = subprocess.run(
        [*git, "log", "--format=%H", change, "--", path], capture_output=True, text=True
    )
    if not log.stdout:
        pytest.skip(f"version {version} is not in the git history that is here")
    # The newest is the one that raised the version.
    commit = f"{log.stdout.split()[0]}~1"
    archive = subprocess.run(
        [*git, "archive", commit, "crm_lead_api"], stdout=subprocess.PIPE, check=True
    )
    subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)


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
        return {ticket: lead.result() for ticket, lead in self._leads.items()}

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
            self._leads[self._ticket] = self._threads.submit(self._send, lead)
            self._ticket += 1
            self._is_ending.wait(INTERVAL)

    def _send(self, lead):
        return self._api.create_lead(lead).data["id_lead"]

    def _keep_answer(self, response):
        pause = response.headers.get("Retry-After")
        self.answers.append((response.status_code, pause))
