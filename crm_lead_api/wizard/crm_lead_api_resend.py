# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import inspect
import uuid
from functools import partial
from urllib.parse import parse_qsl, urlsplit

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..exceptions import PayloadError
from ..http.body import parse_json
from ..http.errors import describe_error, describe_problems
from ..http.outcome import Outcome
from ..http.received_request import ReceivedRequest, get_schemas
from ..schemas.customer_portrait import KINDS
from ..schemas.record_list import BY_ATTRIBUTE
from ..schemas.value import is_sent
from ..tools.json_body import get_value, indent_json, set_value, to_json

AGENT = "agent_email"
NEW_LEAD = "POST /lead"  # the route of entries without a route
MAX_SENT = 200  # characters of a sent value that are shown
# Of fields that are filled in with the user's rights, although they are stored
FILLED_IN = {"store": True, "readonly": False, "compute_sudo": False}


class CrmLeadApiResend(models.TransientModel):
    """Resend failed requests: many, or one, whose wrong attributes are corrected."""

    _name = "crm.lead.api.resend"
    _description = "Send Lead API Requests Again"

    request_ids = fields.Many2many(
        "crm.lead.api.request", string="Requests", readonly=True
    )
    count = fields.Integer(compute="_compute_count")
    payload = fields.Text(compute="_compute_payload", **FILLED_IN)
    problems = fields.Text("Errors", compute="_compute_payload", **FILLED_IN)
    is_right = fields.Boolean(
        compute="_compute_is_right",
        help="The payload was checked, without errors.",
        **FILLED_IN,
    )
    lead_ids = fields.Many2many(
        "crm.lead",
        string="Leads of the Same Ticket",
        compute="_compute_lead_ids",
        help="The client may have corrected the payload, and sent it itself.",
    )
    # A list of objects, one for each wrong attribute: see _prepare_correction
    corrections = fields.Json(compute="_compute_payload", **FILLED_IN)

    @api.depends("request_ids")
    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard.request_ids)

    @api.depends("request_ids")
    def _compute_payload(self):
        for wizard in self:
            one = len(wizard.request_ids) == 1 and wizard.request_ids
            wizard.payload = one and one.payload_text
            wizard.problems = one and one.problems
            is_correctable = one and one.is_failed and wizard._may_act_for_client()
            wizard.corrections = is_correctable and wizard._find_problems()[1]

    @api.depends("request_ids", "payload")
    def _compute_is_right(self):
        for wizard in self:
            entry = len(wizard.request_ids) == 1 and wizard.request_ids
            # Odoo may refuse other requests again, although the payload is right.
            wizard.is_right = (
                entry
                and entry.is_failed
                and entry.error_type == "validation"
                and wizard._may_act_for_client()
                and not wizard._find_problems()[0]
            )

    @api.depends("request_ids")
    def _compute_lead_ids(self):
        for wizard in self:
            entry = len(wizard.request_ids) == 1 and wizard.request_ids
            # A change is about the ticket's lead in any case.
            is_new = entry and entry.kind == "create"
            leads = is_new and entry._find_leads_of_ticket()
            # A lead may have moved to a company of others.
            wizard.lead_ids = leads and leads._filtered_access("read")

    @api.onchange("corrections")
    def _onchange_corrections(self):
        """Offer the records that go with the records chosen so far."""
        corrections = self.corrections or []
        chosen = {
            each["path"]: each["value"]
            for each in corrections
            if each["value"] and not each["is_left_out"]
        }
        client = self._get_client(self.request_ids)
        for each in corrections:
            if each["kind"] == "record":
                each["domain"] = self._get_record_domain(
                    client, each, {**each["parents"], **chosen}
                )
        self.corrections = corrections

    def action_check(self):
        """Check the payload, and show its errors; send nothing."""
        self.ensure_one()
        self._apply_corrections()
        self._check_payload()
        return self._reopen()

    def action_send(self):
        """Send the requests again, with the rights of their clients."""
        self.ensure_one()
        if len(self.request_ids) > 1:
            entries = self.env["crm.lead.api.request"]
            for entry in self.request_ids.sorted("id"):
                entries |= self._send(entry, entry.payload)
            name = self.env._(
                "Sent Again: %(done)s of %(count)s are leads now",
                done=len(entries.filtered("lead_id")),
                count=len(entries),
            )
            return entries._get_records_action(name=name, context={})
        entry = self.request_ids
        if not entry._get_attempts().lead_id:
            self._apply_corrections()
            self._check_payload()
            if self.problems:
                return self._reopen()
            entry = self._send(entry, self.payload)
            is_new = entry != self.request_ids and not entry.is_replayed
            if is_new and entry.state == "done" and not entry.lead_id:
                return entry.get_formview_action()
            self.problems = entry.problems
        lead = entry._get_attempts().lead_id
        if not lead:
            self.is_right = False
            self.problems = self.problems or self.env._(
                "The request already made a lead, which has been deleted since."
            )
            return self._reopen()
        return lead.get_formview_action()

    # ------------------------------------------------------------ sending

    def _check_payload(self):
        self.problems, self.corrections = self._find_problems()
        self.is_right = not self.problems

    def _find_problems(self) -> tuple[str, list[dict]]:
        """Check the payload; return its errors, in lines, and their corrections."""
        received, corrections = self._receive(self.request_ids, self.payload), []
        try:
            _endpoint, arguments = self._parse(received)
            env = received.client._get_request_env(self.request_ids.is_test)
            env["crm.lead.api.engine"]._check_by_kind(**arguments)
        except UserError as error:
            if isinstance(error, PayloadError):  # another is of no single attribute
                corrections = self._prepare_corrections(received, error.errors)
            return describe_problems(error, self.env.lang or "en_US"), corrections
        return "", []

    def _receive(self, entry, body, **values):
        """Return the :class:`ReceivedRequest` of an entry as it would be sent now."""
        return ReceivedRequest(
            self._get_client(entry),
            values.pop("request_ref", ""),
            body=body or "",
            kind=entry.kind,
            route=entry.route or "",
            **values,
        )

    def _parse(self, received):
        """Parse the payload of a request by the schemas of its route, and return the
        endpoint and its arguments by name. Odoo finds the route by method and address,
        ``PATCH /lead/12``; entries without a route are for new leads.

        :raise UserError: no addon takes such a request any more, it has a file, or the
            body is no JSON object
        """
        method, _space, address = (received.route or NEW_LEAD).partition(" ")
        url, client = urlsplit(address), received.client
        routes = self.env["ir.http"].routing_map().bind("")
        try:
            endpoint, arguments = routes.match(f"/api/v1{url.path}", method)
        except HTTPException:
            endpoint = None
        if not endpoint or endpoint.routing.get("kind") != received.kind:
            raise UserError(self.env._("No addon takes such a request any more."))
        if endpoint.routing["file"]:
            raise UserError(
                self.env._("Only the client has the file, and can send it again.")
            )
        schema, query_schema = get_schemas(endpoint)
        max_depth = self.env["ir.config_parameter"]._get_lead_api_int("max_depth")
        max_depth += endpoint.routing["nesting"]
        received.data = parse_json(received.body, max_depth)
        received.payload = client._parse(
            client._get_schema(schema), received.data, received.unknown_codes
        )
        received.ignored_fields = received.payload.get_ignored_fields()
        arguments["received"] = received
        if "query" in inspect.get_annotations(endpoint.original_endpoint):
            sent = MultiDict(parse_qsl(url.query))
            query = client._get_schema(query_schema).parse_query(sent, is_encoded=True)
            arguments["query"] = query
        return endpoint, arguments

    def _send(self, entry, body):
        """Send an entry's request again; return the new entry, or else the same."""
        env = self._get_client(entry)._get_request_env(entry.is_test)
        # sudo: no user may edit the log, except by sending a request again
        entry = entry.sudo()
        if not entry.is_failed or not body:
            return entry.with_env(self.env)
        received = self._receive(
            entry.sudo(False),
            body,
            request_ref=str(uuid.uuid4()),
            idempotency_key=entry.idempotency_key or "",
            is_test=entry.is_test,
            origin=entry.origin_id or entry,
            sender=self.env.user,
        )
        serve, lang = partial(self._serve, received, env), self.env.lang or "en_US"
        new, error = env["crm.lead.api.engine"]._serve_and_log(received, serve, lang)
        # A request of another addon need not have a lead.
        if not error and (new.lead_id or not new.is_replayed):
            new._settle_attempts()
        self.env.invalidate_all()
        return new.with_env(self.env)

    def _serve(self, received, env) -> Outcome:
        """Serve a request by the controller of its route, in the environment of its
        client. An addon whose requests have no route overrides this method and
        :meth:`_parse` for their kind."""
        endpoint, arguments = self._parse(received)
        # A controller of Odoo has the environment of the browser's request.
        own = {"env": env, "__module__": "resend"}
        controller = type("Controller", (type(endpoint.func.__self__),), own)()
        return getattr(controller, endpoint.__name__)(**arguments)

    def _get_client(self, entry):
        """Return the client, as superuser; the user must be allowed to write it."""
        entry.check_access("read")
        entry.client_id.check_access("write")
        # sudo: making a lead reads secrets and counters of the client
        return entry.client_id.sudo()

    def _may_act_for_client(self):
        return self.request_ids.client_id.has_access("write")

    def _reopen(self):
        name = self.env._("Send Again")
        return self._get_records_action(name=name, target="new", context={})

    # ------------------------------------------------------------ correcting

    def _prepare_corrections(self, received, errors):
        names = {*BY_ATTRIBUTE} - {error.field for error in errors}
        ids = received.payload.model_dump(include=names)
        parents = {name: each for name, each in ids.items() if isinstance(each, int)}
        return [self._prepare_correction(received, each, parents) for each in errors]

    def _prepare_correction(self, received, error, parents):
        """Prepare the object that shows a wrong attribute: its path and label, the sent
        value, and the reason; how to choose the right value, by ``kind``; and later the
        right value. Parents are the right ids of the payload, by attribute."""
        client, payload = received.client, received.payload
        path, schema = error.field, type(payload)
        attribute = path.partition(".")[0]
        sent = get_value(received.data, path)
        model = {**schema.get_models(), AGENT: "res.users"}.get(attribute)
        if model and not self.env[model].has_access("read"):
            model = None
        is_known = attribute in schema.model_fields
        is_required = is_known and path == attribute and payload._is_required(attribute)
        correction = {
            "path": path,
            "label": self._get_label(schema, path),
            "sent": self._format_sent(client, model, attribute, sent),
            "reason": self._get_reason(error, is_known),
            "kind": "text",
            "value": False,
            "is_optional": is_sent(sent) and not is_required,
            "is_left_out": False,
        }
        if model:
            correction |= {
                "kind": "record",
                "model": model,
                "is_list": attribute in schema.get_lists() and path == attribute,
                "parents": parents,
                "candidates": [each["id"] for each in error.candidates],
            }
            correction["domain"] = self._get_record_domain(client, correction, parents)
        elif choices := schema.get_choices().get(path):
            references = self.env["crm.lead.api.reference"]
            labels = references._get_choice_labels(schema, path)
            options = [[value, labels.get(value, value)] for value in choices]
            correction |= {"kind": "choice", "options": options}
        elif not is_known or path in {
            *schema.get_lists(),
            *schema.get_objects(),
            *(f"customer_portrait.{name}" for name in KINDS),
        }:
            correction["kind"] = "advanced"
        return correction

    def _get_record_domain(self, client, correction, parents):
        """Return the domain of the records that the client may send."""
        attribute = correction["path"].partition(".")[0]
        name = "user_id" if attribute == AGENT else attribute
        if correction["candidates"]:
            return [["id", "in", correction["candidates"]]]
        if name == "company_id":
            return [["id", "in", client.company_ids.ids]]
        if reference := BY_ATTRIBUTE.get(name):
            return list(client._get_reference()._get_domain(reference, parents))
        model = self.env[correction["model"]]
        company = self.env["res.company"].browse(parents.get("company_id"))
        if company and "company_id" in model._fields:
            return list(Domain(model._check_company_domain(company)))
        return []

    def _get_label(self, schema, path):
        """Return an attribute's name for people: ``Services 2``."""
        label = self.env["crm.lead.api.reference"]._get_label(schema, path) or path
        position = path.rpartition(".")[2]
        return f"{label} {int(position) + 1}" if position.isdecimal() else label

    def _format_sent(self, client, model, attribute, sent):
        """Return the text of a sent value, of a record with its name."""
        if not is_sent(sent):
            default = client._get_defaults().get(attribute)
            if not default:
                return ""
            return self.env._(
                "%(name)s, the default of the client", name=default.display_name
            )
        text = sent if isinstance(sent, str) else to_json(sent)
        if model and text.isdecimal() and attribute != AGENT:
            record = self.env[model].browse(int(text)).exists()
            if name := record._filtered_access("read").display_name:
                return f"{text} ({name})"
        return text if len(text) <= MAX_SENT else f"{text[:MAX_SENT]}…"

    def _get_reason(self, error, is_known):
        """Return the reason of an error, in the user's language, without names of known
        attributes."""
        reasons = {
            "required": self.env._("It is missing."),
            "unknown": self.env._("The client may use no record with this id or code."),
            "archived": self.env._("The record is archived."),
            "choice": self.env._("It is none of the choices."),
            "ambiguous": self.env._("Several records have this code or name."),
        }
        body, *_others = describe_error(PayloadError([error]), self.env.lang or "en_US")
        [described] = body["errors"]
        return (is_known and reasons.get(error.code)) or described["message"]

    def _apply_corrections(self):
        """Put the values that the user has chosen or entered into the payload."""
        corrections = [
            each
            for each in self.corrections or []
            if each["value"] or each["is_left_out"]
        ]
        if not corrections:
            return
        received = self._receive(self.request_ids, self.payload)
        try:
            self._parse(received)
        except UserError:
            return  # the check that follows shows the error
        data = received.data
        # The last items of a list first: removing an item moves the items behind it.
        for each in reversed(corrections):
            value = None if each["is_left_out"] else each["value"]
            if value and each["path"] == AGENT:
                user = self.env["res.users"].browse(value)
                value = user.email or user.login
            elif value and each.get("is_list"):
                value = [value]
            set_value(data, each["path"], value)
        self.payload = indent_json(to_json(data))
