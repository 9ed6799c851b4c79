# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from ..schemas import PHONES
from ..tools.message_values import to_text
from .crm_lead_api_message import MAX_REF, PHONE_DIGITS, shorten


class CrmLeadApiMessage(models.Model):
    """Find whose a message is, by keys that all spellings have."""

    _inherit = "crm.lead.api.message"

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
