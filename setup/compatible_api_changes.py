# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Changes of the API's document that break no client."""

import json

from breaking_api_changes import LEAD, LEADS, get_attribute, get_schema


def add_a_path(document):
    document["paths"]["/api/v1/teams"] = document["paths"]["/api/v1/me"]


def add_a_method(document):
    note = document["paths"]["/api/v1/lead/notes"]["post"]
    document["paths"]["/api/v1/me"]["post"] = note


def add_an_attribute(document):
    properties = get_schema(document, "LeadRequest")["properties"]
    properties["branch"] = {"type": ["string", "null"]}


def require_an_attribute_no_longer(document):
    get_schema(document, "LeadRequest")["required"].remove("street")


def take_null(document):
    email = get_attribute(document, "LeadRequest", "agent_email")
    email["type"] = ["string", "null"]


def take_another_choice(document):
    get_attribute(document, "LeadRequest", "gender")["enum"].append("unknown")


def take_longer_texts(document):
    get_attribute(document, "LeadRequest", "contact_name")["maxLength"] = 500


def take_greater_numbers(document):
    get_attribute(document, "LeadRequest", "user_id")["maximum"] = 2**40


def take_any_text(document):
    del get_attribute(document, "LeadRequest", "street")["pattern"]


def take_another_media_type(document):
    body = document["paths"][LEAD]["post"]["requestBody"]
    body["content"]["application/xml"] = {"schema": {"type": "object"}}


def add_a_parameter(document):
    team = {"name": "team", "in": "query", "schema": {"type": "integer"}}
    document["paths"][LEADS]["get"]["parameters"].append(team)


def add_an_attribute_to_an_answer(document):
    data = get_schema(document, "LeadData")
    data["properties"]["note"] = {"type": "string"}
    data["required"].append("note")


def always_answer_an_attribute(document):
    get_schema(document, "ErrorItem")["required"].append("allowed")


def answer_fewer_choices(document):
    get_attribute(document, "StoredLead", "state")["enum"].remove("qualified")


def add_an_error(document):
    answers = document["paths"][LEAD]["post"]["responses"]
    answers["418"] = answers["403"]


def add_a_header_to_an_answer(document):
    answer = document["paths"][LEAD]["post"]["responses"]["200"]
    answer["headers"]["X-Mode"] = {"schema": {"type": "string"}}


def describe_in_other_words(document):
    document["paths"][LEAD]["post"] |= {"summary": "x", "description": "x"}
    get_attribute(document, "LeadRequest", "gender")["description"] = "x"


def show_another_example(document):
    get_attribute(document, "LeadRequest", "gender")["examples"] = ["male"]


def move_to_another_heading(document):
    document["paths"][LEAD]["post"]["tags"] = ["Other"]


def raise_the_version(document):
    document["info"]["version"] = "9.0.0"


def put_attributes_in_another_order(document):
    request = get_schema(document, "LeadRequest")
    request["properties"] = dict(reversed(request["properties"].items()))
    request["required"].reverse()
    request["properties"]["gender"]["enum"].reverse()


def rename_a_schema(document):
    text = json.dumps(document).replace('NoteData"', 'NoteContent"')
    document.clear()
    document |= json.loads(text)


def write_a_schema_in_its_place(document):
    data = get_schema(document, "NoteData")
    get_schema(document, "NoteResponse")["properties"]["data"] = data


def announce_the_end(document):
    document["paths"]["/api/v1/lead/notes"]["post"]["deprecated"] = True


def send_another_kind_of_event(document):
    get_schema(document, "Event")["properties"]["type"]["enum"].append("lead.split")


COMPATIBLE = (
    *(add_a_path, add_a_method, add_an_attribute, require_an_attribute_no_longer),
    *(take_null, take_another_choice, take_longer_texts, take_greater_numbers),
    *(take_any_text, take_another_media_type, add_a_parameter),
    *(add_an_attribute_to_an_answer, always_answer_an_attribute, answer_fewer_choices),
    *(add_an_error, add_a_header_to_an_answer, describe_in_other_words),
    *(show_another_example, move_to_another_heading, raise_the_version),
    *(put_attributes_in_another_order, rename_a_schema, write_a_schema_in_its_place),
    *(announce_the_end, send_another_kind_of_event),
)
