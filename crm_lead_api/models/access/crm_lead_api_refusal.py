# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import ipaddress
from datetime import timedelta
from math import ceil

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.ip_address import parse_address
from ...tools.transaction import NO_WAIT, count_at_once

MAX_PAUSE = 3600  # seconds
MAX_ADDRESSES = 1000  # with a row of their own in an hour, to bound the table
OTHERS = "*"  # stands for all further addresses
KEPT_DAYS = 90
GC_LIMIT = 10_000


class CrmLeadApiRefusal(models.Model):
    """Count requests without a valid token by address and hour; keep nothing else, but
    of a token that has ended when it was used.

    An address that sends wrong tokens is blocked: for a second after as many wrong
    tokens as the settings allow in an hour, and twice as long after each further wrong
    token. Valid tokens still work meanwhile, because other clients may use the same
    address: behind a proxy, or in the same clinic.

    In each hour, ``MAX_ADDRESSES`` addresses have a row of their own; the others share
    a row.
    """

    _name = "crm.lead.api.refusal"
    _description = "Lead API Requests without a Token"
    _order = "hour desc, calls desc"
    _log_access = False
    _rec_name = "address"

    address = fields.Char(
        required=True,
        help="For IPv6 the network of 64 bits. * stands for all addresses of an hour "
        "after the first 1000: they are counted, and blocked, together.",
    )
    hour = fields.Datetime(required=True, index=True)
    calls = fields.Integer("Requests", required=True)
    wrong_tokens = fields.Integer(required=True)
    paused_until = fields.Datetime()

    _address_hour_unique = models.UniqueIndex("(address, hour)")

    @api.model
    def _count_refusal(self, address, is_guess, ended_token="") -> int:
        """Count a request without a valid token, in a transaction of its own, and
        return the seconds for which the address is blocked: 0 if it is not, or the
        request is no guess.

        :param bool is_guess: the request has an unknown token, rather than none or one
            that has ended
        :param str ended_token: that keeps the time of the request
        """
        address = self._get_network(address)

        def count():
            if ended_token:
                self.env["crm.lead.api.token"]._keep_refusal(ended_token)
            return self._count(address, is_guess)

        return count_at_once(self.env, count)

    @api.model
    def _get_network(self, address):
        parsed = parse_address(address)
        if not parsed or parsed.version == 4:
            return str(parsed or address)[:64]
        # A sender with one IPv6 address can use all addresses of its /64 network.
        return str(ipaddress.ip_network((parsed, 64), strict=False))

    def _count(self, address, is_guess):
        now = fields.Datetime.now()
        hour = now.replace(minute=0, second=0)
        row_address = self._find_row(address, hour)
        pause = self._get_pause([address, row_address], now) if is_guess else 0
        is_guess = is_guess and not pause
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO %(table)s AS refusal (address, hour, calls, wrong_tokens)
                     SELECT %(address)s, %(hour)s, 1, %(guesses)s
                       FROM %(no_wait)s
                ON CONFLICT (address, hour) DO UPDATE
                        SET calls = refusal.calls + 1,
                            wrong_tokens = refusal.wrong_tokens + %(guesses)s
                  RETURNING id, wrong_tokens
                """,
                table=SQL.identifier(self._table),
                address=row_address,
                hour=hour,
                guesses=int(is_guess),
                no_wait=NO_WAIT,
            ),
            log_exceptions=False,
        )
        refusal_id, guesses = self.env.cr.fetchone()
        limit = self.env["ir.config_parameter"]._get_lead_api_int("wrong_tokens")
        if is_guess and limit and guesses >= limit:
            seconds = min(2 ** min(guesses - limit, 30), MAX_PAUSE)
            # Nobody else writes the row now: this transaction has just counted there.
            self.browse(refusal_id).paused_until = now + timedelta(seconds=seconds)
        return pause

    def _find_row(self, address, hour):
        """Return the address of the row that counts an address in an hour."""
        in_hour = Domain("hour", "=", hour)
        if self.search_count(in_hour & Domain("address", "=", address), limit=1):
            return address
        count = self.search_count(in_hour, limit=MAX_ADDRESSES)
        return address if count < MAX_ADDRESSES else OTHERS

    def _get_pause(self, addresses, now):
        """Return the seconds for which any of some addresses is still blocked."""
        oldest = now - timedelta(seconds=MAX_PAUSE + 3600)
        recent = Domain("address", "in", addresses) & Domain("hour", ">=", oldest)
        [(end,)] = self._read_group(recent, aggregates=["paused_until:max"])
        return ceil((end - now).total_seconds()) if end and end > now else 0

    @api.autovacuum
    def _gc_old(self):
        oldest = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        old = self.search([("hour", "<", oldest)], limit=GC_LIMIT)
        old.unlink()
        return len(old), len(old) == GC_LIMIT
