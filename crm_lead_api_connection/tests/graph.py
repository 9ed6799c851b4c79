# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Simulate Meta's Graph API on a socket, as its pages describe it."""

import json
import os
import threading
import time
from contextlib import contextmanager
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch
from urllib.parse import parse_qs, parse_qsl, urlsplit

from ..tools.graph import OTHER_ADDRESS

TOKEN = "EAAB-tok%en+of/the=page"  # noqa: S105  with all that an address would change
LEAD_FIELDS = {
    *("ad_id", "ad_name", "adset_id", "adset_name", "campaign_id", "campaign_name"),
    *("created_time", "custom_disclaimer_responses", "field_data", "form_id"),
    *("home_listing", "id", "is_organic", "partner_name", "platform", "post"),
    *("post_submission_check_result", "retailer_item_id", "vehicle"),
}
FORM_FIELDS = {"id", "name", "status", "locale", "leads_count", "created_time"}
GARBAGE = (200, {}, b"<!DOCTYPE html><title>Sorry, something went wrong.</title>")
REDIRECT = (302, {"Location": "http://127.0.0.1:9/stolen"}, b"")


def fail(code, subcode=None, kind="OAuthException", status=400, headers=None, **other):
    """Return an answer with an error."""
    error = {"message": f"(#{code}) Error", "type": kind, "code": code, **other}
    if subcode:
        error["error_subcode"] = subcode
    error["fbtrace_id"] = "EJplcsCHuLu"
    return (status, headers or {}, json.dumps({"error": error}).encode())


class Graph(ThreadingHTTPServer):
    """The Graph API with leads and forms, by id.

    :ivar tokens: the ends of valid tokens, in Unix time; 0: never
    :ivar faults: the next answers, whatever is asked: (status, headers, body), or
        ``None``: the connection is closed without an answer
    :ivar held: events for which an answer waits, by the id that is asked for
    :ivar calls: (path, parameters, headers, body) of what was asked
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.tokens, self.leads, self.forms = {TOKEN: 0}, {}, {}
        self.faults, self.held, self.calls = [], {}, []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def asked(self):
        """The ids that were asked for."""
        return [path.split("/")[2] for path, *_others in self.calls]

    def add(self, ref, form="901", seconds=None, **answers):
        """Add the lead of a customer, and its form."""
        seconds = seconds or int(time.time())
        self.forms.setdefault(form, {"id": form, "name": f"Khuyến mãi {form}"})
        date = datetime.fromtimestamp(seconds, timezone.utc)
        self.leads[ref] = {
            "id": ref,
            "created_time": f"{date:%Y-%m-%dT%H:%M:%S}+0000",
            "form_id": form,
            "ad_id": "601",
            "ad_name": "Quảng cáo 1",
            "campaign_id": "701",
            "campaign_name": "Tháng 11",
            "is_organic": False,
            "platform": "fb",
            "field_data": [
                {"name": name, "values": [value]} for name, value in answers.items()
            ],
        }

    def handle_error(self, request, client_address):
        """A client that goes away is no error of the Graph."""

    @classmethod
    @contextmanager
    def run(cls):
        with cls() as graph, patch.dict(os.environ, {OTHER_ADDRESS: graph.url}):
            threading.Thread(
                target=graph.serve_forever, args=(0.01,), daemon=True
            ).start()
            try:
                yield graph
            finally:
                graph.shutdown()

    # ------------------------------------------------------------ answers

    def answer(self, method, path, params, token):
        """Return status, headers and body of an answer."""
        if token not in self.tokens and "|" not in token:
            text = f"Error validating access token: Malformed access token {token}"
            return fail(190, 463, message=text)
        version, _slash, rest = path.strip("/").partition("/")
        if not version.startswith("v"):
            return fail(2500)
        if method == "POST" and not rest:
            return self._answer_batch(json.loads(params["batch"]), version, token)
        node, _slash, edge = rest.partition("/")
        if node == "debug_token":
            if "|" not in token:
                return fail(100, message="(#100) You must provide an app access token")
            return self._describe_token(params["input_token"])
        if node == "me" and edge == "leadgen_forms":
            return self._list(list(self.forms.values()), params, FORM_FIELDS)
        if edge == "leads" and node in self.forms:
            leads = [each for each in self.leads.values() if each["form_id"] == node]
            leads.sort(key=lambda lead: lead["created_time"], reverse=True)
            return self._list(leads, params, LEAD_FIELDS)
        for records, names in (self.leads, LEAD_FIELDS), (self.forms, FORM_FIELDS):
            if node in records and not edge:
                return self._show(records[node], params, names)
        text = (
            f"Unsupported get request. Object with ID '{node}' does not exist, cannot "
            "be loaded due to missing permissions, or does not support this operation."
        )
        return fail(100, 33, "GraphMethodException", message=text)

    def _show(self, record, params, names):
        asked = set(filter(None, params.get("fields", "").split(",")))
        if unknown := asked - names:
            text = f"(#100) Tried accessing nonexisting field ({min(unknown)})"
            return fail(100, message=text)
        shown = {"id", *asked} if asked else record.keys()
        return _answer({name: record[name] for name in record if name in shown})

    def _list(self, records, params, names):
        for each in json.loads(params.get("filtering", "[]")):
            if (each["field"], each["operator"]) != ("time_created", "GREATER_THAN"):
                return fail(100, message="(#100) Filtering field is invalid")
            records = [one for one in records if _get_time(one) > each["value"]]
        start, limit = int(params.get("after", 0)), int(params.get("limit", 25))
        page = []
        for record in records[start : start + limit]:
            status, headers, body = self._show(record, params, names)
            if status != 200:
                return status, headers, body
            page.append(json.loads(body))
        answer = {"data": page}
        if page:
            end = start + len(page)
            cursors = {"before": str(start), "after": str(end)}
            answer["paging"] = {"cursors": cursors}
            if end < len(records):
                # An address with a token, which nobody may use
                answer["paging"]["next"] = "http://127.0.0.1:9/next?access_token=x"
        return _answer(answer)

    def _answer_batch(self, questions, version, token):
        answers = []
        for question in questions:
            parts = urlsplit(question["relative_url"])
            params = dict(parse_qsl(parts.query))
            status, _headers, body = self.answer(
                question["method"], f"/{version}/{parts.path}", params, token
            )
            answers.append({"code": status, "body": body.decode()})
        return _answer(answers)

    def _describe_token(self, token):
        is_valid = token in self.tokens
        data = {"app_id": "138483919580948", "type": "PAGE", "is_valid": is_valid}
        if is_valid:
            data |= {"expires_at": self.tokens[token], "data_access_expires_at": 0}
        else:
            data["error"] = {"code": 190, "message": "Session has expired"}
            data["error"]["subcode"] = 463
        return _answer({"data": data})


def _answer(data):
    return 200, {}, json.dumps(data).encode()


def _get_time(record):
    text = record["created_time"]
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").timestamp()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        parts = urlsplit(self.path)
        self._serve("GET", parts.path, parts.query, "")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._serve("POST", urlsplit(self.path).path, body, body)

    def _serve(self, method, path, query, body):
        graph = self.server
        params = {name: values[0] for name, values in parse_qs(query).items()}
        graph.calls.append((path, params, self.headers, body))
        ref = path.split("/")[2]
        if event := graph.held.get(ref):
            event.wait(60)
        if graph.faults:
            answer = graph.faults.pop(0)
        else:
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            answer = graph.answer(method, path, params, token)
        if answer is None:
            self.close_connection = True
            return
        status, headers, content = answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        """The test has the calls."""
