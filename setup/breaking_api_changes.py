# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Changes of the API's document that break clients, and the lines that tell them."""

LEAD, LEADS = "/api/v1/lead", "/api/v1/leads"


def get_schema(document, name):
    return document["components"]["schemas"][name]


def get_attribute(document, schema, name):
    return get_schema(document, schema)["properties"][name]


def get_parameter(document, path, name):
    parameters = document["paths"][path]["get"]["parameters"]
    return next(each for each in parameters if each["name"] == name)


def remove_path(document):
    del document["paths"][LEADS]
    return "POST /api/v1/leads: is gone"


def remove_method(document):
    del document["paths"][LEAD]["patch"]
    return "PATCH /api/v1/lead: is gone"


def require_an_attribute(document):
    get_schema(document, "LeadRequest")["required"].append("email_from")
    return "POST /api/v1/lead body.email_from: must be sent"


def add_a_required_attribute(document):
    request = get_schema(document, "LeadRequest")
    request["properties"]["branch"] = {"type": "string"}
    request["required"].append("branch")
    return "POST /api/v1/lead body.branch: must be sent"


def remove_an_attribute(document):
    del get_schema(document, "LeadRequest")["properties"]["zalo_acc"]
    return "POST /api/v1/lead body.zalo_acc: is gone"


def take_no_texts(document):
    get_attribute(document, "LeadRequest", "user_id")["type"] = "integer"
    return "POST /api/v1/lead body.user_id: takes less"


def take_fewer_choices(document):
    get_attribute(document, "LeadRequest", "gender")["enum"].remove("other")
    return "POST /api/v1/lead body.gender: takes less"


def take_shorter_texts(document):
    get_attribute(document, "LeadRequest", "contact_name")["maxLength"] = 50
    return "POST /api/v1/lead body.contact_name: takes less"


def take_smaller_numbers(document):
    get_attribute(document, "LeadRequest", "ticket_id")["maximum"] = 1000
    return "POST /api/v1/lead body.ticket_id: takes less"


def take_no_null(document):
    get_attribute(document, "LeadRequest", "phone_no1")["type"] = "string"
    return "POST /api/v1/lead body.phone_no1: takes less"


def take_fewer_items(document):
    get_attribute(document, "LeadsRequest", "leads")["maxItems"] = 5
    return "POST /api/v1/leads body.leads: takes less"


def take_another_pattern(document):
    get_attribute(document, "LeadRequest", "street")["pattern"] = "^[A-Z]"
    return "POST /api/v1/lead body.street: takes less"


def take_no_forms(document):
    body = document["paths"][LEAD]["post"]["requestBody"]
    del body["content"]["application/x-www-form-urlencoded"]
    return "POST /api/v1/lead body application/x-www-form-urlencoded: is gone"


def require_a_parameter(document):
    get_parameter(document, LEADS, "limit")["required"] = True
    return "GET /api/v1/leads query limit: must be sent"


def require_a_new_header(document):
    header = {"name": "X-Tenant", "in": "header", "required": True}
    header["schema"] = {"type": "string"}
    document["paths"][LEAD]["post"]["parameters"].append(header)
    return "POST /api/v1/lead header X-Tenant: must be sent"


def remove_a_parameter(document):
    operation = document["paths"][LEADS]["get"]
    operation["parameters"].remove(get_parameter(document, LEADS, "updated_since"))
    return "GET /api/v1/leads query updated_since: is gone"


def lower_the_limit_of_a_page(document):
    get_parameter(document, LEADS, "limit")["schema"]["maximum"] = 10
    return "GET /api/v1/leads query limit: takes less"


def remove_an_attribute_of_an_answer(document):
    data = get_schema(document, "LeadData")
    del data["properties"]["link_lead_detail"]
    data["required"].remove("link_lead_detail")
    return "POST /api/v1/lead 200.data.link_lead_detail: is gone"


def rename_an_attribute_of_an_answer(document):
    lead = get_schema(document, "StoredLead")
    lead["properties"]["stage"] = lead["properties"].pop("state")
    lead["required"].remove("state")
    return "GET /api/v1/lead/{lead_id} 200.data.state: is gone"


def answer_texts(document):
    get_attribute(document, "LeadData", "id_lead")["type"] = "string"
    return "POST /api/v1/lead 200.data.id_lead: may have other values"


def answer_null(document):
    get_attribute(document, "LeadData", "id_lead")["type"] = ["integer", "null"]
    return "POST /api/v1/lead 200.data.id_lead: may have other values"


def answer_another_choice(document):
    get_attribute(document, "StoredLead", "state")["enum"].append("paused")
    return "GET /api/v1/lead/{lead_id} 200.data.state: may have other values"


def answer_other_items(document):
    hobby = get_attribute(document, "CustomerPortrait-Output", "hobby")
    hobby["items"] = {"type": "integer"}
    return "POST /api/v1/lead 200.data.customer_portrait.hobby[]: may have other values"


def leave_out_an_attribute_of_an_answer(document):
    get_schema(document, "LeadData")["required"].remove("id_lead")
    return "POST /api/v1/lead 200.data.id_lead: may be left out"


def answer_another_status(document):
    answers = document["paths"][LEAD]["post"]["responses"]
    answers["201"] = answers.pop("200")
    return "POST /api/v1/lead 200: is gone"


def answer_another_media_type(document):
    content = document["paths"][LEAD]["post"]["responses"]["200"]["content"]
    content["application/vnd.lead+json"] = content.pop("application/json")
    return "POST /api/v1/lead 200 application/json: is gone"


def answer_without_a_header(document):
    answer = document["paths"][LEAD]["post"]["responses"]["200"]
    del answer["headers"]["X-Ignored-Fields"]
    return "POST /api/v1/lead 200 header X-Ignored-Fields: is gone"


def take_no_access_token(document):
    document["security"].remove({"accessToken": []})
    return "security accessToken: is gone"


def remove_an_attribute_of_an_event(document):
    del get_schema(document, "EventData")["properties"]["state"]
    return "event event.data.state: is gone"


BREAKING = (
    *(remove_path, remove_method, require_an_attribute, add_a_required_attribute),
    *(remove_an_attribute, take_no_texts, take_fewer_choices, take_shorter_texts),
    *(take_smaller_numbers, take_no_null, take_fewer_items, take_another_pattern),
    *(take_no_forms, require_a_parameter, require_a_new_header, remove_a_parameter),
    *(lower_the_limit_of_a_page, remove_an_attribute_of_an_answer),
    *(rename_an_attribute_of_an_answer, answer_texts, answer_null),
    *(answer_another_choice, answer_other_items, leave_out_an_attribute_of_an_answer),
    *(answer_another_status, answer_another_media_type, answer_without_a_header),
    *(take_no_access_token, remove_an_attribute_of_an_event),
)
