# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Use the node for n8n as the cases use a client: by a workflow for each operation."""

import inspect
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from waiting import PATIENCE, receiving_posts

from client_cases.driver import ClientError, Unoffered
from client_cases.proxy import Proxy

NODE = "n8n-nodes-crm-lead-api"
WEBHOOK = "5f3c1f0e-3c38-4d5a-9d0e-8f6a3d7c2b10"
# By a word in the name of an operation: where the node offers it
RESOURCES = {
    **{"PhoneCall": "phoneCall", "Recording": "phoneCall"},
    **{"Booking": "booking", "Slots": "booking", "Quote": "booking"},
}
# With a new id: a new n8n counts executions anew, and Odoo knows the keys of old ones.
OPERATIONS = f"operations-{secrets.token_hex(8)}"
# Has the node's pauses ended by the cases
SHIM = Path(__file__).with_name("n8n_pauses.cjs")
REQUIRED = (
    *("ticket_id", "contact_name", "phone_no1", "gender", "agent_email", "user_id"),
    *("country_id", "state_id", "street", "company_id", "price_list_id"),
    *("category_source_id", "source_id", "campaign_id", "crm_line_ids"),
)
LEAD = ("by", "lead")
CALL_FILTERS = ("ticket_id", "phone", "updated_since")
BOOKING_FILTERS = (*CALL_FILTERS, "company_id", "day")
SERVICES = ("company_id", "crm_line_ids")
# By operation of the node: its parameters
PARAMETERS = {
    "create": (*REQUIRED, "fields", "key"),
    "put": (*REQUIRED, "fields"),
    "change": (*LEAD, "changes"),
    "get": LEAD,
    "note": (*LEAD, "text", "note_agent_email"),
    "lookUp": ("phone", "caller_agent_email"),
    "putPhoneCall": ("callId", "call"),
    "getPhoneCall": ("callId",),
    "listPhoneCalls": ("callFilters",),
    "sendRecording": ("callId",),
    "getRecording": ("callId",),
    "listSlots": (*SERVICES, "from", "to"),
    "getQuote": (*SERVICES, "price_list_id"),
    "createBooking": (
        *("bookingFor", "bookingLead", "start", "bookingFields", "bookingKey"),
    ),
    "getBooking": ("booking",),
    "listBookings": ("bookingFilters",),
    "changeBooking": ("booking", "bookingChanges"),
}
# Of those in PARAMETERS: attributes in JSON, and fields of a collection
MORE = ("fields", "changes", "call", "bookingFields", "bookingChanges")
FILTERS = {"callFilters": CALL_FILTERS, "bookingFilters": BOOKING_FILTERS}
# By operation: the attribute of the answer whose items are the node's items
LISTS = {"listSlots": "slots", "listPhoneCalls": None, "listBookings": None}


def make_new(lead: dict, idempotency_key: str = "") -> dict:
    more = {name: value for name, value in lead.items() if name not in REQUIRED}
    values = {name: lead[name] for name in REQUIRED}
    return {**values, "fields": more, "key": idempotency_key}


def make_note(by: str) -> Callable[[int, dict], dict]:
    return lambda lead, note: {
        **{"by": by, "lead": lead, "text": note["text"]},
        "note_agent_email": note["agent_email"],
    }


def make_caller(phone: list[str], agent_email: str) -> dict:
    return {"phone": ",".join(phone), "caller_agent_email": agent_email}


def make_booking(booking: dict, idempotency_key: str = "") -> dict:
    more = dict(booking)
    [subject] = more.keys() & {"ticket_id", "id_lead", "lead"}
    return {
        **{"bookingFor": subject, "bookingLead": more.pop(subject)},
        **{"start": more.pop("start"), "bookingFields": more},
        "bookingKey": idempotency_key,
    }


# By method of a client: the operation of the node, and what makes its parameters
METHODS: dict[str, tuple[str, Callable[..., dict]]] = {
    "create_lead": ("create", make_new),
    "put_lead": ("put", lambda lead: make_new(lead)),
    "change_lead": (
        *("change", lambda lead, changes: _make_change("id", lead, changes)),
    ),
    "change_lead_of_ticket": (
        *("change", lambda lead, changes: _make_change("ticket", lead, changes)),
    ),
    "read_lead": ("get", lambda lead: {"by": "id", "lead": lead}),
    "read_ticket": ("get", lambda lead: {"by": "ticket", "lead": lead}),
    "create_note": ("note", make_note("id")),
    "create_note_of_ticket": ("note", make_note("ticket")),
    "read_customers": ("lookUp", make_caller),
    "put_phone_call": (
        *("putPhoneCall", lambda call_id, call: {"callId": call_id, "call": call}),
    ),
    "read_phone_call": ("getPhoneCall", lambda call_id: {"callId": call_id}),
    "read_phone_calls": (
        *("listPhoneCalls", lambda **filters: {"callFilters": filters}),
    ),
    "put_recording": (
        "sendRecording",
        lambda call_id, sound, media_type: {
            **{"callId": call_id, "sound": sound, "mediaType": media_type},
        },
    ),
    "read_recording": ("getRecording", lambda call_id: {"callId": call_id}),
    "read_slots": ("listSlots", lambda **query: query),
    "read_quote": ("getQuote", lambda **query: query),
    "create_booking": ("createBooking", make_booking),
    "read_booking": ("getBooking", lambda booking: {"booking": booking}),
    "read_bookings": ("listBookings", lambda **filters: {"bookingFilters": filters}),
    "change_booking": (
        "changeBooking",
        lambda booking, changes: {"booking": booking, "bookingChanges": changes},
    ),
}


def _make_change(by, lead, changes):
    return {"by": by, "lead": lead, "changes": changes}


class Answer(dict):
    """Hold what the node tells of an answer."""

    def __missing__(self, key):
        raise Unoffered(f"no {key}")


@dataclass
class NodeDriver:
    """Use the node in a running n8n; see ``Driver``.

    :param url: of n8n
    """

    url: str
    proxy: Proxy
    settings: dict[str, Any] = field(default_factory=dict)
    on_pause: Callable[[], None] = lambda: None
    pauses: list[float] = field(default_factory=list)

    def __call__(
        self, method: str, *args: Any, query: dict | None = None, **options: Any
    ) -> dict[str, Any]:
        if method not in METHODS:
            raise Unoffered(f"no {method}")
        operation, make_parameters = METHODS[method]
        options |= query or {}
        known = inspect.signature(make_parameters).parameters
        unknown = self.settings.keys() - {"url", "token", "database"}
        if all(each.kind is not each.VAR_KEYWORD for each in known.values()):
            unknown |= options.keys() - known
        if unknown:
            raise Unoffered(f"no {', '.join(sorted(unknown))}")
        parameters = make_parameters(*args, **options)
        answer = requests.post(
            f"{self.url}/webhook/{operation}",
            json={"database": "", **self.settings, **parameters},
            timeout=PATIENCE,
        ).json()
        first = answer[0] if isinstance(answer, list) and answer else answer
        if "error" in first:
            error = first["error"]
            if isinstance(error, str):  # else of an output for errors
                error = {**first, "message": error}
            raise ClientError(error)
        if name := LISTS.get(operation):
            answer = {name: answer}
        if operation == "getRecording":
            answer = answer["sound"]
        # The node does not tell it.
        is_replayed = self.proxy.requests[-1].is_replayed
        return Answer(data=answer, is_replayed=is_replayed)

    def read_log(self) -> str:
        raise Unoffered("no log")


@contextmanager
def decide_pauses(driver: NodeDriver) -> Iterator[str]:
    """Run a server that ends the node's pauses, and yield its address."""

    def receive(_headers, body):
        driver.pauses.append(float(body))
        driver.on_pause()
        return 200, b""

    with receiving_posts(receive) as url:
        yield url


# ------------------------------------------------------------ workflows


def make_node(name: str, kind: str, position: int, **parameters) -> dict:
    return {
        **{"id": name, "name": name, "type": kind, "typeVersion": 1},
        **{"position": [200 * position, 0], "parameters": parameters},
        "credentials": {"crmLeadApi": {"id": "lead", "name": "lead"}},
    }


def make_workflow(name: str, nodes: list[dict]) -> dict:
    """Return a workflow whose nodes run one after the other."""
    pairs = zip(nodes, nodes[1:], strict=False)
    connections = {
        first["name"]: {
            "main": [[{"node": second["name"], "type": "main", "index": 0}]]
        }
        for first, second in pairs
    }
    settings = {"executionOrder": "v1"}
    workflow = {"id": name, "name": name, "nodes": nodes, "connections": connections}
    return {**workflow, "settings": settings, "active": False}


def make_desk(lead: dict) -> dict:
    """Return a workflow that makes, finds and changes a lead."""
    fields = {name: lead.pop(name) for name in ("customer_portrait",) if name in lead}
    by_id = {"by": "id", "lead": '={{ $("Create").item.json.id_lead }}'}
    by_ticket = {"by": "ticket", "lead": str(lead["ticket_id"])}
    note = {"text": "Từ n8n", "note_agent_email": lead["agent_email"]}
    caller = {"phone": lead["phone_no1"], "caller_agent_email": lead["agent_email"]}
    kind = f"{NODE}.crmLeadApi"
    nodes = [
        make_node("Start", "n8n-nodes-base.manualTrigger", 0),
        make_node("Create", kind, 1, operation="create", fields=fields, **lead),
        make_node("Again", kind, 2, operation="create", fields=fields, **lead),
        make_node("Get", kind, 3, operation="get", **by_id),
        make_node(
            *("Change", kind, 4),
            **{"operation": "change", "changes": {"street": "1 Lê Lai"}, **by_ticket},
        ),
        make_node("Note", kind, 5, operation="note", **note, **by_id),
        make_node("Look Up", kind, 6, operation="lookUp", **caller),
    ]
    return make_workflow("desk", nodes)


def make_listener(agent_email: str) -> dict:
    """Return a workflow that notes on the lead of each event."""
    trigger = make_node("Trigger", f"{NODE}.crmLeadApiTrigger", 0)
    trigger["webhookId"] = WEBHOOK
    trigger["credentials"] = {"crmLeadApiEvents": {"id": "events", "name": "events"}}
    note = make_node(
        *("Note", f"{NODE}.crmLeadApi", 1),
        **{"operation": "note", "by": "id", "lead": "={{ $json.data.id_lead }}"},
        **{"text": "=n8n: {{ $json.type }}", "note_agent_email": agent_email},
    )
    return make_workflow("listener", [trigger, note])


def make_operations() -> dict:
    """Return a workflow with a webhook for each operation, which runs the node."""
    nodes, connections = [], {}
    for operation, parameters in PARAMETERS.items():
        hook = make_node(
            *(f"Hook {operation}", "n8n-nodes-base.webhook", 0),
            **{"path": operation, "httpMethod": "POST", "responseMode": "lastNode"},
        )
        if operation in LISTS:
            hook["parameters"]["responseData"] = "allEntries"
        node = make_node(
            *(operation, f"{NODE}.crmLeadApi", 2),
            **{"operation": operation, "resource": _get_resource(operation)},
            **{name: _make_value(name) for name in parameters},
        )
        node["onError"] = "continueRegularOutput"
        node["credentials"] = {"crmLeadApi": {"id": "case", "name": "case"}}
        row = [{**hook, "webhookId": operation}, node]
        if operation == "sendRecording":
            row.insert(1, _make_converter("To Sound", "jsonToBinary"))
        if operation == "getRecording":
            node["onError"] = "continueErrorOutput"
            row.append(_make_converter("From Sound", "binaryToJson"))
        nodes += row
        connections |= make_workflow(operation, row)["connections"]
    error = make_node("Error", "n8n-nodes-base.noOp", 3)
    connections["getRecording"]["main"].append(
        [{"node": "Error", "type": "main", "index": 0}]
    )
    nodes.append(error)
    return {**make_workflow(OPERATIONS, nodes), "connections": connections}


def _get_resource(operation):
    for word, resource in RESOURCES.items():
        if word in operation:
            return resource
    return "lead"


def _make_value(name):
    if name in FILTERS:
        return {each: f"={{{{ $json.body.{name}.{each} }}}}" for each in FILTERS[name]}
    value = f"={{{{ $json.body.{name} }}}}"
    return {"more": value} if name in MORE else value


def _make_converter(name, mode):
    """Return a node between a sound and its base64, which a webhook takes and gives."""
    to_sound = mode == "jsonToBinary"
    options = {"dataIsBase64": True, "keepSource": True}
    options |= {"mimeType": "={{ $json.body.mediaType }}"}
    return make_node(
        *(name, "n8n-nodes-base.moveBinaryData", 2),
        **{"mode": mode, "setAllData": False, "convertAllData": False},
        sourceKey="body.sound" if to_sound else "data",
        destinationKey="data" if to_sound else "sound",
        options=options if to_sound else {"keepAsBase64": True},
    )
