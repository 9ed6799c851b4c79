# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import retrying
from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.models.event.crm_lead_api_retry_mixin import (
    ALARM,
    get_pause,
)
from odoo.addons.crm_lead_api.tools.token_text import get_digest

from ..tools.graph import ABSENT, LIMIT, PERMISSION, TOKEN, UNKNOWN, Graph, GraphError
from ..tools.place import read
from .crm_lead_api_message import shorten

_lt = LazyTranslate(__name__, default_lang="en_US")
_logger = logging.getLogger(__name__)

FETCH = "fetch"  # the name of the work among the message's retries
FETCHERS = 16  # leads that are fetched at the same time
CONNECTION_FETCHERS = 4  # of them of the same connection
LOOK_AHEAD = 20  # messages among which a run looks for one that no other has locked
LEASE = timedelta(minutes=2)  # an attempt takes much less
LOOK_SECONDS = 1  # between two searches for messages that have become due
RUN_SECONDS = 60  # after which nothing is fetched: Odoo kills a run after two minutes
MAX_PAUSE = timedelta(hours=8)
FORM_NAME = "form_name"  # in a body, beside what the platform says


@dataclass(frozen=True)
class Claim:
    """Hold the right of a run to fetch the lead of a message once.

    :param retries: of the message, which other runs and a new token change
    :param form_ref: of the form whose name is to be fetched, too, or ``""``
    """

    message_id: int
    connection_id: int
    retries: dict
    graph: Graph = field(repr=False)
    lead_ref: str
    form_ref: str

    def fetch(self) -> dict:
        """Fetch the lead, in a thread without an environment of Odoo."""
        lead = self.graph.get_lead(self.lead_ref)
        if not self.form_ref:
            return lead
        try:
            return {**lead, FORM_NAME: self.graph.get_form_name(self.form_ref)}
        except GraphError as error:  # the lead is there without the name
            is_final = error.kind in (UNKNOWN, PERMISSION)
            return {**lead, FORM_NAME: ""} if is_final else lead


class CrmLeadApiMessage(models.Model):
    """Fetch the leads of which a platform sends only the ids.

    A scheduled action of its own claims a message, commits, asks the platform, and
    saves the answer: nothing is locked while the platform works, and leads of other
    connections do not wait for it. If the server dies meanwhile, the lead is fetched
    again after the usual pause.
    """

    _inherit = "crm.lead.api.message"

    @api.model
    def _cron_fetch(self):
        """Fetch the leads that are due, of several connections at the same time. A
        connection with a failure waits for the next run."""
        with ThreadPoolExecutor(FETCHERS, "crm_lead_api_fetch") as fetchers:
            failed = self._fetch_due(fetchers)
        if retrying(partial(self._find_due, failed), self.env):
            self._trigger("ir_cron_fetch_leads")

    def _fetch_due(self, fetchers):
        """Fetch leads in threads that do nothing but ask the platform; return the ids
        of the connections with a failure."""
        end = time.monotonic() + RUN_SECONDS
        fetching, failed = {}, set()
        while True:
            while len(fetching) < FETCHERS and time.monotonic() < end:
                counts = Counter(claim.connection_id for claim in fetching.values())
                busy = {each for each, n in counts.items() if n >= CONNECTION_FETCHERS}
                # Connections without any come first.
                claim = self._claim(failed | {*counts}) or self._claim(failed | busy)
                if not claim:
                    break
                fetching[fetchers.submit(claim.fetch)] = claim
            if not fetching:
                return failed
            finished, _others = wait(fetching, LOOK_SECONDS, FIRST_COMPLETED)
            for future in finished:
                claim = fetching.pop(future)
                if not self._save_outcome(claim, future):
                    failed.add(claim.connection_id)
            if not self.env["ir.cron"]._commit_progress(len(finished)):
                end = 0

    @api.model
    def _find_due(self, connection_ids):
        """Find messages whose leads can be fetched now."""
        now = fields.Datetime.now()
        domain = (
            Domain("state", "=", "fetching")
            & self._get_due_domain(FETCH)
            & Domain("connection_id", "not in", list(connection_ids))
            & Domain("connection_id.is_fetching_stopped", "=", False)
        )
        domain &= Domain("connection_id.fetch_date", "=", False) | Domain(
            "connection_id.fetch_date", "<=", now
        )
        return self.search(domain, order="id", limit=LOOK_AHEAD)

    @api.model
    def _claim(self, connection_ids):
        return retrying(partial(self._claim_next, connection_ids), self.env)

    @api.model
    def _claim_next(self, connection_ids):
        """Claim the next message, and return the claim. The attempt counts from now on:
        if no outcome is ever saved, the lead is fetched again after the usual pause."""
        while messages := self._find_due(connection_ids):
            message = messages.try_lock_for_update(allow_referencing=True, limit=1)
            if not message:
                return None
            connection = message.connection_id
            if not (graph := connection._get_graph()):
                connection._stop_fetching(_lt("Enter an access token."))
                connection_ids = {*connection_ids, connection.id}
                continue
            attempts = (message.retries or {}).get(FETCH, (0, None))[0] + 1
            message._put_off(attempts, max(LEASE, get_pause(attempts)))
            form_ref = str((message.body or {}).get("form_id") or "")
            is_known = form_ref in (connection.form_names or {})
            return Claim(
                message.id,
                connection.id,
                message.retries,
                graph,
                message.message_ref,
                "" if is_known else form_ref,
            )
        return None

    def _put_off(self, attempts, pause):
        date = fields.Datetime.to_string(fields.Datetime.now() + pause)
        self.retries = {**(self.retries or {}), FETCH: [attempts, date]}

    # ------------------------------------------------------------ outcome

    @api.model
    def _save_outcome(self, claim, future) -> bool:
        """Save what came of a claim, and tell whether the connection goes on."""
        try:
            lead, error = future.result(), None
        except GraphError as failure:
            lead, error = None, failure
        except Exception as failure:  # else it would come first in each run for ever
            name = type(failure).__name__  # not the text, which may contain a secret
            _logger.error("Message %s was not fetched: %s", claim.message_id, name)
            reason = _lt("It could not be fetched: %(reason)s", reason=name)
            lead, error = None, GraphError(ABSENT, reason)
        try:
            retrying(partial(self._write_outcome, claim, lead, error), self.env)
        except Exception as failure:  # of other addons: other messages go on
            self.env.cr.rollback()
            name = type(failure).__name__
            _logger.error("Message %s was not saved: %s", claim.message_id, name)
            return False
        return not error or error.kind == UNKNOWN

    @api.model
    def _write_outcome(self, claim, lead, error):
        message = self.browse(claim.message_id).exists()
        if message.state != "fetching" or message.retries != claim.retries:
            return  # deleted, done by another run, or to be fetched with a new token
        if error:
            message._write_failure(claim, error)
        else:
            message._complete(lead)

    def _complete(self, lead):
        """Keep the lead as it was fetched, beside what the message said."""
        connection = self.connection_id
        names, form_ref = connection.form_names or {}, str(lead.get("form_id") or "")
        if FORM_NAME in lead:
            connection.form_names = {**names, form_ref: lead[FORM_NAME]}
        elif names.get(form_ref):
            lead = {**lead, FORM_NAME: names[form_ref]}
        body = {**(self.body or {}), **lead}
        values = self._prepare_values(connection, body)
        done = {"state": "waiting", "fetch_error": False, "retries": False}
        self.write({**values, **done})
        if connection.fetch_error:
            connection.write({"fetch_error": False, "fetch_date": False})
        if connection.is_live:
            self._trigger()

    @api.model
    def _complete_lost(self, connection, items) -> int:
        """Complete messages for which nothing is fetched any more with leads that were
        got in another way, and return how many they are."""
        place = connection.platform_id.id_place
        bodies = {get_digest(shorten(str(read(place, item)))): item for item in items}
        is_lost = Domain("state", "=", "refused") & Domain("reason", "=", "not_found")
        if connection.is_fetching_stopped or connection.fetch_error:
            is_lost |= Domain("state", "=", "fetching")
        is_lost &= Domain("connection_id", "=", connection.id)
        lost = self.search(is_lost & Domain("ref_digest", "in", list(bodies)))
        gone = dict.fromkeys(["retries", "fetch_error", "reason"], False)
        for message in lost:
            body = {**(message.body or {}), **bodies[message.ref_digest]}
            message.write({**self._prepare_values(connection, body), **gone})
        if lost:
            self._trigger()
        return len(lost)

    def _write_failure(self, claim, error):
        """Refuse a message whose lead the platform does not know, stop fetching with a
        token that is not valid, and else put the next attempt off."""
        connection = self.connection_id
        attempts, pause = claim.retries[FETCH][0], min(error.pause, MAX_PAUSE)
        # sudo: the owner may be of another company
        lang = self.client_id.sudo().owner_id.lang or "en_US"
        self.fetch_error = error.reason._translate(lang)
        if error.kind == UNKNOWN:
            self.write({"state": "refused", "retries": False, "reason": "not_found"})
            return
        if error.kind == TOKEN:
            self.retries = False
            connection._stop_fetching(error.reason, claim.graph.token)
            return
        pause = max(pause, get_pause(attempts))
        self._put_off(attempts, pause)
        connection.fetch_error = self.fetch_error
        if error.kind in (LIMIT, PERMISSION):
            connection.fetch_date = fields.Datetime.now() + pause
        if error.kind == PERMISSION or attempts >= ALARM:
            connection._alarm_fetching(error.reason)
        self._trigger("ir_cron_fetch_leads", fields.Datetime.now() + pause)
