# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ask Meta's Graph API for leads, their forms, and the end of a token.

Without an environment of Odoo, for threads have none. The token is sent in a header or
in a body, never in an address, which others log. Of an error only Meta's numbers are
kept: its text may contain the token.
"""

import json
import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import requests

from odoo.tools.translate import LazyGettext, LazyTranslate

from odoo.addons.crm_lead_api.tools.webhook import Answer

from .message_body import load_json
from .place import read

_lt = LazyTranslate(__name__, default_lang="en_US")

ADDRESS = "https://graph.facebook.com"
# A variable of the server's environment: the address of a simulated Graph. Not a
# setting in Odoo: whoever could change the address would receive the tokens.
OTHER_ADDRESS = "CRM_LEAD_API_GRAPH_ADDRESS"
VERSION = re.compile(r"v\d{1,3}\.\d{1,2}")
TIMEOUT = 10  # seconds that the Graph may be silent
MAX_SECONDS = 20  # that an answer may take
MAX_SIZE = 8 * 1024 * 1024  # bytes of an answer
PAGE = 100  # leads that are asked for at once
MAX_PAGES = 100  # of forms
LEAD_FIELDS = (
    *("id", "created_time", "field_data", "form_id", "is_organic", "platform"),
    *("ad_id", "ad_name", "adset_id", "adset_name", "campaign_id", "campaign_name"),
    *("custom_disclaimer_responses", "partner_name", "retailer_item_id"),
)
FORM_FIELDS = ("id", "name")

# What an error means: the token is of no use, or may not read leads; too many
# questions; no such object; anything else, which may pass
TOKEN, PERMISSION, LIMIT, UNKNOWN, ABSENT = range(5)
NO_OBJECT = 33  # subcode of 100, which else is a wrong parameter
LIMIT_CODES = (4, 17, 32, 341, 613, *range(80000, 80015))
CODES = {
    **dict.fromkeys((102, 190), TOKEN),
    **dict.fromkeys((3, 10, *range(200, 300)), PERMISSION),
    **dict.fromkeys(LIMIT_CODES, LIMIT),
    803: UNKNOWN,
}


class GraphError(Exception):
    """Report that the Graph gave no answer to a question.

    :param kind: one of ``TOKEN``, ``PERMISSION``, ``LIMIT``, ``UNKNOWN``, ``ABSENT``
    :param pause: in which the Graph wants no more questions
    """

    def __init__(self, kind: int, reason: LazyGettext, pause: timedelta = timedelta(0)):
        super().__init__(kind)
        self.kind, self.reason, self.pause = kind, reason, pause


@dataclass(frozen=True)
class Graph:
    """Ask the Graph API with a token.

    :param version: of the API, such as ``v26.0``
    :param app: the token of the app, its id and its secret, if known
    """

    token: str = field(repr=False)
    version: str
    app: str = field(default="", repr=False)

    def get_lead(self, ref: str) -> dict[str, Any]:
        """Return a lead by its id, as the Graph has it."""
        return self._get(ref, fields=",".join(LEAD_FIELDS))

    def get_form_name(self, ref: str) -> str:
        """Return the name of a form by its id."""
        return str(self._get(ref, fields=",".join(FORM_FIELDS)).get("name") or "")

    def list_forms(self) -> dict[str, str]:
        """Return the names of the forms of the token's page, by id."""
        forms, after = {}, ""
        for _page in range(MAX_PAGES):
            data = self._get(
                "me", "leadgen_forms", fields=",".join(FORM_FIELDS), after=after
            )
            for form in _get_items(data):
                if _is_id(form.get("id")):
                    forms[str(form["id"])] = str(form.get("name") or "")
            if not (after := _get_next(data)):
                break
        return forms

    def list_leads(
        self, form_ref: str, since: datetime, after: str = ""
    ) -> tuple[list[dict], str]:
        """Return a page of the leads of a form, newest first, and where the next page
        begins, or ``""``.

        :param since: naive UTC
        """
        seconds = int(since.replace(tzinfo=timezone.utc).timestamp())
        condition = {"field": "time_created", "operator": "GREATER_THAN"}
        data = self._get(
            form_ref,
            "leads",
            fields=",".join(LEAD_FIELDS),
            filtering=json.dumps([{**condition, "value": seconds}]),
            limit=PAGE,
            after=after,
        )
        return _get_items(data), _get_next(data)

    def get_token_end(self) -> datetime | None:
        """Return when the token ends, naive UTC; ``None``: it does not.

        :raise GraphError: the token has ended already (``TOKEN``)
        """
        # As a batch, in a body: debug_token wants the token in the address.
        query = urlencode({"input_token": self.token})
        question = {"method": "GET", "relative_url": f"debug_token?{query}"}
        form = {"batch": json.dumps([question]), "include_headers": "false"}
        try:  # by the app: any token of a page may not ask about itself
            asker = replace(self, token=self.app or self.token)
            answers = asker._ask("POST", "", data=form)
        except GraphError:
            if not self.app:
                raise
            answers = self._ask("POST", "", data=form)
        answer = answers[0] if isinstance(answers, list) and answers else None
        if not isinstance(answer, dict):
            raise _absent(HTTPStatus.OK)
        data = _parse(answer.get("code") or 0, {}, answer.get("body") or "")
        data = data.get("data") if isinstance(data, dict) else None
        if not isinstance(data, dict):
            raise _absent(HTTPStatus.OK)
        if not data.get("is_valid"):
            raise _to_error(data.get("error") or {"code": 190}, {})
        names = ("expires_at", "data_access_expires_at")
        times = [data.get(name) for name in names]
        times = [each for each in times if isinstance(each, int) and each > 0]
        if not times:
            return None
        return datetime.fromtimestamp(min(times), timezone.utc).replace(tzinfo=None)

    def _get(self, ref, *parts, **params) -> dict[str, Any]:
        if ref != "me" and not _is_id(ref):
            raise GraphError(UNKNOWN, _lt("“%(id)s” is no id of Meta.", id=ref[:50]))
        params = {name: value for name, value in params.items() if value}
        answer = self._ask("GET", "/".join((ref, *parts)), params=params)
        if not isinstance(answer, dict):
            raise _absent(HTTPStatus.OK)
        return answer

    def _ask(self, method, path, **content) -> Any:
        address = os.environ.get(OTHER_ADDRESS) or ADDRESS
        end = time.monotonic() + MAX_SECONDS
        try:
            with requests.request(
                method,
                f"{address}/{self.version}/{path}",
                headers={"Authorization": f"Bearer {self.token}"},
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
                **content,
            ) as response:
                text = b""
                for part in response.iter_content(64 * 1024):
                    text += part
                    if len(text) > MAX_SIZE or time.monotonic() > end:
                        raise requests.Timeout
        except (requests.RequestException, UnicodeError) as error:
            name = type(error).__name__
            reason = _lt("Meta gave no answer (%(reason)s).", reason=name)
            raise GraphError(ABSENT, reason) from None
        return _parse(response.status_code, response.headers, text)


def _is_id(ref) -> bool:
    """Tell whether a value is an id, which cannot lead to any other place."""
    return bool(re.fullmatch(r"[0-9]{1,40}", str(ref)))


def _get_items(data) -> list[dict]:
    return read("data[?type(@) == 'object']", data) or []


def _get_next(data) -> str:
    """Return the cursor of the next page; its address is not used, as nothing is that
    an answer contains."""
    return str(read("paging.next && paging.cursors.after", data) or "")


def _parse(status: int, headers: Mapping[str, str], text: str | bytes) -> Any:
    """Parse an answer; an error in it is raised."""
    try:
        data = load_json(text)
    except ValueError:
        data = None
    error = data.get("error") if isinstance(data, dict) else None
    if isinstance(error, dict):
        raise _to_error(error, headers)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise _to_error({"code": LIMIT_CODES[0]}, headers)
    if status != HTTPStatus.OK or data is None:
        raise _absent(status)
    return data


def _absent(status) -> GraphError:
    reason = _lt("Meta gave no answer of use (HTTP %(status)s).", status=int(status))
    return GraphError(ABSENT, reason)


def _to_error(error, headers) -> GraphError:
    code, subcode = error.get("code"), error.get("error_subcode")
    kind = CODES.get(code, ABSENT)
    if code == 100 and (  # noqa: PLR2004  Meta's number
        subcode == NO_OBJECT or error.get("type") == "GraphMethodException"
    ):
        kind = UNKNOWN
    number = f"{code}/{subcode}" if subcode else f"{code}"
    return GraphError(kind, _describe(kind, number), _get_pause(headers))


def _describe(kind, number) -> LazyGettext:
    if kind == TOKEN:
        return _lt(
            "The access token is not valid any more (Meta's error %(number)s). Enter a "
            "new one.",
            number=number,
        )
    if kind == PERMISSION:
        return _lt(
            "The access token may not read leads (Meta's error %(number)s). It needs "
            "the permission leads_retrieval, and its user access to the page's leads.",
            number=number,
        )
    if kind == LIMIT:
        return _lt("Meta wants a pause (its error %(number)s).", number=number)
    if kind == UNKNOWN:
        return _lt(
            "Meta knows no lead with this id, or the access token may not read it "
            "(Meta's error %(number)s).",
            number=number,
        )
    return _lt("Meta answered with its error %(number)s.", number=number)


def _get_pause(headers) -> timedelta:
    """Return the longest pause that the headers of an answer ask for."""
    pause = Answer(0, headers.get("Retry-After", "").strip()).get_pause()
    try:
        usage = json.loads(headers.get("X-Business-Use-Case-Usage", "{}"))
        minutes = [
            int(each.get("estimated_time_to_regain_access") or 0)
            for limits in usage.values()
            for each in limits
        ]
    except (ValueError, AttributeError, TypeError):
        return pause
    return max(pause, timedelta(minutes=min(max(minutes, default=0), 24 * 60)))
