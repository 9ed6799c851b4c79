# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import cache, partial

from pydantic_core import PydanticCustomError

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...schemas.record_list import BY_ATTRIBUTE, REFERENCES, get_list_attribute
from ...schemas.value import is_sent, is_storable, to_whole
from ...tools.action import get_action, get_notice
from ...tools.json_body import parse_leniently
from ...tools.text import to_nfc

COMPANY = "company_id"  # records of every list may depend on the company
MAX_CODE = 255  # characters
# Unknown codes of a lead before its other codes are searched only if they are known
MAX_MISSED = 10
MAX_MISSED_TOGETHER = 1000  # the same for all leads of a request
MAX_UNKNOWN = 1000  # codes of a client that are kept until staff enter their meaning
MAX_WAITING = 1000  # requests that are read to find those with a code
MAX_RESENT = 100  # requests that are sent again in one transaction


class CrmLeadApiCode(models.Model):
    """Map a code of a client's own system to a record; several codes may mean the same.

    A code without a meaning is kept when a request is refused because of it.
    """

    _name = "crm.lead.api.code"
    _description = "Lead API Code"
    _order = "client_id, attribute, code"
    _rec_name = "code"
    _has_texts_of_clients = True

    client_id = fields.Many2one(
        "crm.lead.api.client", required=True, index=True, ondelete="cascade"
    )
    takes_own_codes = fields.Boolean(related="client_id.takes_own_codes")
    attribute = fields.Selection(
        selection="_select_attribute", string="List", required=True
    )
    code = fields.Char(required=True, help="As the client sends it.")
    model = fields.Char(compute="_compute_model")
    res_id = fields.Many2oneReference(
        "Record in Odoo", model_field="model", help="The code's meaning."
    )
    record = fields.Char(
        "Record by Id, Code or Name",
        compute="_compute_record",
        inverse="_inverse_record",
        help="For imports: the id in Odoo, a code of Odoo's, or the exact name.",
    )
    record_name = fields.Char(compute="_compute_record_name")
    is_mapped = fields.Boolean(compute="_compute_is_mapped", search="_search_is_mapped")
    call_count = fields.Integer(
        "Times Not Understood",
        readonly=True,
        help="Requests that were refused because of the code, or whose leads were made "
        "without it, before somebody entered its meaning.",
    )
    last_call_date = fields.Datetime("Last Time", readonly=True)
    waiting_count = fields.Integer(
        "Waiting Requests",
        compute="_compute_waiting_count",
        help="Refused requests with this code that can be sent again.",
    )

    _code_unique = models.UniqueIndex(
        "(client_id, attribute, code)", "The client has this code in this list already."
    )

    @api.model
    def _select_attribute(self):
        lang = self.env.lang or "en_US"
        return [
            (reference.attribute, reference.label._translate(lang))
            for reference in REFERENCES
        ]

    @api.depends("attribute")
    def _compute_model(self):
        for code in self:
            code.model = code.attribute and BY_ATTRIBUTE[code.attribute].model

    @api.depends("res_id")
    def _compute_record(self):
        for code in self:
            code.record = str(code.res_id) if code.res_id else False

    def _inverse_record(self):
        references = self.env["crm.lead.api.reference"]
        for code in self:
            text = (code.record or "").strip()
            if not text:
                code.res_id = False
                continue
            records = references._find_by_code(code.attribute, text, {})
            if len(records) != 1:
                raise ValidationError(
                    self.env._(
                        "“%(text)s” is the code or name of %(count)s records of the "
                        "list: write the id of one.",
                        text=text,
                        count=len(records),
                    )
                )
            code.res_id = records.id

    @api.depends("res_id", "attribute")
    @api.depends_context("lang", "uid")
    def _compute_record_name(self):
        for code in self:
            record = code._get_record()._filtered_access("read")
            code.record_name = record.display_name

    @api.depends("res_id")
    def _compute_is_mapped(self):
        for code in self:
            code.is_mapped = bool(code.res_id)

    def _search_is_mapped(self, operator, value):
        if operator != "in":
            return NotImplemented  # Odoo searches for those that are, and negates
        return Domain("res_id", "!=", False) & Domain("res_id", "!=", 0)

    @api.onchange("attribute")
    def _onchange_attribute(self):
        self.res_id = False

    @api.depends("client_id", "attribute", "code")
    def _compute_waiting_count(self):
        for code in self:
            code.waiting_count = len(code._find_waiting_requests())

    @api.constrains("res_id", "attribute")
    def _check_record(self):
        for code in self:
            if code.res_id and not code._get_record():
                raise ValidationError(
                    self.env._(
                        "There is no record %(res_id)s that code %(code)s could mean.",
                        res_id=code.res_id,
                        code=code.code,
                    )
                )

    def action_send_waiting(self):
        """Open the dialog that sends the requests again that waited for the codes, the
        oldest first, at most ``MAX_RESENT`` at once; a notice if no request waits."""
        entries = self.env["crm.lead.api.request"].union(
            *(code._find_waiting_requests() for code in self if code.res_id)
        )
        if not entries:
            message = self.env._("No request waits for this code.")
            return get_notice("info", message, closes=False)
        context = {"default_request_ids": entries.sorted("id")[:MAX_RESENT].ids}
        return get_action(self.env, "crm_lead_api_resend_action", context=context)

    def action_open_requests(self):
        """Open the requests that sent the code before somebody entered its meaning."""
        domain = [("id", "in", self._find_requests().ids)]
        action = "crm_lead_api_request_action"
        return get_action(self.env, action, domain=domain, context={})

    def _get_record(self):
        """Return the record that the code means; empty if unknown or deleted."""
        if not self.attribute:
            return self.browse()
        return self.env[self.model].browse(self.res_id or ()).exists()

    # ------------------------------------------------------------ requests

    @api.model
    def _get_resolvers(self, client, payloads, unknown, lead=None):
        """Return for each payload the function by which a schema turns codes into ids.

        The client's own codes come first. Then, a text may be a code or exact name of
        Odoo's. A number, and a digit string that is no code, is an id.

        :param client: ``crm.lead.api.client``, with superuser rights
        :param unknown: set; ``(attribute, code)`` of unknown codes is added to it
        :param lead: that the payloads change
        """
        if not (client.takes_own_codes or client.takes_codes):
            return [None] * len(payloads)
        own_codes = {}
        if client.takes_own_codes:
            own_codes = self._get_own_codes(client, payloads)
        # With the client's rights: records that the client may not use do not exist.
        references = client._get_reference()
        # Of all payloads: records of the searches so far, and unknown codes
        found, all_missed = {}, set()

        @cache
        def find_known(attribute):
            """Find the texts that are worth a search, after many unknown codes."""
            texts = [text for name, text in _get_sent(payloads) if name == attribute]
            return references._find_known_texts(attribute, texts)

        def resolve(missed, attribute, value, before):
            attribute = get_list_attribute(attribute)
            if attribute not in BY_ATTRIBUTE:
                return value  # attributes of other addons and clients hold ids only
            value = to_whole(value)
            text = str(value).strip() if isinstance(value, str | int) else ""
            for code in _get_spellings(text):
                if res_id := own_codes.get((attribute, code)):
                    return res_id
            if not (isinstance(value, str) and text and is_storable(text)):
                return value
            if len(text) > MAX_CODE:
                return value
            text = to_nfc(text)
            reference, records = BY_ATTRIBUTE[attribute], ()
            if client.takes_codes:
                parents = (before.get(name) for name in (*reference.parents, COMPANY))
                key = (attribute, text, *parents)
                is_open = (
                    len(missed) < MAX_MISSED and len(all_missed) < MAX_MISSED_TOGETHER
                )
                if key not in found and (is_open or text in find_known(attribute)):
                    found[key] = references._find_meant(attribute, text, before, lead)
                records = found.get(key, ())
            if len(records) == 1:
                return records.id
            if records:
                # Without customers, who have no list: a client must not learn about
                # others.
                listed = records.sorted("id") if reference.path else ()
                candidates = [
                    {"id": each.id, "name": each.display_name} for each in listed
                ]
                data = {"candidates": candidates}
                raise PydanticCustomError("code_ambiguous", "ambiguous", data)
            if text.lstrip("-").isdecimal():
                return value
            missed.add((attribute, text))
            all_missed.add((attribute, text))
            if client.takes_own_codes:
                unknown.add((attribute, text))
            raise PydanticCustomError("code_unknown", "unknown")

        return [partial(resolve, set()) for _each in payloads]

    @api.model
    def _get_own_codes(self, client, payloads) -> dict[tuple[str, str], int]:
        """Return the ids of the records that the client's codes in payloads mean."""
        sent = {
            (attribute, code)
            for attribute, text in _get_sent(payloads)
            for code in _get_spellings(text)
        }
        codes = self.search(
            Domain("client_id", "=", client.id)
            & Domain("attribute", "in", list({attribute for attribute, _code in sent}))
            & Domain("code", "in", list({code for _attribute, code in sent}))
            & Domain("is_mapped", "=", True)
        )
        return {(code.attribute, code.code): code.res_id for code in codes}

    @api.model
    def _keep_unknown(self, client, unknown):
        """Keep unknown codes ``(attribute, code)``, so that staff can map them."""
        if not unknown:
            return
        # sudo: only Lead API administrators may read and write codes
        codes = self.sudo()
        domain = Domain("client_id", "=", client.id) & Domain("is_mapped", "=", False)
        room = MAX_UNKNOWN - codes.search_count(domain)
        if room <= 0:
            return
        rows = SQL(", ").join(
            SQL("(%s, %s, %s, 1, %s)", client.id, *each, fields.Datetime.now())
            for each in sorted(unknown)[:room]
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO %(table)s AS known
                            (client_id, attribute, code, call_count, last_call_date)
                     VALUES %(rows)s
                ON CONFLICT (client_id, attribute, code) DO UPDATE
                        SET call_count = COALESCE(known.call_count, 0) + 1,
                            last_call_date = EXCLUDED.last_call_date
                """,
                table=SQL.identifier(self._table),
                rows=rows,
            ),
            log_exceptions=False,
        )

    def write(self, vals):
        result = super().write(vals)
        # What did not wait for the meaning is settled.
        if vals.get("res_id") and not self.env.context.get("import_file"):
            counted = self.filtered("call_count")
            waiting = counted.filtered(lambda code: code._find_waiting_requests())
            (counted - waiting).call_count = 0
        return result

    # ------------------------------------------------------------ refused requests

    def _find_requests(self, domain=Domain.TRUE):
        """Return the newest requests of a domain with an error because of the code."""
        requests = self.env["crm.lead.api.request"]
        if not (self.client_id and self.attribute and self.code):
            return requests

        def has_code(entry):
            return any(
                name == self.attribute and self.code in _get_spellings(text)
                for name, text in _get_sent([parse_leniently(entry.payload)])
            )

        return requests.search(
            Domain("client_id", "=", self.client_id.id)
            & Domain("payload", "!=", False)
            & Domain("error_fields", "like", self.attribute)
            & domain,
            limit=MAX_WAITING,
        ).filtered(has_code)

    def _find_waiting_requests(self):
        """Return the refused requests with this code, one for each ticket or changed
        lead, without those that the client has corrected itself since."""
        waiting = Domain("state", "=", "refused") & Domain("is_unsettled", "=", True)
        newest = {}
        for entry in self._find_requests(waiting):
            changed = entry.kind == "change" and entry.route
            subject = entry.ticket_ref or changed or entry.origin_id or entry
            newest.setdefault((entry.is_test, subject), entry)
        return self.env["crm.lead.api.request"].union(*newest.values())


def _get_sent(payloads) -> set[tuple[str, str]]:
    """Return the ``(attribute, text)`` in payloads that may be codes."""
    return {
        (attribute, str(value).strip())
        for data in payloads
        for name, values in data.items()
        if (attribute := get_list_attribute(name)) in BY_ATTRIBUTE
        if is_sent(values)
        for value in map(to_whole, values if isinstance(values, list) else [values])
        if isinstance(value, str | int) and is_storable(str(value))
    }


def _get_spellings(code):
    """Return a code as sent, and in NFC: staff may have entered either."""
    return {code, to_nfc(code)} if len(code) <= MAX_CODE else {code}
