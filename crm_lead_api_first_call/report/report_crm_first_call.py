# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.crm_lead_api.tools.day import get_sql_zone

PERCENTILES = {"median": 0.5, "p90": 0.9}  # aggregators that only this report has


def _figure(label, aggregator):
    return fields.Float(label, readonly=True, aggregator=aggregator)


class ReportCrmFirstCall(models.Model):
    """Analyze how soon leads are called, with a row for each first call.

    The minutes are working minutes of the team, unless they are said to be of the
    clock.
    """

    _name = "report.crm.first.call"
    _description = "First Call Analysis"
    _auto = False
    _rec_name = "lead_id"
    _order = "date desc, id desc"
    _depends = {
        "crm.first.call": [
            *("lead_id", "team_id", "date", "user_id", "state", "recall_count"),
            *("given_date", "first_try_date", "contact_date"),
            *("minutes_to_give", "minutes_to_try", "minutes_to_contact"),
        ],
        "crm.lead": [
            *("user_id", "source_group_id", "source_id", "campaign_id", "company_id"),
            "won_status",
        ],
        "crm.team": ["company_id", "resource_calendar_id"],
        "res.company": ["resource_calendar_id"],
        "resource.calendar": ["tz"],
    }

    lead_id = fields.Many2one("crm.lead", readonly=True)
    date = fields.Datetime("Came In On", readonly=True)
    hour = fields.Selection(
        selection=[(f"{n:02}", f"{n:02}:00") for n in range(24)],
        readonly=True,
        help="Of the lead's arrival, in the time zone of the team's working hours.",
    )
    weekday = fields.Selection(
        [
            ("1", "Monday"),
            ("2", "Tuesday"),
            ("3", "Wednesday"),
            ("4", "Thursday"),
            ("5", "Friday"),
            ("6", "Saturday"),
            ("7", "Sunday"),
        ],
        readonly=True,
    )
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", "Who Calls", readonly=True)
    source_group_id = fields.Many2one("utm.source.group", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    company_id = fields.Many2one("res.company", "Branch", readonly=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("given", "To Be Called"), ("ended", "Ended")],
        readonly=True,
    )
    won_status = fields.Selection(
        [("won", "Won"), ("lost", "Lost"), ("pending", "Pending")],
        "Won or Lost",
        readonly=True,
    )
    speed = fields.Selection(
        [
            ("05", "Within 5 Minutes"),
            ("15", "Within 15 Minutes"),
            ("30", "Within 30 Minutes"),
            ("later", "Later"),
            ("never", "Never Called"),
        ],
        readonly=True,
        help="Working minutes to the first try.",
    )
    given_date = fields.Datetime("First Given", readonly=True)
    first_try_date = fields.Datetime("First Try", readonly=True)
    contact_date = fields.Datetime("First Contact", readonly=True)

    # Working minutes
    minutes_to_give = _figure("Working Minutes to Giving Out (Median)", "median")
    minutes_to_try = _figure("Working Minutes to First Try (Median)", "median")
    minutes_to_contact = _figure("Working Minutes to First Contact (Median)", "median")
    minutes_to_give_p90 = _figure("Working Minutes to Giving Out (90 %)", "p90")
    minutes_to_try_p90 = _figure("Working Minutes to First Try (90 %)", "p90")
    minutes_to_contact_p90 = _figure("Working Minutes to First Contact (90 %)", "p90")

    # Minutes of the clock
    clock_to_give = _figure("Clock Minutes to Giving Out (Median)", "median")
    clock_to_try = _figure("Clock Minutes to First Try (Median)", "median")
    clock_to_contact = _figure("Clock Minutes to First Contact (Median)", "median")

    # 100 or 0: the average is the share
    within_5 = _figure("Tried within 5 Working Minutes (%)", "avg")
    within_15 = _figure("Tried within 15 Working Minutes (%)", "avg")
    within_30 = _figure("Tried within 30 Working Minutes (%)", "avg")
    never_called_rate = _figure("Never Called (%)", "avg")
    recalled_rate = _figure("Recalled (%)", "avg")
    won_rate = _figure("Won (%)", "avg")
    recall_count = fields.Integer("Recalls", readonly=True)

    def _read_group_select(self, aggregate_spec, query):
        name, _colon, aggregator = aggregate_spec.partition(":")
        if part := PERCENTILES.get(aggregator):
            return SQL(
                "PERCENTILE_CONT(%s) WITHIN GROUP (ORDER BY %s)",
                part,
                self._field_to_sql(self._table, name, query),
            )
        return super()._read_group_select(aggregate_spec, query)

    def action_open_lead(self):
        return self.lead_id.get_formview_action()

    @property
    def _table_query(self):
        # A time that is not yet there has 0 minutes in the table of first calls.
        return SQL(
            """
            SELECT call.id,
                   call.lead_id,
                   call.date,
                   to_char(arrival.local, 'HH24') AS hour,
                   to_char(arrival.local, 'ID') AS weekday,
                   call.team_id,
                   COALESCE(call.user_id, lead.user_id) AS user_id,
                   lead.source_group_id,
                   lead.source_id,
                   lead.campaign_id,
                   lead.company_id,
                   call.state,
                   lead.won_status,
                   CASE WHEN minutes.try <= 5 THEN '05'
                        WHEN minutes.try <= 15 THEN '15'
                        WHEN minutes.try <= 30 THEN '30'
                        WHEN minutes.try IS NULL THEN 'never'
                        ELSE 'later'
                   END AS speed,
                   call.given_date,
                   call.first_try_date,
                   call.contact_date,
                   minutes.give AS minutes_to_give,
                   minutes.try AS minutes_to_try,
                   minutes.contact AS minutes_to_contact,
                   minutes.give AS minutes_to_give_p90,
                   minutes.try AS minutes_to_try_p90,
                   minutes.contact AS minutes_to_contact_p90,
                   EXTRACT(EPOCH FROM call.given_date - call.date)::float / 60
                       AS clock_to_give,
                   EXTRACT(EPOCH FROM call.first_try_date - call.date)::float / 60
                       AS clock_to_try,
                   EXTRACT(EPOCH FROM call.contact_date - call.date)::float / 60
                       AS clock_to_contact,
                   CASE WHEN minutes.try <= 5 THEN 100 ELSE 0 END AS within_5,
                   CASE WHEN minutes.try <= 15 THEN 100 ELSE 0 END AS within_15,
                   CASE WHEN minutes.try <= 30 THEN 100 ELSE 0 END AS within_30,
                   CASE WHEN minutes.try IS NULL THEN 100 ELSE 0 END
                       AS never_called_rate,
                   CASE WHEN call.recall_count > 0 THEN 100 ELSE 0 END AS recalled_rate,
                   CASE WHEN lead.won_status = 'won' THEN 100 ELSE 0 END AS won_rate,
                   call.recall_count
              FROM crm_first_call AS call
              JOIN crm_lead AS lead ON lead.id = call.lead_id
              LEFT JOIN crm_team AS team ON team.id = call.team_id
              LEFT JOIN res_company AS company
                     ON company.id = COALESCE(team.company_id, lead.company_id)
              LEFT JOIN resource_calendar AS calendar
                     ON calendar.id = COALESCE(
                        team.resource_calendar_id, company.resource_calendar_id
                     )
             CROSS JOIN LATERAL (
                   SELECT CASE WHEN call.given_date IS NOT NULL
                               THEN call.minutes_to_give END AS give,
                          CASE WHEN call.first_try_date IS NOT NULL
                               THEN call.minutes_to_try END AS try,
                          CASE WHEN call.contact_date IS NOT NULL
                               THEN call.minutes_to_contact END AS contact
                   ) AS minutes
             CROSS JOIN LATERAL (
                   SELECT timezone(%s, timezone('UTC', call.date)) AS local
                   ) AS arrival
            """,
            get_sql_zone(SQL("calendar.tz")),
        )
