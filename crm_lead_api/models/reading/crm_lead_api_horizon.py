# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.transaction import NO_WAIT, count_at_once

LONGEST_READ = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(minutes=5)
INTERVAL = timedelta(seconds=1)
MAX_LAG = timedelta(minutes=1)
# The clocks of Odoo's servers, which date what the log has, may differ so much.
MAX_SKEW = timedelta(minutes=1)
MAX_NEWS = 1000
NOW = SQL("clock_timestamp() AT TIME ZONE 'utc'")
IS_DUE = SQL("date <= %s - %s", NOW, INTERVAL)


class CrmLeadApiHorizon(models.Model):
    """Know what a replica of the database has, by the horizon: all transactions that
    began before it.

    The primary writes the horizon into the only row, at most once a second: the
    beginning of its oldest open transaction. A replica makes transactions visible in
    the order in which the primary committed them. So a replica that shows a horizon has
    all transactions that began earlier, however far it is behind.

    What a client did later is known one by one: each request that writes, and each
    event for the client, leaves a row in its own transaction. A replica that has these
    rows has what the client wrote, and what the client was told.
    """

    _name = "crm.lead.api.horizon"
    _description = "Lead API Horizon"
    _log_access = False

    # Both of the primary's clock, with microseconds
    date = fields.Datetime("Time", required=True)
    horizon = fields.Datetime(required=True)

    @api.model
    def _find(self) -> SQL:
        """Return the time before which all changes are committed. A change has the time
        at which its transaction began. A transaction that writes is waited for however
        long it works, unless it pauses for ``LONGEST_PAUSE``; one that has only read so
        far, for ``LONGEST_READ``."""
        return SQL(
            """
            SELECT LEAST(min(xact_start), clock_timestamp()) AT TIME ZONE 'utc'
              FROM pg_stat_activity
             WHERE datname = current_database()
               AND pid <> pg_backend_pid()
               AND backend_type = 'client backend'
               AND (
                   xact_start > clock_timestamp() - %s
                   OR backend_xid IS NOT NULL
                      AND (state = 'active' OR state_change > clock_timestamp() - %s)
               )
            """,
            LONGEST_READ,
            LONGEST_PAUSE,
        )

    @api.model
    def _read_arrived(self):
        """Return the horizon that a replica shows, and whether the replica is behind
        by less than ``MAX_LAG``; or ``None`` and ``False``."""
        rows = self.env.execute_query(
            SQL(
                "SELECT horizon, date > %s - %s FROM crm_lead_api_horizon", NOW, MAX_LAG
            )
        )
        return rows[0] if rows else (None, False)

    @api.model
    def _write_current(self):
        """Write the horizon, in a transaction of its own, on the primary."""
        query = SQL(
            """
            INSERT INTO crm_lead_api_horizon AS kept (id, date, horizon)
                 SELECT 1, %(now)s, (%(horizon)s) FROM %(no_wait)s
                  WHERE NOT EXISTS (
                            SELECT FROM crm_lead_api_horizon WHERE NOT %(is_due)s
                        )
            ON CONFLICT (id) DO UPDATE
                    SET date = EXCLUDED.date, horizon = EXCLUDED.horizon
            """,
            now=NOW,
            horizon=self._find(),
            no_wait=NO_WAIT,
            is_due=IS_DUE,
        )
        cr = self.env.cr
        count_at_once(self.env, lambda: cr.execute(query, log_exceptions=False))

    @api.model
    def _get_news_models(self) -> list[str]:
        """Return the models whose rows are written in the transaction of what a client
        did, or was told; each has the fields ``client_id`` and ``date``. An addon whose
        requests write without an entry in the log adds a model."""
        return ["crm.lead.api.request", "crm.lead.api.event"]

    @api.model
    def _find_news(self, token, horizon) -> tuple[bool, dict[str, list[int]] | None]:
        """Find what a replica has to have besides what began before the horizon that it
        shows; as this model, the token is of the primary.

        :return: whether the horizon has to be written again; and ids of rows by model,
            or ``None`` if the replica lacks token or client as they are now, or knows
            other modules
        """
        ids = SQL(", ").join(
            SQL(
                """
                %(name)s,
                ARRAY(SELECT id FROM %(table)s
                       WHERE client_id = client.id AND date > %(since)s
                       LIMIT %(limit)s)
                """,
                name=name,
                table=SQL.identifier(self.env[name]._table),
                since=horizon - MAX_SKEW,
                limit=MAX_NEWS + 1,
            )
            for name in self._get_news_models()
        )
        query = SQL(
            """
            SELECT NOT EXISTS (SELECT FROM crm_lead_api_horizon WHERE NOT %(is_due)s),
                   CASE WHEN GREATEST(
                                 token.write_date, client.write_date, users.write_date,
                                 (SELECT max(write_date) FROM crm_lead_api_attribute
                                   WHERE client_id = client.id)
                             ) < %(horizon)s
                             AND token.date_revoked IS NULL
                             AND client.active AND client.is_paused IS NOT TRUE
                             AND users.active
                             AND %(modules)s = (
                                 SELECT max(id) FROM orm_signaling_registry
                             )
                        THEN jsonb_build_object(%(ids)s)
                   END
              FROM crm_lead_api_token AS token
              JOIN crm_lead_api_client AS client ON client.id = token.client_id
              JOIN res_users AS users ON users.id = client.user_id
             WHERE token.id = %(token_id)s
            """,
            is_due=IS_DUE,
            horizon=horizon,
            modules=self.env.registry.registry_sequence,
            ids=ids,
            token_id=token.id,
        )
        rows = self.env.execute_query(query)
        return rows[0] if rows else (False, None)  # the token is gone

    @api.model
    def _has(self, ids):
        """Tell whether a replica has rows, by model, and is able to tell."""
        ids = {name: each for name, each in ids.items() if each}
        if any(len(each) > MAX_NEWS for each in ids.values()):
            return False
        counts = SQL(", ").join(
            SQL(
                "(SELECT count(*) FROM %s WHERE id = ANY(%s))",
                SQL.identifier(self.env[name]._table),
                each,
            )
            for name, each in ids.items()
        )
        [found] = self.env.execute_query(SQL("SELECT %s", counts))
        return list(found) == [len(each) for each in ids.values()]
