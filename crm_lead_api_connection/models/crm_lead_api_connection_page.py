# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import secrets
from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from odoo.addons.base.models.res_users import check_identity
from odoo.addons.crm_lead_api.exceptions import DryRunDone
from odoo.addons.crm_lead_api.http.errors import describe_error
from odoo.addons.crm_lead_api.schemas.record_list import BY_ATTRIBUTE
from odoo.addons.crm_lead_api.tools.action import get_list_action
from odoo.addons.crm_lead_api.tools.day import format_moment
from odoo.addons.crm_lead_api.tools.domain import count_of
from odoo.addons.crm_lead_api.tools.json_body import get_value
from odoo.addons.crm_lead_api.tools.transaction import Undone, savepoint

from ..schemas import PHONES, AdvertisedLead, ConnectionLead
from ..tools.message_tree import find_alike, fold, get_branch, get_rows
from ..tools.message_values import to_text
from ..tools.place import ANSWERS, quote, read, read_labels
from .crm_lead_api_connection import KEY_BYTES
from .crm_lead_api_connection_field import get_attributes
from .crm_lead_api_message import PREFIX
from .crm_lead_api_question import MAX_NAME

SHOW_VIEW = "crm_lead_api_connection.res_users_apikeys_show_view_form"
SHOW_SECRET_VIEW = f"{SHOW_VIEW}_secret"
MAX_NAMES = 1000  # of answers that are compared with those of attributes
NAME = "contact_name"
FIRST = (NAME, "phone_no1", "email_from", "crm_line_ids")
# What forms ask, in words that are not those of Odoo
USUAL_QUESTIONS = {
    NAME: ("full name", "name", "your name", "họ tên", "họ và tên", "tên", "tên khách"),
    "phone_no1": ("phone", "phone number", "mobile", "tel", "your phone", "sđt")
    + ("điện thoại", "số điện thoại", "số điện thoại của bạn"),
    "email_from": ("email", "e-mail", "your email", "mail", "địa chỉ email"),
    "gender": ("gender", "sex", "giới tính"),
    "birth_date": ("birthday", "date of birth", "dob", "user dob", "ngày sinh"),
    "street": ("address", "street address", "địa chỉ"),
    "crm_line_ids": ("service", "services", "dịch vụ", "dịch vụ quan tâm"),
}
EMPTY = {"title": "", "rows": [], "errors": [], "warnings": [], "unknown": []}
# Which of the page's values the preview shows before they are saved
PREVIEWED = ("field_ids", "unclear_service_id", "makes_campaigns")


class CrmLeadApiConnection(models.Model):
    """Connect a platform in five steps on one page."""

    _inherit = "crm.lead.api.connection"

    platform_proof = fields.Selection(related="platform_id.proof")
    platform_icon = fields.Char(related="platform_id.icon")
    platform_code = fields.Char(related="platform_id.code")
    platform_header = fields.Char(related="platform_id.header")
    platform_name = fields.Char(related="platform_id.name")
    platform_guide = fields.Html(related="platform_id.guide")
    platform_is_verified = fields.Boolean(related="platform_id.is_verified")
    platform_fetches = fields.Selection(related="platform_id.fetches")
    is_secret_missing = fields.Boolean(compute="_compute_is_secret_missing")
    has_messages = fields.Boolean(compute="_compute_mapping")
    unmapped = fields.Char(
        compute="_compute_mapping",
        help="What each lead needs, and the last message does not give.",
    )
    mapped_by = fields.Char(
        compute="_compute_mapped_by", help="Who changed the mapping last."
    )
    unknown_count = fields.Integer(
        "Unknown Words",
        compute="_compute_unknown_count",
        help="Words of customers whose meaning nobody has entered under Codes yet.",
    )

    @api.depends("platform_id", "known_secrets")
    def _compute_is_secret_missing(self):
        for connection in self:
            known = set((connection.known_secrets or "").split(","))
            needed = {
                "secret": connection.platform_proof not in (False, "none"),
                "verify_token": connection.platform_is_verified,
                "access_token": connection.platform_fetches,
            }
            connection.is_secret_missing = any(
                needed[name] for name in needed.keys() - known
            )

    @api.depends(
        *("field_ids.attribute", "field_ids.place", "field_ids.value"),
        *("field_ids.res_id", "platform_id", "last_message_date"),
        *("client_id.company_id", "client_id.company_ids"),
    )
    @api.depends_context("lang")
    def _compute_mapping(self):
        labels = self._get_labels()
        for connection in self:
            # sudo: whoever maps messages need not see the client's attributes
            client = connection.client_id.sudo()
            message, lines = connection._find_last_message(), connection.field_ids
            connection.has_messages = bool(message)
            message = message or connection._prepare_example()
            given = {*lines.mapped("attribute")}
            if message.body:
                content = message._get_content(connection, message.body)
                given = {*message._map_lines(lines, content)}
            given |= client._get_defaults().keys()
            if len(client.company_ids) == 1:
                given.add("company_id")
            missing = [
                labels[name]
                for name in ConnectionLead.model_fields
                if ConnectionLead.is_required(name) and name not in given
            ]
            if given.isdisjoint({*PHONES, "email_from", "account_id"}):
                missing.append(f"{labels['phone_no1']} / {labels['email_from']}")
            connection.unmapped = ", ".join(missing)

    @api.depends("field_ids.write_date", "field_ids.write_uid")
    @api.depends_context("lang", "tz")
    def _compute_mapped_by(self):
        for connection in self:
            # sudo: the user may be of another company
            lines = connection.sudo().field_ids.filtered("write_date")
            line = lines.sorted(lambda line: (line.write_date, line.id))[-1:]
            connection.mapped_by = bool(line.write_uid) and self.env._(
                "%(user)s, %(date)s",
                user=line.write_uid.name,
                date=format_moment(self.env, line.write_date),
            )

    @api.depends("client_id")
    def _compute_unknown_count(self):
        is_unknown = Domain("is_mapped", "=", False)
        codes = self.env["crm.lead.api.code"]
        counts = count_of(codes, self.client_id, "client_id", is_unknown)
        for connection in self:
            connection.unknown_count = counts.get(connection.client_id, 0)

    # ------------------------------------------------------------ buttons

    @check_identity
    def action_new_address(self):
        """Make a new address, and show it once."""
        self.ensure_one()
        address = f"{self.get_base_url()}/api/v1/connections/{self._generate_key()}"
        title = self.env._("Address of the Connection")
        return self._show_once(title, SHOW_VIEW, address)

    def action_new_secret(self):
        """Make a new secret, and show it once."""
        self.secret = secret = secrets.token_urlsafe(KEY_BYTES)
        return self._show_once(self.env._("New Secret"), SHOW_SECRET_VIEW, secret)

    def action_new_verify_token(self):
        """Make a new token for the platform's check, and show it once."""
        self.verify_token = token = secrets.token_urlsafe(KEY_BYTES)
        return self._show_once(self.env._("New Token"), SHOW_SECRET_VIEW, token)

    def _show_once(self, title, view, text):
        return self.env["res.users.apikeys.show"]._get_records_action(
            name=title,
            views=[(self.env.ref(view).id, "form")],
            target="new",
            context={"default_key": text},
        )

    def action_propose(self):
        """Map what the last message has, as its platform usually sends it, or by names
        that are alike."""
        self.ensure_one()
        self.field_ids = [
            Command.create({"attribute": attribute, "place": place})
            for attribute, place in self._propose().items()
        ]

    def action_go_live(self):
        self.ensure_one()
        self.is_live = True
        self.env["crm.lead.api.message"]._trigger()

    def action_stop(self):
        self.ensure_one()
        self.is_live = False

    def action_pause(self):
        self.is_paused = True

    def action_end_pause(self):
        self.is_paused = False

    def action_open_messages(self):
        action, link = f"{PREFIX}.crm_lead_api_message_action", "connection_id"
        return get_list_action(self, action, link, default_connection_id=self.id)

    def action_open_leads(self):
        action = f"{PREFIX}.crm_lead_action_connection"
        link = "lead_api_message_ids.connection_id"
        shown = {"active_test": False, "search_default_lead_api_today": 1}
        action = get_list_action(self, action, link, **shown)
        # sudo: the leads of the figure, also of who may not see their messages
        messages = self.env["crm.lead.api.message"].sudo()
        leads = messages.search(self._get_domain_of_today()).lead_id
        return {**action, "domain": ["|", ("id", "in", leads.ids), *action["domain"]]}

    def action_open_codes(self):
        self.ensure_one()
        action = self.client_id.action_open_codes()
        return action | {"context": {**action["context"], "search_default_unknown": 1}}

    def action_adapt(self):
        """Open a copy of the platform, with which the connection goes on."""
        self.ensure_one()
        self.platform_id = self.platform_id.copy()
        return self.platform_id.get_formview_action()

    # ------------------------------------------------------------ mapping

    def get_mapping(self, changes=None):
        """Return the last message, or else the platform's example, as a tree, the
        attributes that can be chosen, and the lead that it would become.

        :param dict changes: of the page that are not saved yet
        """
        self.ensure_one()
        self.check_access("write")
        message = self._find_last_message()
        is_example = not message
        if is_example:
            message = self._prepare_example()
        if not message or not message.body:
            return {"sections": [], "attributes": [], "preview": {}}
        values = {name: changes[name] for name in PREVIEWED if name in (changes or {})}
        with savepoint(self.env.cr):
            error = None
            if values:
                try:
                    self.with_context(tracking_disable=True).write(values)
                except UserError as exc:
                    error = str(exc)
            page = {
                "is_example": is_example,
                "date": fields.Datetime.to_string(message.date),
                "sections": self._get_sections(message.body),
                "attributes": self._get_attributes(message),
                "preview": EMPTY | {"errors": [{"label": "", "text": error}]}
                if error
                else self._preview(message),
            }
            raise Undone
        self.env.invalidate_all(flush=False)
        return page

    def get_arrivals(self):
        """Return when the last message arrived, and how many had no proof."""
        self.ensure_one()
        self.check_access("read")
        date = fields.Datetime.to_string(self.last_message_date)
        return {"date": date, "unproven": self.unproven_count}

    def map_place(self, attribute, place):
        """Map the value at a place of the message to an attribute."""
        self.ensure_one()
        line = self.field_ids.filtered(lambda line: line.attribute == attribute)
        if line:
            line.place = place
        else:
            self.field_ids = [Command.create({"attribute": attribute, "place": place})]

    def unmap(self, attribute):
        """Map nothing to an attribute."""
        self.ensure_one()
        lines = self.field_ids.filtered(lambda line: line.attribute == attribute)
        self.field_ids = [Command.delete(line.id) for line in lines]

    def _find_last_message(self):
        """Return the last message that is still kept, without superuser rights."""
        messages = self.env["crm.lead.api.message"]
        if not self._origin:
            return messages
        is_own = Domain("connection_id", "=", self._origin.id)
        is_kept = Domain("body", "!=", False)
        return messages.search(is_own & is_kept, order="date desc, id desc", limit=1)

    def _prepare_example(self):
        """Return the platform's example as a message that is not stored."""
        example = self.platform_id.example
        items = self.platform_id._split(example) if example else []
        messages = self.env["crm.lead.api.message"]
        if not items or self.platform_fetches:
            return messages
        body = items[0] if isinstance(items[0], dict) else {"value": items[0]}
        return messages.new({"connection_id": self.id, "body": body, "is_test": True})

    def _get_sections(self, body) -> list[dict]:
        """Return the parts of a message: the customer's answers, and the rest."""
        platform = self.platform_id
        lines = self.field_ids.filtered("place")
        by_place = {line.place: line.attribute for line in lines}
        by_answer = {
            name: line.attribute for line in lines for name in line._get_answer_names()
        }
        labels = read_labels(platform.answers_place, body)
        content = self.env["crm.lead.api.message"]._get_content(self, body)
        hidden = {platform.secret_place} - {False}
        answers = []
        for name, value in content[ANSWERS].items():
            if name not in hidden:
                row, *inside = get_branch(name, quote(name), value)
                row |= {"label": labels.get(name), "attribute": by_answer.get(name)}
                answers += [row, *inside]
        sections = [{"name": ANSWERS, "rows": answers}]
        if (platform.answers_place or "@") != "@":
            rows = [row for row in get_rows(body) if row["place"] not in hidden]
            sections.append({"name": "rest", "rows": rows})
        for section in sections:
            for row in section["rows"]:
                row.setdefault("attribute", by_place.get(row["place"]))
        return sections

    def _get_attributes(self, message) -> list[dict]:
        """Return the attributes that can be chosen, which of them the message has
        already, and which are mapped and may be empty; first what each lead needs."""
        content = message._get_content(self, message.body)
        given = message._map_lines(self.field_ids, content)
        mapped = set(self.field_ids.mapped("attribute"))
        options = self._get_options()
        names = dict.fromkeys([*FIRST, *options])
        return [
            {
                "name": name,
                "label": options[name],
                "is_mapped": get_value(given, name) is not None,
                "is_empty": name in mapped,
            }
            for name in names
            if name in options
        ]

    def _get_options(self) -> dict[str, str]:
        """Return the names for people of the attributes of the client, by attribute."""
        fields_ = self.env["crm.lead.api.connection.field"]
        own = get_attributes(fields_.new({"connection_id": self.id})._get_schema())
        options = fields_._select_attribute()
        return {name: label for name, label in options if name in own}

    def _propose(self) -> dict[str, str]:
        """Return places for attributes that have none, by attribute."""
        message = self._find_last_message() or self._prepare_example()
        body = message.body or {}
        content = message._get_content(self, body) if body else {ANSWERS: {}}
        mapped = set(self.field_ids.mapped("attribute"))
        options = self._get_options()
        found = {
            attribute: place
            for attribute, place in (self.platform_id.mapping or {}).items()
            if attribute in options and attribute not in mapped
            if not body or read(place, content) is not None
        }
        known = {fold(label): name for name, label in options.items()}
        # These are no words that somebody may write otherwise.
        same = {fold(name): name for name in options if "." not in name}
        for attribute, names in USUAL_QUESTIONS.items():
            known |= dict.fromkeys(map(fold, names), attribute)
        labels = read_labels(self.platform_id.answers_place, body)
        used = (self.field_ids._get_answer_names()) | {
            place.removeprefix(f"{ANSWERS}.") for place in found.values()
        }
        for name in islice(content[ANSWERS], MAX_NAMES):
            if len(name) > MAX_NAME:  # no question, and comparing takes its time
                continue
            names = [name, *filter(None, [labels.get(name)])]
            attribute = name not in used and (
                same.get(fold(name)) or find_alike(names, known)
            )
            if attribute in options and attribute not in mapped | found.keys():
                found[attribute] = quote(name)
        return found

    # ------------------------------------------------------------ preview

    def _preview(self, message) -> dict:
        """Return the lead that a message would become; nothing of it stays.

        :return: ``rows`` with what is said of the lead, ``warnings`` and ``errors``
        """
        lang = self.env.lang or "en_US"
        received = message._to_request(is_dry_run=True, lang=lang)
        env, answer = self.client_id._get_request_env(message.is_test), {}
        try:
            with savepoint(self.env.cr):
                message._serve(received, env, message.connection_id)
        except DryRunDone as done:
            answer = describe_error(done, lang)[0]["data"]
            errors, warnings = [], answer["warnings"]
        except UserError as error:
            body = describe_error(error, lang)[0]
            errors = body.get("errors") or [{"field": "", "message": body["message"]}]
            warnings = []
        labels = self._get_labels()

        def describe(problems):
            return [
                {
                    "label": self._get_label(labels, each["field"]),
                    "text": each["message"],
                }
                for each in problems
            ]

        return {
            "title": answer.get("name", ""),
            "rows": [*self._list_values(received, labels), *self._list_made(answer)],
            "errors": describe(errors),
            "warnings": describe(warnings),
            "unknown": sorted({word for _attribute, word in received.unknown_codes}),
        }

    @api.model
    def _get_label(self, labels, path):
        name, _dot, rest = (path or "").partition(".")
        return labels.get(path) or labels.get(name) or path

    def _list_values(self, received, labels):
        """Return the label and the text of each attribute that a message has."""
        ids = received.payload.model_dump(
            include={*BY_ATTRIBUTE}
            - {error.field.partition(".")[0] for error in received.payload.get_errors()}
        )
        rows = []
        advertised = list(AdvertisedLead.model_fields)
        order = {
            name: number for number, name in enumerate([*FIRST, None, *advertised])
        }
        others = order[None]  # what is not named stands between the two
        for name in sorted(received.data, key=lambda name: order.get(name, others)):
            value = received.data[name]
            if name == "other_answers":
                continue
            if name in BY_ATTRIBUTE and ids.get(name):
                records = self.env[BY_ATTRIBUTE[name].model].browse(ids[name]).exists()
                records = records._filtered_access("read")
                value = ", ".join(records.mapped("display_name")) or value
            for label, each in self._flatten(labels, name, value):
                rows.append({"label": label, "text": each})
        return rows

    def _flatten(self, labels, name, value):
        if isinstance(value, dict):
            for key, each in value.items():
                yield from self._flatten(labels, f"{name}.{key}", each)
        else:
            yield self._get_label(labels, name), to_text(value)

    def _list_made(self, answer):
        """Return the values that Odoo adds to a lead: contact, salesperson, team."""
        if not answer:
            return []
        account_id = answer["contact"]["account_id"]
        contact = self.env["res.partner"].browse(account_id or ())
        name = contact._filtered_access("read").display_name
        owner = answer.get("owner") or {}
        made = {
            self.env._("Contact"): name if account_id else self.env._("A new one"),
            self.env._("Salesperson"): owner.get("name"),
            self.env._("Sales Team"): answer.get("team"),
        }
        return [
            {"label": label, "text": text, "is_made": True}
            for label, text in made.items()
            if text
        ]
