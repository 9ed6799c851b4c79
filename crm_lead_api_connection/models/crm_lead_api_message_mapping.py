# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from pydantic_core import PydanticCustomError

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize, escape_psql

from odoo.addons.crm_lead_api.models.access.crm_lead_api_code import MAX_CODE
from odoo.addons.crm_lead_api.schemas.error import miss
from odoo.addons.crm_lead_api.schemas.record_list import BY_ATTRIBUTE
from odoo.addons.crm_lead_api.tools.json_body import get_value, set_value
from odoo.addons.crm_lead_api.tools.text import to_nfc

from ..schemas import PHONES, ConnectionLead
from ..tools.message import fit, set_path, split_words, to_text
from ..tools.place import ANSWERS, find_names, flatten
from .crm_lead_api_connection_field import OTHERS, PORTRAIT, get_attributes
from .crm_lead_api_message import MAX_REF, PHONE_DIGITS, shorten

SERVICES = "crm_line_ids"
CAMPAIGN = "campaign_id"


class CrmLeadApiMessage(models.Model):
    """Map a message to the attributes of a lead, without what nobody understands, and
    find whose it is, by keys that all spellings have."""

    _inherit = "crm.lead.api.message"

    def _map(self) -> dict:
        """Return the attributes of the lead, as a client would send them."""
        self.ensure_one()
        content = self._get_content(self.connection_id, self.body or {})
        data = self._map_lines(self.connection_id.field_ids, content)
        if others := self._get_other_answers(content):
            data[OTHERS] = others
        return data

    @api.model
    def _map_lines(self, lines, content):
        """Return the attributes that some lines of a mapping find in a message."""
        connection, data = lines.connection_id, {}
        # sudo: a client may not be read by its user
        schema = connection.client_id.sudo()._get_schema(ConnectionLead)
        known = get_attributes(schema)  # which the client still has
        day_first, zone = connection.platform_id.day_first, connection._get_zone()
        for line in lines.filtered(lambda line: line.attribute in known):
            value = line._read(content)
            if value is not None:
                value = fit(schema, line.attribute, value, day_first, zone)
                value = self._to_choice(schema, connection, line.attribute, value)
                set_path(data, line.attribute, value)
        return data

    @api.model
    def _to_choice(self, schema, connection, attribute, value):
        """Return the value of a closed list by the label that people read, in any of
        the languages that Odoo has: ``Nữ`` is ``female``."""
        choices = schema.get_choices().get(attribute)
        if not choices or value in choices or not isinstance(value, str):
            return value
        labels = connection._get_choice_labels(attribute)
        text = to_nfc(value).strip().lower()
        folded = {choice.lower(): choice for choice in choices}
        return folded.get(text) or labels.get(text, value)

    def _get_other_answers(self, content):
        """Return the answers to questions that are not mapped, by question."""
        platform = self.connection_id.platform_id
        used = self.connection_id.field_ids._get_answer_names()
        if platform.answers_place in (False, "@"):
            places = (
                *(platform.id_place, platform.test_place, platform.secret_place),
                *(platform.time_place, platform.origin_place),
            )
            used = used.union(*(find_names(place) for place in places if place))
        answers = {}
        for name, value in content[ANSWERS].items():
            has_used = any(each.startswith(f"{name}.") for each in used)
            answers |= flatten({name: value}) if has_used else {name: value}
        return {
            name: text
            for name, value in answers.items()
            if not any(f"{name}.".startswith(f"{each}.") for each in used)
            if not any(each.startswith(f"{name}.") for each in used)
            if (text := to_text(value))
        }

    @api.model
    def _parse(self, received, connection):
        """Parse the attributes of a message, without words that nobody knows and what
        is wrong in any other way, unless the connection requires their attribute."""
        client, data = received.client, received.data
        schema = client._get_schema(ConnectionLead)
        companies = client.company_ids
        if not (client.company_id or "company_id" in data) and len(companies) == 1:
            data["company_id"] = companies.id
        self._make_campaign(received, connection)
        while True:
            unknown = set()
            received.payload = payload = client._parse(schema, data, unknown)
            if not self._leave_out(received, connection, payload.get_errors()):
                break
        received.unknown_codes |= unknown
        sent, lines = payload.get_sent_fields(), connection.field_ids
        known = get_attributes(schema)  # which the client still has
        payload.add_errors(
            [
                miss(name)
                for name in lines.filtered("is_required").mapped("attribute")
                if name in known
                and name not in sent
                and get_value(data, name) is None
                and not payload._has_error(name)
            ]
        )
        received.ignored_fields = []

    @api.model
    def _leave_out(self, received, connection, errors) -> bool:
        """Leave wrong values of a message out, and keep them among the other answers;
        of services the right ones stay, and without any the lead gets the service for
        that. Tell whether anything was left out."""
        lines = connection.field_ids.filtered(
            lambda line: line.place and not line.is_required
        ).grouped("attribute")
        lines.pop("contact_name", None)
        is_less, items = False, {}
        for error in errors:
            name, *rest = error.field.split(".")
            if name == PORTRAIT:
                name = ".".join([name, *rest[:1]])
            value = get_value(received.data, name)
            if name not in lines or value is None or error.code == "required":
                continue
            if name == "email_from" and received.data.keys().isdisjoint(PHONES):
                continue
            if isinstance(value, list) and rest[-1:] and rest[-1].isdecimal():
                items.setdefault(name, set()).add(int(rest[-1]))
                continue
            set_value(received.data, name, None)
            self._keep_left_out(received, lines[name], name, value)
            is_less = True
        for name, wrong in items.items():
            self._leave_out_items(received, connection, lines[name], name, wrong)
        return is_less or bool(items)

    @api.model
    def _leave_out_items(self, received, connection, line, name, wrong):
        """Leave wrong items of a list out; a text that is a list becomes its words."""
        kept, left_out = [], []
        for position, value in enumerate(get_value(received.data, name)):
            words = split_words(value)
            if position not in wrong:
                kept.append(value)
            elif len(words) > 1 and self._is_any_known(received, name, words):
                kept += words
            else:
                left_out.append(value)
        unclear = connection.unclear_service_id
        if name == SERVICES and not kept and unclear.id not in left_out:
            kept = unclear.ids
        set_value(received.data, name, kept or None)
        for value in left_out:
            self._keep_left_out(received, line, name, value)

    @api.model
    def _is_any_known(self, received, name, words):
        """Tell whether any of some words is a code or name of a record."""
        codes = self.env["crm.lead.api.code"]
        data = {**received.data, name: words}
        [resolve] = codes._get_resolvers(received.client, [data], set())
        payload = received.payload
        before = {each: getattr(payload, each) for each in type(payload).model_fields}
        for word in words:
            try:
                if resolve and isinstance(resolve(name, word, before), int):
                    return True
            except PydanticCustomError:
                continue
        return False

    @api.model
    def _keep_left_out(self, received, line, name, value):
        """Keep a value that was left out: where staff read it, and, of a record, among
        the words whose meaning somebody may enter."""
        text = to_text(value)
        question = min(line._get_answer_names(), default=name)
        others = received.data.setdefault(OTHERS, {})
        others[question] = f"{others[question]}, {text}" if question in others else text
        if name in BY_ATTRIBUTE:
            received.unknown_codes.add((name, to_nfc(text)))

    @api.model
    def _get_words(self, received) -> list[list[str]]:
        """Return the words without a meaning, each with its attribute, and keep them
        for those who know it."""
        words = {
            (name, text)
            for name, text in received.unknown_codes
            if text and len(text) <= MAX_CODE
        }
        # A word whose meaning the lead cannot have, an archived product, has one.
        _known, words = self._sort_words(received.client, sorted(words))
        codes = self.env["crm.lead.api.code"]
        codes._keep_unknown(received.client, set(map(tuple, words)))
        return words

    @api.model
    def _make_campaign(self, received, connection):
        """Make a campaign by its name, if the connection says so, but not for tests."""
        name = received.data.get(CAMPAIGN)
        if not connection.makes_campaigns or received.is_test:
            return None
        if not isinstance(name, str) or not name.strip() or name.strip().isdecimal():
            return None
        codes = self.env["crm.lead.api.code"]
        data = {CAMPAIGN: name}
        [resolve] = codes._get_resolvers(received.client, [data], set())
        try:
            return resolve and resolve(CAMPAIGN, name, {})
        except PydanticCustomError as error:
            if error.type != "code_unknown":
                return None
            # Another transaction that makes the same campaign is a serialization
            # failure: this one is repeated, and finds it.
            self.env["crm.lead.api.lock"]._lock([f"campaign {name.strip()}"])
            # sudo: the client's user may only name campaigns
            campaign = self.env["utm.campaign"].sudo().create({"title": name.strip()})
            received.data[CAMPAIGN] = campaign.id
        return None

    # ------------------------------------------------------------ customer

    @api.model
    def _search_customer(self, operator, value):
        """Search in all that messages say: the name may be in any answer."""
        if operator != "ilike":
            return NotImplemented

        def to_sql(_model, alias, _query):
            pattern = f"%{escape_psql(value)}%"
            return SQL(
                """
                EXISTS (
                    SELECT
                      FROM jsonb_path_query(
                               %s, '$.** ? (@.type() == "string")'
                           ) AS said
                     WHERE said #>> '{}' ILIKE %s
                    )
                """,
                SQL.identifier(alias, "body"),
                pattern,
            )

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _get_customer_keys(self, connection, content):
        """Return the keys of the customer's phones and e-mail in a message, with spaces
        between them."""
        # sudo: a message has no user
        lines = connection.sudo().field_ids.grouped("attribute")
        names = filter(lines.__contains__, (*PHONES, "email_from"))
        texts = [to_text(lines[name]._read(content)) for name in names]
        return " ".join(dict.fromkeys(filter(None, map(self._to_customer_key, texts))))

    @api.model
    def _to_customer_key(self, text):
        """Return the last digits of a phone, or a normal e-mail, which all spellings
        have, without looking anything up: a platform waits for its answer."""
        digits = "".join(char for char in text if char.isdecimal())
        if "@" not in text and len(digits) >= PHONE_DIGITS:
            return digits[-PHONE_DIGITS:]
        email = len(text) <= MAX_REF and email_normalize(text)
        return shorten("".join((email or text.lower()).split()))

    @api.model
    def _has_customer_key(self, keys):
        """Return the domain of the messages of a customer with any of some keys."""

        def to_sql(_model, alias, _query):
            own = SQL.identifier(alias, "customer_keys")
            return SQL("string_to_array(%s, ' ') && %s", own, list(keys))

        return Domain("customer_keys", "!=", False) & Domain.custom(to_sql=to_sql)

    @api.model
    def _update_customer_keys(self, connections):
        """Find out anew whose the waiting messages are, after a change of the mapping,
        with superuser rights."""
        waiting = self.search(
            Domain("connection_id", "in", connections.ids)
            & Domain("state", "=", "waiting")
            & Domain("body", "!=", False)
        )
        for message in waiting:
            content = self._get_content(message.connection_id, message.body)
            keys = self._get_customer_keys(message.connection_id, content)
            if keys != (message.customer_keys or ""):
                message.customer_keys = keys or False
        self._trigger()
