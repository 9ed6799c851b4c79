# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import re
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import split_every

from odoo.addons.crm_lead_api.tools.json_body import get_fingerprint

from ..models.crm_lead_api_message_fetch import FORM_NAME
from ..tools.graph import GraphError
from ..tools.lead_file import OWN_NAMES, read_table, simplify
from ..tools.message_body import clean
from ..tools.message_values import set_path
from ..tools.place import ANSWERS, find_names, read, read_answers, read_labels

BATCH = 1_000  # leads that are kept by a statement
MAX_DAYS = 90  # that Meta keeps leads
MAX_SECONDS = 60  # after which no further page is fetched
MAX_LINES = 30  # whose numbers are listed
# A list of objects with a name and a value, such as
# user_column_data[].{name: column_id, value: string_value}
LIST_PLACE = re.compile(r"(\w+)\[\]\.\{(\w+: \w+(?:, \w+: \w+)*)\}")


class CrmLeadApiBackfill(models.TransientModel):
    """Get the leads of the last days from a platform, or from a file of its export.
    What is there already is not made again."""

    _name = "crm.lead.api.backfill"
    _description = "Earlier Leads"

    connection_id = fields.Many2one("crm.lead.api.connection", required=True)
    fetches = fields.Selection(related="connection_id.platform_id.fetches")
    source = fields.Selection(
        [("platform", "From the platform"), ("file", "From a file")],
        compute="_compute_source",
        store=True,
        readonly=False,
    )
    days = fields.Integer(
        default=7, help="The leads of so many days are fetched: Meta keeps them for 90."
    )
    form_ref = fields.Char(
        "Form ID", help="Of one form on the platform; empty: all forms of the page."
    )
    file = fields.Binary(attachment=False)
    file_name = fields.Char()
    rest = fields.Json(help="The forms and pages that are still to be fetched.")
    new_count = fields.Integer("New", readonly=True)
    known_count = fields.Integer("Already There", readonly=True)
    unreadable_count = fields.Integer("Unreadable", readonly=True)
    notes = fields.Text(readonly=True)
    is_done = fields.Boolean()

    @api.depends("connection_id")
    def _compute_source(self):
        for wizard in self:
            wizard.source = "platform" if wizard.fetches else "file"

    @api.constrains("days")
    def _check_days(self):
        if any(not 1 <= wizard.days <= MAX_DAYS for wizard in self):
            raise ValidationError(
                self.env._("Choose a number of days from 1 to %s.", MAX_DAYS)
            )

    def action_get_leads(self):
        """Get the leads, perhaps the pages for which there was no time before, and show
        how many there are."""
        self.ensure_one()
        self.connection_id.check_access("write")
        if not self.connection_id.platform_id.id_place:
            raise UserError(
                self.env._(
                    "The leads of this platform have no ids: earlier leads could come "
                    "twice."
                )
            )
        if self.source == "platform":
            self._fetch()
        else:
            self._import()
        self.is_done = True
        return self._get_records_action(name=self.env._("Earlier Leads"), target="new")

    def _keep(self, items):
        """Keep leads as if they had arrived, and count them."""
        # sudo: users may not write messages
        messages = self.env["crm.lead.api.message"].sudo()
        connection = self.connection_id.sudo()
        for batch in split_every(BATCH, items, list):
            count = messages._complete_lost(connection, batch)
            count += messages._keep(connection, batch)
            self.new_count += count
            self.known_count += len(batch) - count

    def _to_item(self, ref, body):
        """Return a body with an id where the platform has it."""
        place = self.connection_id.platform_id.id_place
        names = [name for name in find_names(place) if name in place]
        if names and read(place, body) != ref:
            set_path(body, min(names, key=place.find), ref)
        return body

    # ------------------------------------------------------------ platform

    def _fetch(self):
        """Fetch pages of leads as long as there is time; keep them only then, so that
        no message that arrives meanwhile waits."""
        graph = self.connection_id._get_graph()
        if not (self.fetches and graph):
            raise UserError(self.env._("Enter an access token of the platform first."))
        items, error, rest = [], None, list(self.rest or [])
        end = time.monotonic() + MAX_SECONDS
        since = fields.Datetime.now() - timedelta(days=self.days)
        names = dict(self.connection_id.form_names or {})
        try:
            if not rest:
                rest = [(ref, "") for ref in self._list_forms(graph, names)]
            while rest and time.monotonic() < end:
                form_ref, after = rest[0]
                leads, after = graph.list_leads(form_ref, since, after)
                items += [self._to_lead(lead, form_ref, names) for lead in leads]
                rest[:1] = [(form_ref, after)] if after else []
        except GraphError as failure:
            error = failure.reason._translate(self.env.lang or "en_US")
            if not items:
                raise UserError(error) from None
        self.rest = rest or False
        self.notes = error
        self._keep(filter(None, items))

    def _list_forms(self, graph, names):
        if not self.form_ref:
            # Not those of a former page, which the token cannot read
            forms = graph.list_forms()
            names |= forms
            return list(forms)
        ref = self.form_ref.strip()
        if not names.get(ref):
            names[ref] = graph.get_form_name(ref)
        return [ref]

    def _to_lead(self, lead, form_ref, names):
        """Return a lead of the Graph as a message about it that was fetched."""
        if not lead.get("id"):
            return None
        body = {"form_id": form_ref, **lead}
        if name := names.get(form_ref):
            body[FORM_NAME] = name
        return self._to_item(str(lead["id"]), body)

    # ------------------------------------------------------------ file

    def _import(self):
        if not self.file:
            raise UserError(self.env._("Choose a file."))
        table = read_table(self.env, base64.b64decode(self.file))
        names = self._name_answers(table.columns)
        self._check_columns(table.columns, names)
        self._keep(clean(self._to_row_item(*row, names)) for row in table.rows)
        self.unreadable_count = len(table.unreadable)
        notes = []
        if lines := table.unreadable:
            text = ", ".join(map(str, lines[:MAX_LINES]))
            text += ", …" if len(lines) > MAX_LINES else ""
            notes.append(self.env._("Lines that could not be read: %s", text))
        if not table.has_ids:
            notes.append(
                self.env._(
                    "The file has no column with ids: leads that came by the address "
                    "may be there twice."
                )
            )
        self.notes = "\n".join(notes)

    def _name_answers(self, columns) -> dict[str, str]:
        """Return the names of the answers in columns, as messages have them."""
        connection, platform = self.connection_id, self.connection_id.platform_id
        last = connection._find_last_message()
        labels = read_labels(platform.answers_place, last.body or {})
        known = {simplify(label): name for name, label in labels.items()}
        known |= {simplify(each.name): each.name for each in connection.question_ids}
        mapped = connection.field_ids._get_answer_names()
        known |= {simplify(name): name for name in mapped}
        return {
            column: known.get(simplify(column), column)
            for column in columns
            if simplify(column) not in OWN_NAMES
        }

    def _check_columns(self, columns, names):
        mapped = self.connection_id.field_ids._get_answer_names()
        if mapped and not mapped & set(names.values()):
            raise UserError(
                self.env._(
                    "No column of the file is mapped to an attribute of the lead: is "
                    "it a file of this platform? Its columns: %s",
                    ", ".join(columns),
                )
            )

    def _to_row_item(self, ref, values, names):
        """Return a row as a message of the platform has it: what is known of the lead,
        and its answers."""
        body, answers = {}, {}
        for column, value in values.items():
            if column in names:
                answers[names[column]] = value
            else:
                body[OWN_NAMES[simplify(column)]] = value
        # Without an id: the same row has the same one.
        ref = ref or f"row-{get_fingerprint(values)}"
        return self._to_item(ref, self._add_answers(body, answers))

    def _add_answers(self, body, answers):
        place = self.connection_id.platform_id.answers_place or "@"
        if place == "@":
            return {**answers, **body}
        if found := LIST_PLACE.fullmatch(place):
            keys = dict(pair.split(": ") for pair in found[2].split(", "))
            if {"name", "value"} <= keys.keys():
                is_list = keys["value"] == "values"  # of Meta
                body[found[1]] = [
                    {keys["name"]: name, keys["value"]: [value] if is_list else value}
                    for name, value in answers.items()
                ]
        if read_answers(place, body).keys() != answers.keys():
            body[ANSWERS] = answers
        return body
