# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Serve the demo clinic, and print a request: run by setup/demo."""

import argparse
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import first_page
import requests
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from odoo_database import CONFIG, PREFIX, Database
from odoo_server import Server, get_free_port, is_free
from softphone_server import serve_softphone
from workspace import say, say_step

FOLDER = Path(CONFIG).parent
PORTS = range(8069, 8170)
LOGIN, LANGUAGE = "lan", "en_US"
MAKE_CLINIC = f"""
{first_page.LOAD_LANGUAGE}
from demo_clinic import make_clinic
make_clinic(env)
"""
PREPARE = """
from scenery import make_payload, make_token
parameters = env["ir.config_parameter"].sudo()
parameters.set_param("web.base.url", {url!r})
parameters.set_param("web.base.url.freeze", "True")
token, payload = make_token(env), make_payload(env)
client = env.ref("crm_lead_api.demo_client")
# For the softphone
rights = "looks_up_customers", "books_appointments", "reads_all_leads"
client.write(dict.fromkeys(rights, True))
from demo_connections import make_google_request
form = make_google_request(env, {url!r})
from demo_first_calls import get_wallboard
wallboard = get_wallboard(env)
print(">>" + json.dumps([token, payload, form, wallboard]))
"""
TEXT = """
  Odoo      {url}
  Login     lan / lan     (sales manager of the clinic, administrator of the lead API)
            minh / minh   (salesperson, in Vietnamese)
            hoa / hoa     (receptionist of both branches, in Vietnamese)
            bs.hanh / bs.hanh (doctor, in Vietnamese)
            admin / admin (administrator)
  Token     {token}
            (more under CRM > Configuration > Lead API > Clients)
  E-mail    is taken, and sent to nobody
  Softphone {softphone}
            (an agent's screen: who is calling, changes of a lead, notes, bookings)
{wallboard}
Paste this into another terminal, and open the link in its answer:

{request}
{booking}{form}
Serving until Ctrl-C; the log is var/demo/odoo.log"""

WALLBOARD = """  Wallboard {url}{path}
            (for a television: it needs no login)
"""

BOOKING = """
Then book an appointment for the lead:

{request}
"""

FORM = """
Or be Google, which sends the form of an advertisement:

{request}
"""


def prepare(database: Database, url: str) -> tuple[str, dict, dict | None, str]:
    """Make the clinic with eight weeks of leads, unless it is there, and return a new
    token, a payload to send, a form of Google's, and the path of a wallboard.

    :param url: of the server to come
    """
    say_step("Clinic")
    scripts = [PREPARE.format(url=url)]
    client = "module = 'crm_lead_api' AND name = 'demo_client'"
    if database.count("ir_config_parameter", "key = 'crm_lead_api.demo_clinic'"):
        pass
    elif database.count("ir_model_data", client):
        say("the clinic of an earlier version; --reset makes it anew")
    else:
        say("making eight weeks of leads (about half a minute)")
        # Another processor builds the pages meanwhile.
        scripts = [MAKE_CLINIC + scripts[0], first_page.BUILD]
    with ThreadPoolExecutor() as pool:
        output, *_pages = pool.map(database.run, scripts)
    return tuple(json.loads(output))


def find_booking(url: str, token: str, payload: dict) -> dict | None:
    """Return a booking of the lead of a payload, at the first free time of a week;
    ``None`` if there is none.
    """
    today = date.today()
    query = {name: payload[name] for name in ("company_id", "crm_line_ids")}
    query |= {"from": today + timedelta(days=1), "to": today + timedelta(days=7)}
    headers = {"Authorization": f"Bearer {token}"}
    answer = requests.get(f"{url}/api/v1/slots", query, headers=headers, timeout=60)
    answer.raise_for_status()
    slots = answer.json()["data"]["slots"]
    ticket = {"ticket_id": payload["ticket_id"]}
    return {**ticket, "start": slots[0]["start"]} if slots else None


@contextmanager
def serve(database: Database, log: Path, port: int) -> Iterator[Server]:
    """Run a server that has already shown its first page, and sends no mail."""
    mail = Controller(Sink(), hostname="127.0.0.1", port=get_free_port())
    options = ("--smtp=127.0.0.1", f"--smtp-port={mail.port}")
    mail.start()
    try:
        with database.serve(log, *options, port=port) as server:
            first_page.open_first_page(f"http://localhost:{port}", LOGIN, LANGUAGE)
            yield server
    finally:
        mail.stop()


def choose_port() -> int:
    """Return the first free port."""
    port = next(filter(is_free, PORTS))
    if port != PORTS[0]:
        say(f"port {PORTS[0]} is in use: taking {port}")
    return port


def format_curl(url: str, body: dict, *headers: str) -> str:
    """Return a command line of curl that sends a body."""
    text = json.dumps(body, ensure_ascii=False, indent=2)
    lines = [f"curl -sS -w '\\n' {url}"]
    lines += [f"-H '{each}'" for each in (*headers, "Content-Type: application/json")]
    return " \\\n  ".join([*lines, f"-d {shlex.quote(text)}"])


def format_request(url: str, token: str, payload: dict, path: str = "/lead") -> str:
    """Return a command line of curl that sends a payload."""
    key = f"Idempotency-Key: ticket-{payload['ticket_id']}"
    bearer = f"Authorization: Bearer {token}"
    return format_curl(f"{url}/api/v1{path}", payload, bearer, key)


def send(request: str, url: str, portrait: dict) -> list[str]:
    """Send the printed request, print the answer, and return what is wrong with it.

    :param portrait: the customer portrait in the request
    """
    print(f"\n{request}\n", flush=True)
    text = subprocess.run(
        ["bash", "-c", request], stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    print(text, flush=True)
    answer = json.loads(text)
    data = answer.get("data") or {}
    lead = data.get("id_lead")
    link = f"{url}/web#id={lead}&model=crm.lead&view_type=form&action="
    checks = {
        "error": answer.get("error") == 0,
        "message": answer.get("message") == "Success",
        "id_lead": isinstance(lead, int),
        "link_lead_detail": data.get("link_lead_detail", "").startswith(link),
        "customer_portrait": data.get("customer_portrait") == portrait,
    }
    return [name for name, is_right in checks.items() if not is_right]


def main() -> str | None:
    parser = argparse.ArgumentParser(prog="setup/demo")
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--port", type=int)
    options = parser.parse_args()
    port = options.port or choose_port()
    url = f"http://localhost:{port}"
    database = Database(PREFIX)
    token, payload, form, wallboard = prepare(database, url)
    request = format_request(url, token, payload)
    say_step(f"Odoo on {url}")
    log = FOLDER / "odoo.log"
    log.unlink(missing_ok=True)
    # Whoever tries events has the receiver on this machine.
    os.environ["CRM_LEAD_API_OWN_ADDRESSES"] = "1"
    with serve(database, log, port) as server:
        if options.once:
            wrong = send(request, url, payload["customer_portrait"])
            return f"Wrong in the answer: {', '.join(wrong)}" if wrong else None
        with serve_softphone(url, token) as softphone:
            names = {"url": url, "token": token, "request": request, "booking": ""}
            names["form"] = FORM.format(request=format_curl(**form)) if form else ""
            names["wallboard"] = ""
            if wallboard:
                names["wallboard"] = WALLBOARD.format(url=url, path=wallboard)
            if booking := find_booking(url, token, payload):
                command = format_request(url, token, booking, "/bookings")
                names["booking"] = BOOKING.format(request=command)
            print(TEXT.format(softphone=softphone, **names), flush=True)
            server.process.wait()
    return f"Odoo ended by itself; see {log}"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
