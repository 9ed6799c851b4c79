# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..exceptions import PayloadError
from ..models.request.errors import describe_error
from ..schemas import LeadRequest
from ..schemas.customer_portrait import KINDS
from ..schemas.record_list import BY_ATTRIBUTE
from ..schemas.value import is_sent
from ..tools.json_body import get_value, indent_json, set_value, to_json

AGENT = "agent_email"
PORTRAIT = "customer_portrait"
# Fields of the lead with the records of an attribute, besides those of the schema
RECORD_FIELDS = {
    "account_id": "partner_id",
    "crm_line_ids": "service_ids",
    PORTRAIT: "portrait_id",
}
MAX_SENT = 200  # characters of a sent value that are shown


class CrmLeadApiResend(models.TransientModel):
    """Show the wrong attributes of a request, each with a field for the right value."""

    _inherit = "crm.lead.api.resend"

    # A list of objects, one for each wrong attribute: see _prepare_correction
    corrections = fields.Json(
        compute="_compute_corrections", store=True, readonly=False, compute_sudo=False
    )

    @api.depends("request_ids")
    def _compute_corrections(self):
        for wizard in self:
            entry = len(wizard.request_ids) == 1 and wizard.request_ids
            is_correctable = entry and entry.is_failed and wizard._may_act_for_client()
            wizard.corrections = is_correctable and wizard._find_corrections()

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

    # ------------------------------------------------------------ finding

    def _find_corrections(self):
        """Return an object for each wrong attribute of the payload.

        :rtype: list[dict]
        """
        client = self._get_client(self.request_ids)
        try:
            data = self._parse_body(self.payload)
            payload = self._parse_payload(client, data)
            self._check_records(client, data, payload)
        except PayloadError as error:
            wrong = {each.field for each in error.errors}
            ids = payload.model_dump(include={*BY_ATTRIBUTE} - wrong)
            parents = {
                name: value for name, value in ids.items() if isinstance(value, int)
            }
            return [
                self._prepare_correction(client, data, payload, each, parents)
                for each in error.errors
            ]
        except UserError:
            return []  # the error is of no single attribute
        return []

    def _prepare_correction(self, client, data, payload, error, parents):
        """Prepare the object that shows a wrong attribute.

        :param client: ``crm.lead.api.client``, with superuser rights
        :param dict data: the payload as sent
        :param LeadRequest payload: the payload as parsed
        :param FieldError error: the error of the attribute
        :param dict parents: the right ids of the payload, by attribute
        :return: the attribute's path and label, the sent value, and the reason; how to
            choose the right value, by ``kind``; and later the right value
        :rtype: dict
        """
        path, schema = error.field, type(payload)
        attribute = path.partition(".")[0]
        sent = get_value(data, path)
        model = self._get_model(schema, attribute)
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
            labels = self._get_choice_labels(schema, path)
            options = [[value, labels.get(value, value)] for value in choices]
            correction |= {"kind": "choice", "options": options}
        elif not is_known or path in {
            *schema.get_lists(),
            *schema.get_objects(),
            *(f"{PORTRAIT}.{name}" for name in KINDS),
        }:
            correction["kind"] = "advanced"
        return correction

    def _get_model(self, schema, attribute):
        """Return the model of the records that an attribute names, if the user may read
        them."""
        if attribute == AGENT:
            return "res.users"
        model = schema.get_models().get(attribute)
        return model if model and self.env[model].has_access("read") else None

    def _get_record_domain(self, client, correction, parents):
        """Return the domain of the records that the client may send.

        :param dict parents: ids by attribute
        """
        attribute = correction["path"].partition(".")[0]
        name = "user_id" if attribute == AGENT else attribute
        if correction["candidates"]:
            return [["id", "in", correction["candidates"]]]
        if name == "company_id":
            return [["id", "in", client.company_ids.ids]]
        if reference := BY_ATTRIBUTE.get(name):
            references = self.env["crm.lead.api.reference"].with_user(client.user_id)
            return list(references._get_domain(reference, parents))
        model = self.env[correction["model"]]
        company = self.env["res.company"].browse(parents.get("company_id"))
        if company and "company_id" in model._fields:
            return list(Domain(model._check_company_domain(company)))
        return []

    # ------------------------------------------------------------ words

    def _get_field(self, schema, path):
        """Return Odoo's field for an attribute, or ``None``."""
        attribute, _dot, rest = path.partition(".")
        if attribute == PORTRAIT and rest:
            name = rest.partition(".")[0]
            name = f"{KINDS[name]}_ids" if name in KINDS else name
            return self.env["crm.customer.portrait"]._fields.get(name)
        if not issubclass(schema, LeadRequest):
            return None
        names = schema.get_field_names() | schema.get_fields() | RECORD_FIELDS
        return self.env["crm.lead"]._fields.get(names.get(attribute))

    def _get_label(self, schema, path):
        """Return an attribute's name for people: ``Services 2``."""
        field = self._get_field(schema, path)
        label = field._description_string(self.env) if field else path
        position = path.rpartition(".")[2]
        return f"{label} {int(position) + 1}" if position.isdecimal() else label

    def _get_choice_labels(self, schema, path):
        field = self._get_field(schema, path)
        if not field or field.type != "selection":
            return {}
        return dict(field._description_selection(self.env))

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
        lang = self.env.lang or "en_US"
        [described] = describe_error(PayloadError([error]), lang)[0]["errors"]
        return (is_known and reasons.get(error.code)) or described["message"]

    # ------------------------------------------------------------ correcting

    def _apply_corrections(self):
        """Put the values that the user has chosen or entered into the payload."""
        corrections = [
            each
            for each in self.corrections or []
            if each["value"] or each["is_left_out"]
        ]
        if not corrections:
            return
        try:
            data = self._parse_body(self.payload)
        except UserError:
            return  # the check that follows shows the error
        # The last items of a list first: removing an item moves the items behind it.
        for each in reversed(corrections):
            value = None if each["is_left_out"] else self._get_right_value(each)
            set_value(data, each["path"], value)
        self.payload = indent_json(to_json(data))

    def _get_right_value(self, correction):
        """Return the chosen or entered value, as the payload has it."""
        value = correction["value"]
        if correction["path"] == AGENT:
            user = self.env["res.users"].browse(value)
            return user.email or user.login
        return [value] if correction.get("is_list") else value
