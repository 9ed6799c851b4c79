# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import uuid

from pydantic_core import PydanticCustomError

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize, escape_psql

from odoo.addons.crm_lead_api.exceptions import PayloadError
from odoo.addons.crm_lead_api.http.received_request import ReceivedRequest
from odoo.addons.crm_lead_api.models.access.crm_lead_api_code import MAX_CODE
from odoo.addons.crm_lead_api.models.request.crm_lead_api_engine import CLOSED
from odoo.addons.crm_lead_api.schemas.error import miss
from odoo.addons.crm_lead_api.schemas.lead_change import ADD, REMOVE
from odoo.addons.crm_lead_api.schemas.record_list import BY_ATTRIBUTE
from odoo.addons.crm_lead_api.tools.json_body import get_value, set_value, to_json
from odoo.addons.crm_lead_api.tools.text import to_nfc

from ..schemas import PHONES, ConnectionChange, ConnectionLead
from ..tools.message_values import fit, set_path, split_words, to_text
from ..tools.place import ANSWERS, find_names, flatten
from .crm_lead import FILLS_IN
from .crm_lead_api_connection_field import OTHERS, PORTRAIT, get_attributes
from .crm_lead_api_message import MAX_REF, PHONE_DIGITS, shorten

SERVICES = "crm_line_ids"
CAMPAIGN = "campaign_id"


class CrmLeadApiMessage(models.Model):
    """Map a message to the attributes of a lead, without what nobody understands; find
    whose it is, by keys that all spellings have; and heal leads: give them what their
    messages said and nobody understood then."""

    _inherit = "crm.lead.api.message"

    def _map(self) -> dict:
        """Return the attributes of the lead, as a client would send them."""
        self.ensure_one()
        content = self._get_content(self.connection_id, self.body or {})
        data = self._map_lines(self.connection_id.field_ids, content)
        if others := self._get_other_answers(content):
            data[OTHERS] = others
        return data

    def _to_request(self, **values):
        """Return the message as a :class:`ReceivedRequest` with a parsed payload."""
        received = self._make_request(
            kind="message",
            route=f"POST /connections/{self.connection_id.id}",
            idempotency_key=f"message {self.id}",
            data=self._map(),
            **values,
        )
        self._parse(received, self.connection_id)
        received.body = to_json(received.data)
        return received

    def _make_request(self, **values):
        """Return a request of the client that is about the message."""
        # sudo: serving it reads secrets of the client; who only looks reads no log
        client, earlier = self.sudo().client_id, self.sudo().request_id
        values = {
            "lang": client.owner_id.lang or "en_US",
            "is_test": self.is_test,
            "origin": earlier.origin_id or earlier,  # the client has sent nothing since
            **values,
        }
        return ReceivedRequest(client, str(uuid.uuid4()), **values)

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
        the words whose meaning somebody may enter; but not a record that the connection
        chose: the customer has not said its id."""
        unclear = name == SERVICES and line.connection_id.unclear_service_id.id
        if value and value in (line.res_id, unclear):
            return
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
            return
        if not isinstance(name, str) or not name.strip() or name.strip().isdecimal():
            return
        codes = self.env["crm.lead.api.code"]
        [resolve] = codes._get_resolvers(received.client, [{CAMPAIGN: name}], set())
        try:
            if resolve:
                resolve(CAMPAIGN, name, {})
        except PydanticCustomError as error:
            if error.type == "code_unknown":
                # Another transaction that makes the same campaign is a serialization
                # failure: this one is repeated, and finds it.
                self.env["crm.lead.api.lock"]._lock([f"campaign {name.strip()}"])
                # sudo: the client's user may only name campaigns
                campaigns = self.env["utm.campaign"].sudo()
                campaign = campaigns.create({"title": name.strip()})
                received.data[CAMPAIGN] = campaign.id

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

    # ------------------------------------------------------------ healing

    @api.model
    def _cron_heal_leads(self):
        """Give leads what their messages said, and nobody understood then: words whose
        meaning somebody has entered, and answers that have an attribute since."""
        self._do_due(self._get_healing_domain(), "_heal", "id")

    @api.model
    def _get_healing_domain(self, codes=None):
        """Return the domain of the messages that are understood better by now, of codes
        only those with their words."""

        def to_sql(_model, alias, _query):
            connections = self.env["crm.lead.api.connection"]
            connections = connections.with_context(active_test=False)
            is_live = Domain("is_live", "=", True) if codes is None else Domain.FALSE
            names = [
                (connection.id, to_json([name]))
                for connection in connections.search(is_live)
                for name in connection.field_ids._get_answer_names()
            ]
            return SQL(
                """
                %(id)s IN (
                    SELECT message.id
                      FROM crm_lead_api_code AS code
                      JOIN crm_lead_api_connection AS connection
                        ON connection.client_id = code.client_id
                CROSS JOIN LATERAL (
                        SELECT id, connection_id
                          FROM crm_lead_api_message
                         WHERE unknown IS NOT NULL
                               AND unknown @> jsonb_build_array(
                                   jsonb_build_array(code.attribute, code.code)
                               )
                        OFFSET 0  -- by the index, for each code
                        ) AS message
                     WHERE code.res_id > 0 AND message.connection_id = connection.id
                           AND %(is_meant)s
                 UNION
                    SELECT message.id
                      FROM unnest(%(connections)s::int[], %(names)s::text[])
                           AS mapped (connection_id, name)
                CROSS JOIN LATERAL (
                        SELECT id, connection_id
                          FROM crm_lead_api_message
                         WHERE questions IS NOT NULL
                               AND questions @> mapped.name::jsonb
                               AND state = 'done'
                        OFFSET 0  -- by the index, for each name
                        ) AS message
                     WHERE message.connection_id = mapped.connection_id
                    )
                """,
                id=SQL.identifier(alias, "id"),
                is_meant=SQL("TRUE")
                if codes is None
                else SQL("code.id = ANY(%s)", codes.ids),
                connections=[connection for connection, _name in names],
                names=[name for _connection, name in names],
            )

        due = Domain("state", "in", ("done", "refused")) & Domain.custom(to_sql=to_sql)
        return due & Domain("connection_id", "in", self._find_working())

    def _heal(self):
        """Give the lead what is understood now, if it is empty there, or else propose
        it; a refused message becomes a lead."""
        known, unknown = self._sort_words(self.client_id, self.unknown or ())
        if self.state == "refused":
            values = {"unknown": unknown or False}
            if self.body:
                values |= {"state": "waiting", "retries": False}
                self._trigger()
            self.write(values)
            return
        names = self.connection_id.field_ids._get_answer_names()
        answered = names & set(self.questions or ())
        others = sorted(set(self.questions or ()) - answered)
        lead = self.lead_id
        if lead and lead.lead_api_state not in CLOSED:
            unknown += self._heal_lead(lead, known, unknown, answered)
        self.write({"unknown": unknown or False, "questions": others or False})

    @api.model
    def _sort_words(self, client, words):
        """Return the words that have a meaning by now, and the others.

        :param words: pairs of attribute and word
        """
        known, unknown = [], []
        codes = self.env["crm.lead.api.code"].search(
            Domain("client_id", "=", client.id)
            & Domain("code", "in", [text for _name, text in words])
            & Domain("is_mapped", "=", True)
        )
        meant = {(code.attribute, code.code) for code in codes}
        for name, text in words:
            (known if (name, text) in meant else unknown).append([name, text])
        return known, unknown

    def _heal_lead(self, lead, known, unknown, answered):
        """Change the lead by words and answers, as a client's request would. Return the
        words that nobody knows, each with its attribute.

        :param known: words with their attributes that have a meaning by now
        :param unknown: the same of the words that have none
        :param answered: names of answers
        """
        connection = self.connection_id
        lines = connection.field_ids.filtered(
            lambda line: not answered.isdisjoint(line._get_answer_names())
        )
        # The content may have been erased, but the lead has the answers.
        content = self._get_content(connection, self.body or {})
        content[ANSWERS] = {**(lead.other_answers or {}), **content[ANSWERS]}
        received = self._make_request(
            kind="change",
            route=f"PATCH /lead/{lead.id}",
            data=self._map_lines(lines.filtered("place"), content),
        )
        for name, text in known:
            if name == SERVICES:
                received.data.setdefault(name, []).append(text)
            else:
                received.data.setdefault(name, text)
        self._parse_change(received, lead, unknown)
        received.body = to_json(received.data)
        wrong, error = set(), None
        if received.data:
            serve = self._serve_change
            _entry, error = self._serve_and_log(received, serve, lead, wrong)
        if not error:  # else the client may not change the lead any more, perhaps
            self._drop_answers(lead, lines, known, unknown, answered, received, wrong)
        return self._get_words(received)

    def _parse_change(self, received, lead, unknown):
        """Parse what is understood now as a change of the lead, without what is wrong
        in it; the service for unknown words goes when none is unknown any more."""
        client, data = received.client, received.data
        connection = self.connection_id
        services = data.pop(SERVICES, None)
        if services:
            data[ADD] = services
        schema = client._get_schema(ConnectionChange)
        while True:
            received.payload = client._parse(schema, data, received.unknown_codes)
            if not self._leave_out_of_change(data, received.payload.get_errors()):
                break
        if ADD not in data:
            return
        present, unclear = lead.service_ids.product_id, connection.unclear_service_id
        wanted = received.payload.add_crm_line_ids
        # Staff may have added the service meanwhile.
        data[ADD] = [each for each in wanted if each not in present.ids]
        is_clear = not (received.unknown_codes or unknown)
        if is_clear and unclear in present and unclear.id not in wanted:
            data[REMOVE] = unclear.ids
        received.data = data = {name: value for name, value in data.items() if value}
        received.payload = client._parse(schema, data)

    @api.model
    def _leave_out_of_change(self, data, errors) -> set[str]:
        """Leave wrong values out of a change; of a list the right items stay. Return
        the names of the attributes."""
        names = {error.field.partition(".")[0] for error in errors}
        # A province that the lead has already is of another country.
        kept = map(BY_ATTRIBUTE.get, names - data.keys())
        names = names.union(*(each.parents for each in kept if each)) & data.keys()
        for name in names:
            places = [error.field.removeprefix(f"{name}.") for error in errors]
            wrong = {int(place) for place in places if place.isdecimal()}
            values = data.pop(name)
            if isinstance(values, list) and wrong:
                right = [v for n, v in enumerate(values) if n not in wrong]
                data |= {name: right} if right else {}
        return names

    @api.model
    def _serve_change(self, received, env, lead, wrong):
        """Change the lead like a request of its client that only fills in, without
        values that do not fit.

        :param wrong: set; the names of the attributes left out are added to it
        :raise AnswerError: the client may not change the lead any more
        :raise PayloadError: nothing fits
        """
        env = env(context={**env.context, FILLS_IN: True})
        engine = env["crm.lead.api.engine"]
        lead = env["crm.lead.api.reader"]._get_own_lead(lead.id)
        while True:
            try:
                outcome = engine._change_lead(received, lead, received.payload)
                break
            except PayloadError as error:  # nothing was written before
                names = self._leave_out_of_change(received.data, error.errors)
                if ADD in names and ADD not in received.data:
                    received.data.pop(REMOVE, None)
                if not (names and received.data):
                    raise
                wrong |= {SERVICES if name == ADD else name for name in names}
                schema = type(received.payload)
                received.payload = received.client._parse(schema, received.data)
                received.body = to_json(received.data)
        engine._keep([received], [outcome])
        return outcome

    def _drop_answers(self, lead, lines, known, unknown, answered, received, wrong):
        """Leave out of the lead's other answers what is a value of the lead now."""
        lead = lead.exists()
        values = dict(lead.other_answers or {})
        unclear = wrong | {name for name, _text in received.unknown_codes}
        sent = {SERVICES if name == ADD else name for name in received.data}
        by_attribute = self.connection_id.field_ids.grouped("attribute")
        for name in answered:
            attributes = {
                line.attribute.partition(".")[0]
                for line in lines
                if name in line._get_answer_names()
            }
            if attributes <= sent - unclear:
                values.pop(name, None)
        unclear |= {name for name, _text in unknown}
        for name in {name for name, _text in known} - unclear:
            line = by_attribute.get(name)
            question = min(line._get_answer_names(), default=name) if line else name
            values.pop(question, None)
        if lead and values != (lead.other_answers or {}):
            lead.other_answers = values or False
