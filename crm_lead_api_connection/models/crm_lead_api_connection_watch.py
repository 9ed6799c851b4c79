# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter
from datetime import datetime, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_lead_api.tools.day import (
    format_moment,
    get_end_of_day,
    get_sql_zone,
    to_local,
)
from odoo.addons.crm_lead_api.tools.domain import count_of, find_last

from .crm_lead_api_message import WAITING

FIGURE_DAYS = 7
REFUSED_ALARM = 0.2  # share of the messages that were done
REFUSED_MIN = 3  # fewer refused messages are no share
GAP_PERIOD = timedelta(weeks=8)  # whose gaps between messages are compared
GAP_SHARE = 0.95  # of the usual gaps are shorter
GAP_MIN_COUNT = 8  # with fewer gaps nobody knows what is usual
GAP_MIN = timedelta(hours=1)  # a shorter gap is no silence
STUCK = timedelta(minutes=15)  # a message becomes a lead within seconds
SILENCE = "crm_lead_api.mail_activity_type_silence"
REFUSALS = "crm_lead_api.mail_activity_type_refusals"


class CrmLeadApiConnection(models.Model):
    """Show whether a connection works, and alert the client's owner if it does not."""

    _inherit = "crm.lead.api.connection"

    last_message_date = fields.Datetime("Last Message", compute="_compute_figures")
    lead_count = fields.Integer("Leads Today", compute="_compute_figures")
    waiting_count = fields.Integer("Waiting Messages", compute="_compute_figures")
    is_stuck = fields.Boolean(compute="_compute_figures")
    refused_count = fields.Integer(
        "Refused Messages",
        compute="_compute_figures",
        help="Of the last 7 days, that nobody has sent again or discarded.",
    )
    refused_rate = fields.Float("Refused", compute="_compute_figures")
    unproven_count = fields.Integer(
        "Messages without Proof", compute="_compute_figures", help="In 7 days."
    )
    light = fields.Selection(
        [
            ("green", "Works"),
            ("yellow", "Needs a Look"),
            ("red", "Does Not Work"),
            ("grey", "Does Not Run"),
        ],
        compute="_compute_light",
    )
    light_text = fields.Char("Reason of the Light", compute="_compute_light")
    silence_alert_date = fields.Datetime(copy=False)
    refused_alert_date = fields.Datetime(copy=False)

    # sudo: a message is shown to those of all the client's companies, its count to all
    # who see the connection
    def _compute_figures(self):
        messages = self.env["crm.lead.api.message"].sudo()
        own = Domain("connection_id", "in", self.ids) & Domain("is_test", "=", False)
        now = fields.Datetime.now()
        since = now - timedelta(days=FIGURE_DAYS)
        is_recent = Domain("date", ">=", since)
        counts, oldest = Counter(), {}
        for connection, state, count, date in messages._read_group(
            own & (is_recent | Domain("state", "in", WAITING)),
            ["connection_id", "state"],
            ["__count", "date:min"],
        ):
            counts[connection, state] = count
            oldest[connection, state] = date
        today = self._get_domain_of_today()
        leads = count_of(
            messages, self, "connection_id", today, "lead_id:count_distinct"
        )
        last = find_last(messages, "connection_id", self)
        days = self.env["crm.lead.api.connection.day"].sudo()
        unproven = count_of(days, self, "connection_id", is_recent, "unproven:sum")
        for connection in self:
            origin = connection._origin
            refused = counts[origin, "refused"]
            done = refused + counts[origin, "done"]
            connection.last_message_date = last[connection].date
            connection.lead_count = leads[connection]
            connection.waiting_count = sum(counts[origin, name] for name in WAITING)
            waiting = oldest.get((origin, "waiting"), now)
            connection.is_stuck = waiting < now - STUCK
            connection.refused_count = refused
            connection.refused_rate = refused / done if done else 0
            connection.unproven_count = unproven[connection]

    def _get_domain_of_today(self):
        """Return the domain of the messages whose leads came in today."""
        own = Domain("connection_id", "in", self.ids) & Domain("is_test", "=", False)
        yesterday = datetime.now(self.env.tz).date() - timedelta(days=1)
        end = get_end_of_day(yesterday, self.env.tz)
        return own & Domain("lead_id.create_date", ">", end)

    @api.depends(
        *("active", "client_id.active", "client_id.is_paused", "fetch_error"),
        *("is_fetching_stopped", "is_live", "is_paused", "is_secret_missing"),
        *("key_hint", "silence_alert_date"),
    )
    @api.depends_context("lang", "tz")
    def _compute_light(self):
        for connection in self:
            connection.light, connection.light_text = connection._get_light()

    def _get_light(self) -> tuple[str, str]:
        """Return the color of the light, and its reason in the user's language."""
        last = self.last_message_date
        if not self.active:
            return "grey", self.env._("Archived.")
        if self.is_paused:
            return "grey", self.env._("Paused: the platform gets no answer.")
        # sudo: whoever sees a connection need not see its client
        client = self.client_id.sudo()
        if client.is_paused or not client.active:
            return "grey", self.env._(
                "Its client is paused or archived: the platform gets no answer."
            )
        if self.unproven_count and not last:
            return "red", self.env._(
                "Messages without proof: %(count)s. The secret here is not that of the "
                "platform.",
                count=self.unproven_count,
            )
        if not self.key_hint:
            return "grey", self.env._("Not connected yet: make an address.")
        if not self.is_live:
            if self.waiting_count:
                return "grey", self.env._(
                    "Not live yet. Messages that wait: %(count)s.",
                    count=self.waiting_count,
                )
            # The steps of the page
            done = {2: not self.is_secret_missing, 3: last, 4: not self.unmapped}
            done[5] = False
            steps = ", ".join(str(step) for step in done if not done[step])
            text = self.env._("Not live yet. Steps to do: %(steps)s.", steps=steps)
            return "grey", text
        if self.is_fetching_stopped or (self.fetch_error and self.waiting_count):
            return "red", self.env._("Leads cannot be fetched. %s", self.fetch_error)
        if self.is_stuck:
            return "red", self.env._(
                "Messages do not become leads. Waiting: %(count)s.",
                count=self.waiting_count,
            )
        if self._is_silent():
            return "red", self.env._(
                "Silent since %(date)s: longer than usual.",
                date=format_moment(self.env, last),
            )
        if self._is_mostly_refused():
            return "red", self.env._(
                "Refused in 7 days: %(count)s, that is %(share)s %%.",
                count=self.refused_count,
                share=round(self.refused_rate * 100),
            )
        if self.refused_count:
            return "yellow", self.env._(
                "Refused in 7 days: %(count)s.", count=self.refused_count
            )
        if self.unproven_count:
            return "yellow", self.env._(
                "Messages without proof in 7 days: %(count)s.",
                count=self.unproven_count,
            )
        if not last:
            return "grey", self.env._("Live. No message yet.")
        return "green", self.env._("Works.")

    def _is_silent(self):
        """Tell whether the owner was alerted to a silence that goes on."""
        alerted, last = self.silence_alert_date, self.last_message_date
        return bool(alerted and last and last <= alerted)

    def _is_mostly_refused(self):
        return self.refused_count >= REFUSED_MIN and self.refused_rate >= REFUSED_ALARM

    # ------------------------------------------------------------ alarms

    @api.model
    def _watch(self):
        """Alert owners to connections that are silent, or whose messages are refused,
        once until it is solved."""
        runs = Domain("is_live", "=", True) & Domain("is_paused", "=", False)
        runs &= Domain("client_id.active", "=", True)
        runs &= Domain("client_id.is_paused", "=", False)
        stopped = self.search(~runs & Domain("silence_alert_date", "!=", False))
        stopped.activity_unlink([SILENCE])
        stopped.silence_alert_date = False
        for connection in self.search(runs):
            connection._watch_silence()
            connection._watch_refused()

    def _watch_silence(self):
        now, last = fields.Datetime.now(), self.last_message_date
        if not last or self._is_silent():
            return
        self.silence_alert_date = False
        self.activity_unlink([SILENCE])
        usual = self._get_usual_gap(now)
        if usual is None or now - last <= usual or not self._is_working_hour(now):
            return
        self.silence_alert_date = now
        self._alert_owner(
            SILENCE,
            lambda env: env._(
                "%(connection)s has sent no message since %(date)s",
                connection=self.name,
                date=format_moment(env, last),
            ),
        )

    def _get_usual_gap(self, now):
        """Return the gap between messages than which only few were longer, of gaps that
        ended at this hour of this weekday; ``None``: there were too few of them."""
        self.env["crm.lead.api.message"].flush_model(["date", "is_test"])
        zone = self._get_zone()
        local = to_local(now, pytz.timezone(zone))
        [(gap, count)] = self.env.execute_query(
            SQL(
                """
                SELECT percentile_cont(%(share)s) WITHIN GROUP (ORDER BY gap), count(*)
                  FROM (
                        SELECT date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s AS local,
                               date - lag(date) OVER (ORDER BY date) AS gap
                          FROM crm_lead_api_message
                         WHERE connection_id = %(connection_id)s
                           AND date >= %(since)s
                           AND is_test IS NOT TRUE
                       ) AS message
                 WHERE gap > interval '1 minute'  -- not between imported leads
                   AND extract(isodow FROM local) = %(weekday)s
                   AND extract(hour FROM local) = %(hour)s
                """,
                share=GAP_SHARE,
                zone=get_sql_zone(zone),
                connection_id=self.id,
                since=now - GAP_PERIOD,
                weekday=local.isoweekday(),
                hour=local.hour,
            )
        )
        return max(gap, GAP_MIN) if count >= GAP_MIN_COUNT else None

    def _get_zone(self) -> str:
        """Return the time zone of the client's working hours, or of its owner."""
        # sudo: a client may not be read by its user
        client = self.client_id.sudo()
        calendar, _company = client._get_hours()
        return calendar.tz or client.owner_id.tz or "UTC"

    def _is_working_hour(self, now):
        """Tell whether people work now, as far as the company says when they do."""
        calendar, company = self.client_id._get_hours()
        past = now - timedelta(hours=1)
        return calendar._count_working_minutes(company, past, now) > 0

    def _watch_refused(self):
        if not self._is_mostly_refused():
            self.refused_alert_date = False
            self._close_alarms()
        elif not self.refused_alert_date:
            self.refused_alert_date = fields.Datetime.now()
            self._alert_owner(
                REFUSALS,
                lambda env: env._(
                    "%(connection)s: messages refused in 7 days: %(count)s, that is "
                    "%(share)s %%",
                    connection=self.name,
                    count=self.refused_count,
                    share=round(self.refused_rate * 100),
                ),
            )

    def _alert_owner(self, type_xmlid, get_summary, **values):
        """Give the client's owner an activity, which opens the connection."""
        # sudo: whoever sees a connection need not see its client
        connection = self.sudo()
        connection.client_id._schedule_activity(
            type_xmlid, get_summary, is_one_of_many=True, record=connection, **values
        )

    def _close_alarms(self):
        """Close the activities about messages that did not become leads, once nothing
        keeps messages from it, with superuser rights."""
        if not self.activity_search([REFUSALS]):
            return
        kept = Domain("connection_id", "=", self.id) & Domain("is_test", "=", False)
        kept &= Domain("state", "in", ("refused", *WAITING))
        messages = self.env["crm.lead.api.message"]
        if self.is_fetching_stopped or messages.search_count(kept, limit=1):
            return
        self.refused_alert_date = False
        self.activity_unlink([REFUSALS])
