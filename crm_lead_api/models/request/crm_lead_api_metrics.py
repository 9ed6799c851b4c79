# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter, defaultdict
from itertools import accumulate

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.day import to_utc

# The scheduled actions that the lead API needs
ACTIONS = ("ir_cron_send_events", "ir_cron_watch", "ir_cron_forget_payloads")
BUCKETS = (25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)  # milliseconds
# In the value of a label
ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


class CrmLeadApiMetrics(models.AbstractModel):
    """Render the figures of all clients for Prometheus.

    The figures are counted in the database, so that every worker process and server
    returns the same figures. Counters restart at midnight UTC, so that at most one day
    has to be counted; to Prometheus that looks like a restart of the server.
    """

    _name = "crm.lead.api.metrics"
    _description = "Lead API Metrics"

    def _render(self):
        """Return the figures in Prometheus' text format, version 0.0.4."""
        lines = []
        for name, (kind, description, samples) in self._collect().items():
            lines += [f"# HELP {name} {description}", f"# TYPE {name} {kind}"]
            for value, suffix, labels in samples:
                pairs = [f'{k}="{v.translate(ESCAPES)}"' for k, v in labels.items()]
                text = f"{{{','.join(pairs)}}}" if pairs else ""
                lines.append(f"{name}{suffix}{text} {float(value)}")
        return "\n".join([*lines, ""])

    def _collect(self):
        """Return kind, description and samples of each figure, by name; of a sample the
        value, what follows the name, and the labels."""
        midnight = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        requests, durations = self._collect_requests(midnight)
        [(refused,)] = self.env["crm.lead.api.refusal"]._read_group(
            Domain("hour", ">=", midnight), aggregates=["calls:sum"]
        )
        is_live = Domain("is_test", "=", False)
        events = [
            ({"client": client.user_id.login}, count, date)
            for client, count, date in self.env["crm.lead.api.event"]._read_group(
                is_live & Domain("state", "=", "waiting"),
                ["client_id"],
                ["__count", "date:min"],
            )
        ]
        stopped = self._find_stopped_actions()
        is_valid = is_live & Domain("date_revoked", "=", False)
        is_valid &= Domain("client_id.active", "=", True)
        tokens = self.env["crm.lead.api.token"]._read_group(
            is_valid, ["client_id"], ["expiration_date:max"]
        )
        return {
            "crm_lead_api_calls_total": (
                "counter",
                "Requests with a valid token since midnight UTC, reads left out",
                requests,
            ),
            "crm_lead_api_call_duration_seconds": (
                "histogram",
                "How long they took",
                durations,
            ),
            "crm_lead_api_refusals_total": (
                "counter",
                "Requests without a valid token since midnight UTC",
                [(refused or 0, "", {})],
            ),
            "crm_lead_api_events_waiting": (
                "gauge",
                "Events that are still to be sent",
                [(count, "", labels) for labels, count, _date in events],
            ),
            "crm_lead_api_oldest_event_timestamp_seconds": (
                "gauge",
                "When the oldest of them happened",
                [(to_utc(date).timestamp(), "", labels) for labels, _, date in events],
            ),
            "crm_lead_api_action_active": (
                "gauge",
                "1: the scheduled action is there and active",
                [(name not in stopped, "", {"action": name}) for name in ACTIONS],
            ),
            "crm_lead_api_token_expiry_timestamp_seconds": (
                "gauge",
                "When the client's last valid token ends",
                [
                    (to_utc(date).timestamp(), "", {"client": client.user_id.login})
                    for client, date in tokens
                ],
            ),
        }

    def _collect_requests(self, since):
        counts, buckets, sums = Counter(), defaultdict(Counter), Counter()
        rows = self._count_requests(since)
        for client, status, outcome, bucket, count, total in rows:
            counts[client, str(status), outcome] += count
            buckets[client][bucket] += count
            sums[client] += total / 1000
        requests = [
            (count, "", {"client": client, "outcome": outcome, "status": status})
            for (client, status, outcome), count in sorted(counts.items())
        ]
        bounds, durations = [*(str(bucket / 1000) for bucket in BUCKETS), "+Inf"], []
        for client, found in sorted(buckets.items()):
            labels = {"client": client}
            totals = accumulate(found[number] for number in range(len(bounds)))
            for bound, total in zip(bounds, totals, strict=True):
                durations.append((total, "_bucket", {**labels, "le": bound}))
            durations.append((found.total(), "_count", labels))
            durations.append((sums[client], "_sum", labels))
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

    def _find_stopped_actions(self):
        """Return the missing actions, and those that Odoo has archived for failures."""
        active = self.env["ir.model.data"].search_fetch(
            Domain("module", "=", "crm_lead_api")
            & Domain("model", "=", "ir.cron")
            & Domain("res_id", "in", self.env["ir.cron"]._search(Domain.TRUE)),
            ["name"],
        )
        return sorted(set(ACTIONS) - set(active.mapped("name")))
