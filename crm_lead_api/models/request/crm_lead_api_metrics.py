# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter, defaultdict
from datetime import timezone
from itertools import accumulate
from types import SimpleNamespace

from prometheus_client import generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_lead_api_health import ACTIONS

BUCKETS = (25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)  # milliseconds


class CrmLeadApiMetrics(models.AbstractModel):
    """Render the figures of all clients for Prometheus.

    The figures are counted in the database, so that every worker process and server
    returns the same figures. Counters restart at midnight UTC, so that at most one day
    has to be counted; to Prometheus that looks like a restart of the server.
    """

    _name = "crm.lead.api.metrics"
    _description = "Lead API Metrics"

    @api.model
    def _render(self):
        """Return the figures in Prometheus' text format, as bytes."""
        return generate_latest(SimpleNamespace(collect=self._collect))

    def _collect(self):
        midnight = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        yield from self._collect_requests(midnight)
        yield self._collect_refusals(midnight)
        yield from self._collect_events()
        yield from self._collect_follow_ups()
        yield self._collect_tokens()

    def _collect_requests(self, since):
        requests = CounterMetricFamily(
            "crm_lead_api_calls",
            "Requests with a valid token since midnight UTC, reads left out",
            labels=["client", "status", "outcome"],
        )
        durations = HistogramMetricFamily(
            "crm_lead_api_call_duration_seconds",
            "How long they took",
            labels=["client"],
        )
        counts, buckets, sums = Counter(), defaultdict(Counter), Counter()
        rows = self._count_requests(since)
        for client, status, outcome, bucket, count, total in rows:
            counts[client, str(status), outcome] += count
            buckets[client][bucket] += count
            sums[client] += total / 1000
        for labels, count in sorted(counts.items()):
            requests.add_metric(labels, count)
        bounds = [*(str(bucket / 1000) for bucket in BUCKETS), "+Inf"]
        for client, found in sorted(buckets.items()):
            totals = accumulate(found[number] for number in range(len(bounds)))
            durations.add_metric(
                [client], list(zip(bounds, totals, strict=True)), sums[client]
            )
        return requests, durations

    def _count_requests(self, since):
        # Prometheus' bucket up to 0.1 s includes an entry of exactly 100 ms, hence - 1.
        return self.env.execute_query(
            SQL(
                """
                SELECT users.login, request.status,
                       CASE WHEN request.status <> 200 THEN 'error'
                            WHEN request.is_replayed THEN 'replay'
                            WHEN request.state = 'dry_run' THEN 'dry_run'
                            WHEN request.kind = 'create' THEN 'lead'
                            ELSE request.kind END AS outcome,
                       width_bucket(COALESCE(request.duration, 0) - 1, %s) AS bucket,
                       count(*), COALESCE(sum(request.duration), 0)
                  FROM crm_lead_api_request AS request
                  JOIN crm_lead_api_client AS client ON client.id = request.client_id
                  JOIN res_users AS users ON users.id = client.user_id
                 WHERE request.date >= %s AND request.is_test IS NOT TRUE
                 GROUP BY users.login, request.status, outcome, bucket
                """,
                list(BUCKETS),
                since,
            )
        )

    def _collect_refusals(self, since):
        [(requests,)] = self.env["crm.lead.api.refusal"]._read_group(
            Domain("hour", ">=", since), aggregates=["calls:sum"]
        )
        return CounterMetricFamily(
            "crm_lead_api_refusals",
            "Requests without a valid token since midnight UTC",
            requests or 0,
        )

    def _collect_events(self):
        waiting = GaugeMetricFamily(
            "crm_lead_api_events_waiting",
            "Events that are still to be sent",
            labels=["client"],
        )
        oldest = GaugeMetricFamily(
            "crm_lead_api_oldest_event_timestamp_seconds",
            "When the oldest of them happened",
            labels=["client"],
        )
        for client, count, date in self.env["crm.lead.api.event"]._read_group(
            Domain("state", "=", "waiting"),
            ["client_id"],
            ["__count", "date:min"],
        ):
            waiting.add_metric([client.user_id.login], count)
            oldest.add_metric([client.user_id.login], _get_timestamp(date))
        return waiting, oldest

    def _collect_follow_ups(self):
        health = self.env["crm.lead.api.health"]
        count, date = health._find_backlog()
        yield GaugeMetricFamily(
            "crm_lead_api_follow_ups_waiting",
            "Notes, notices and scores that are still to be made",
            count,
        )
        oldest = GaugeMetricFamily(
            "crm_lead_api_oldest_follow_up_timestamp_seconds",
            "Since when the oldest of them waits",
        )
        if date:
            oldest.add_metric([], _get_timestamp(date))
        yield oldest
        yield GaugeMetricFamily(
            "crm_lead_api_follow_ups_failed",
            "Notes, notices and scores that are not tried again",
            self.env["crm.lead.api.follow.up"].search_count([("is_failed", "=", True)]),
        )
        actions = GaugeMetricFamily(
            "crm_lead_api_action_active",
            "1: the scheduled action is there and active",
            labels=["action"],
        )
        stopped = health._find_stopped_actions()
        for name in ACTIONS:
            actions.add_metric([name], int(name not in stopped))
        yield actions

    def _collect_tokens(self):
        family = GaugeMetricFamily(
            "crm_lead_api_token_expiry_timestamp_seconds",
            "When the client's last valid token ends",
            labels=["client"],
        )
        for client, date in self.env["crm.lead.api.token"]._read_group(
            Domain("date_revoked", "=", False) & Domain("client_id.active", "=", True),
            ["client_id"],
            ["expiration_date:max"],
        ):
            family.add_metric([client.user_id.login], _get_timestamp(date))
        return family


def _get_timestamp(date):
    return date.replace(tzinfo=timezone.utc).timestamp()
