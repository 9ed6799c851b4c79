# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import uuid
from functools import partial

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_lead_api.exceptions import PayloadError
from odoo.addons.crm_lead_api.http.received_request import ReceivedRequest
from odoo.addons.crm_lead_api.models.request.crm_lead_api_engine import CLOSED
from odoo.addons.crm_lead_api.schemas.lead_change import ADD, REMOVE
from odoo.addons.crm_lead_api.schemas.record_list import BY_ATTRIBUTE
from odoo.addons.crm_lead_api.tools.json_body import to_json

from ..schemas import ConnectionChange
from ..tools.place import ANSWERS
from .crm_lead import FILLS_IN
from .crm_lead_api_message_mapping import SERVICES


class CrmLeadApiMessage(models.Model):
    """Heal leads: give them what their messages said and nobody understood then."""

    _inherit = "crm.lead.api.message"

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
        client = self.client_id.sudo()  # changing a lead reads secrets of the client
        earlier = self.request_id
        received = ReceivedRequest(
            client,
            str(uuid.uuid4()),
            kind="change",
            route=f"PATCH /lead/{lead.id}",
            is_test=self.is_test,
            origin=earlier.origin_id or earlier,  # the client has sent nothing since
            lang=client.owner_id.lang or "en_US",
            data=self._map_lines(lines.filtered("place"), content),
        )
        for name, text in known:
            if name == SERVICES:
                received.data.setdefault(name, []).append(text)
            else:
                received.data.setdefault(name, text)
        self._parse_change(received, lead, unknown)
        received.body = to_json(received.data)
        env = client._get_request_env(self.is_test)
        wrong, error = set(), None
        if received.data:
            engine = env["crm.lead.api.engine"]
            serve = partial(self._serve_change, received, env, lead, wrong)
            _entry, error = engine._serve_and_log(received, serve, received.lang)
            if error and not isinstance(error, UserError):
                raise error
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
            wrong = {
                int(error.field.rpartition(".")[2])
                for error in errors
                if error.field.startswith(f"{name}.")
                and error.field.rpartition(".")[2].isdecimal()
            }
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
