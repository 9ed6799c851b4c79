# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Workflows of n8n with the node and its trigger."""

import secrets

from client_cases.n8n_driver import FILTERS, LISTS, MORE, PARAMETERS

NODE = "n8n-nodes-crm-lead-api"
WEBHOOK = "5f3c1f0e-3c38-4d5a-9d0e-8f6a3d7c2b10"
# By a word in the name of an operation: where the node offers it
RESOURCES = {
    **{"PhoneCall": "phoneCall", "Recording": "phoneCall"},
    **{"Booking": "booking", "Slots": "booking", "Quote": "booking"},
}
# With a new id: a new n8n counts executions anew, and Odoo knows the keys of old ones.
OPERATIONS = f"operations-{secrets.token_hex(8)}"


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
