# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timezone
from itertools import accumulate

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_lead_api_health import ACTIONS

BUCKETS = (25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)  # milliseconds
# In the value of a label
ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


@dataclass
class Family:
    """Collect the samples of a figure, and render them in Prometheus' text format.

    :param kind: ``counter``, ``gauge`` or ``histogram``
    :param help_text: a line without backslashes
    """

    name: str
    kind: str
    help_text: str
    samples: list[str] = field(default_factory=list)

    def add(self, value: float, suffix: str = "", **labels: str) -> None:
        """Add a sample.

        :param suffix: of the name, such as ``_bucket``
        """
        pairs = [f'{key}="{text.translate(ESCAPES)}"' for key, text in labels.items()]
        text = f"{{{','.join(pairs)}}}" if pairs else ""
        self.samples.append(f"{self.name}{suffix}{text} {float(value)}")

    def render(self) -> Iterator[str]:
        yield f"# HELP {self.name} {self.help_text}"
        yield f"# TYPE {self.name} {self.kind}"
        yield from self.samples


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
        """Return the figures in Prometheus' text format, version 0.0.4."""
        lines = [line for family in self._collect() for line in family.render()]
        return "\n".join([*lines, ""])

    def _collect(self):
        midnight = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        yield from self._collect_requests(midnight)
        yield self._collect_refusals(midnight)
        yield from self._collect_events()
        yield from self._collect_follow_ups()
        yield self._collect_tokens()

    def _collect_requests(self, since):
        requests = Family(
            "crm_lead_api_calls_total",
            "counter",
            "Requests with a valid token since midnight UTC, reads left out",
        )
        durations = Family(
            "crm_lead_api_call_duration_seconds", "histogram", "How long they took"
        )
        counts, buckets, sums = Counter(), defaultdict(Counter), Counter()
        rows = self._count_requests(since)
        for client, status, outcome, bucket, count, total in rows:
            counts[client, str(status), outcome] += count
            buckets[client][bucket] += count
            sums[client] += total / 1000
        for (client, status, outcome), count in sorted(counts.items()):
            requests.add(count, client=client, outcome=outcome, status=status)
        bounds = [*(str(bucket / 1000) for bucket in BUCKETS), "+Inf"]
        for client, found in sorted(buckets.items()):
            totals = accumulate(found[number] for number in range(len(bounds)))
            for bound, total in zip(bounds, totals, strict=True):
                durations.add(total, "_bucket", client=client, le=bound)
            durations.add(found.total(), "_count", client=client)
            durations.add(sums[client], "_sum", client=client)
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
        family = Family(
            "crm_lead_api_refusals_total",
            "counter",
            "Requests without a valid token since midnight UTC",
        )
        family.add(requests or 0)
        return family

    def _collect_events(self):
        waiting = Family(
            "crm_lead_api_events_waiting", "gauge", "Events that are still to be sent"
        )
        oldest = Family(
            "crm_lead_api_oldest_event_timestamp_seconds",
            "gauge",
            "When the oldest of them happened",
        )
        for client, count, date in self.env["crm.lead.api.event"]._read_group(
            Domain("state", "=", "waiting"),
            ["client_id"],
            ["__count", "date:min"],
        ):
            waiting.add(count, client=client.user_id.login)
            oldest.add(_get_timestamp(date), client=client.user_id.login)
        return waiting, oldest

    def _collect_follow_ups(self):
        health = self.env["crm.lead.api.health"]
        count, date = health._find_backlog()
        waiting = Family(
            "crm_lead_api_follow_ups_waiting",
            "gauge",
            "Notes, notices and scores that are still to be made",
        )
        waiting.add(count)
        oldest = Family(
            "crm_lead_api_oldest_follow_up_timestamp_seconds",
            "gauge",
            "Since when the oldest of them waits",
        )
        if date:
            oldest.add(_get_timestamp(date))
        failed = Family(
            "crm_lead_api_follow_ups_failed",
            "gauge",
            "Notes, notices and scores that are not tried again",
        )
        failed.add(
            self.env["crm.lead.api.follow.up"].search_count([("is_failed", "=", True)])
        )
        actions = Family(
            "crm_lead_api_action_active",
            "gauge",
            "1: the scheduled action is there and active",
        )
        stopped = health._find_stopped_actions()
        for name in ACTIONS:
            actions.add(int(name not in stopped), action=name)
        return waiting, oldest, failed, actions

    def _collect_tokens(self):
        family = Family(
            "crm_lead_api_token_expiry_timestamp_seconds",
            "gauge",
            "When the client's last valid token ends",
        )
        for client, date in self.env["crm.lead.api.token"]._read_group(
            Domain("date_revoked", "=", False) & Domain("client_id.active", "=", True),
            ["client_id"],
            ["expiration_date:max"],
        ):
            family.add(_get_timestamp(date), client=client.user_id.login)
        return family


def _get_timestamp(date):
    return date.replace(tzinfo=timezone.utc).timestamp()
