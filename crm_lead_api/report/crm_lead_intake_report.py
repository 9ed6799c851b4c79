# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..models.lead.crm_lead_call import FAST
from ..models.lead.customer_profile_mixin import GENDERS

GROUPS = ("source_id", "campaign_id", "agent_email", "user_id", "company_id")
MAX_ROWS = 20  # of a group
# Fields that are those of the lead
COLUMNS = [
    *("create_date", "lead_api_client_id", "source_group_id", "source_id"),
    *("campaign_id", "agent_email", "user_id", "team_id", "company_id", "stage_id"),
    *("won_status", "date_closed", "state_id", "district_id", "gender"),
    "service_amount",
]


class CrmLeadIntakeReport(models.Model):
    """Analyze the outcome of the leads that came in, with a row for each lead."""

    _name = "crm.lead.intake.report"
    _description = "Lead Intake Analysis"
    _auto = False
    _rec_name = "lead_id"
    _order = "create_date desc, id desc"
    _has_texts_of_clients = True
    _depends = {
        "crm.lead": [
            *("active", "type", "ticket_ref", "is_lead_api_test", *COLUMNS),
            *("first_contact_date", "is_contacted_fast", "expected_revenue"),
        ],
        "mail.message": ["model", "res_id", "date", "mail_activity_type_id"],
        "res.company": ["currency_id"],
    }

    lead_id = fields.Many2one("crm.lead", readonly=True)
    create_date = fields.Datetime("Came In On", readonly=True)
    lead_api_client_id = fields.Many2one("crm.lead.api.client", readonly=True)
    source_group_id = fields.Many2one("utm.source.group", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    agent_email = fields.Char("Agent", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", "Branch", readonly=True)
    stage_id = fields.Many2one("crm.stage", readonly=True)
    won_status = fields.Selection(
        [("won", "Won"), ("lost", "Lost"), ("pending", "Pending")],
        "Won or Lost",
        readonly=True,
    )
    date_closed = fields.Datetime("Closed On", readonly=True)
    state_id = fields.Many2one("res.country.state", readonly=True)
    district_id = fields.Many2one("res.country.district", readonly=True)
    gender = fields.Selection(GENDERS, readonly=True)
    company_currency = fields.Many2one("res.currency", "Currency", readonly=True)
    service_amount = fields.Monetary(
        "Services Total", readonly=True, currency_field="company_currency"
    )
    opportunity_rate = fields.Float(
        "Became Opportunities (%)",
        readonly=True,
        aggregator="avg",
        help="100 if converted, otherwise 0; the average is the conversion rate.",
    )
    won_rate = fields.Float(
        "Won (%)",
        readonly=True,
        aggregator="avg",
        help="100 if won, otherwise 0; the average is the win rate.",
    )
    hours_to_activity = fields.Float(
        "Clock Hours to First Activity",
        readonly=True,
        aggregator="avg",
        help="The time by the clock, nights included, from the lead's arrival to its "
        "first completed activity.",
    )

    # The funnel: 1 for a lead that came so far, otherwise 0
    contacted = fields.Integer(readonly=True)
    won = fields.Integer(readonly=True)
    is_fast = fields.Integer(
        "Contacted within 15 Working Minutes",
        readonly=True,
        help="1 if the first contact was within 15 working minutes of the lead's "
        "arrival, by the working hours of the salesperson.",
    )
    won_amount = fields.Monetary(
        "Revenue",
        readonly=True,
        currency_field="company_currency",
        help="The expected revenue of leads that were won.",
    )

    @api.model
    @api.readonly
    def get_funnel(self, start, days, group) -> dict:
        """Return how far the leads of a period came, against the period before, and
        what each source, campaign, agent, salesperson or branch has in it. The period
        begins in UTC and ends now; the one before lies as many days further back."""
        if group not in GROUPS:
            raise ValueError(group)
        start, end = fields.Datetime.to_datetime(start), fields.Datetime.now()
        shift = timedelta(days=days)
        present = Domain("create_date", ">=", start)
        before = Domain("create_date", ">=", start - shift)
        before &= Domain("create_date", "<", end - shift)
        names = [*self._get_steps(), "is_fast", "won_amount"]
        sums = [f"{name}:sum" for name in names[:-1]]
        # Odoo converts amounts to the currency of the current company.
        aggregates = ["__count", *sums, "won_amount:sum_currency"]
        [now] = self._read_group(present, [], aggregates)
        [then] = self._read_group(before, [], aggregates)
        figures = [
            {
                "name": name,
                "label": self._get_label(name) if name else self.env._("Leads"),
                "value": value or 0,
                "before": old or 0,
            }
            for name, value, old in zip(["", *names], now, then, strict=True)
        ]
        groups = self._read_group(
            present, [group], aggregates, limit=MAX_ROWS, order="__count DESC"
        )
        names = {}
        if group == "agent_email":
            emails = [email for email, *_values in groups if email]
            agents = self.env["crm.lead"]._find_agents(emails, self.env.companies)
            names = {
                email: agent.name
                for email, agent in zip(emails, agents, strict=True)
                if agents.count(agent) == 1  # else who has two looks like two
            }
        rows = [
            (
                names.get(key)
                or getattr(key, "display_name", key)
                or self.env._("None"),
                [[group, "=", getattr(key, "id", key) or False]],
                values,
            )
            for key, *values in groups
        ]
        if len(rows) == MAX_ROWS:
            others = [[group, "not in", [domain[0][2] for _label, domain, _v in rows]]]
            [values] = self._read_group(present & Domain(others), [], aggregates)
            rows += [(self.env._("Others"), others, values)] if values[0] else []
        return {
            "figures": figures,
            "groups": [[name, self._get_label(name)] for name in GROUPS],
            "currency": self.env.company.currency_id.id,
            "rows": [
                {
                    "label": label,
                    "domain": domain,
                    "values": [value or 0 for value in values],
                }
                for label, domain, values in rows
            ],
        }

    @api.model
    @api.readonly
    def get_late_before(self):
        """Return when the leads came in, in UTC, that are late if nobody has contacted
        them, by the working hours of the user's company."""
        company = self.env.company.sudo()  # staff may not read other working hours
        calendar, now = company.resource_calendar_id, fields.Datetime.now()
        return calendar._add_working_minutes(company, now, -FAST)

    @api.model
    def _get_steps(self):
        """Return the fields of the funnel, in their order; other addons add theirs."""
        return ["contacted", "won"]

    @api.model
    def _prepare_steps(self):
        """Return the SQL that tells how far a lead came, by field."""
        return {
            "contacted": SQL(
                "(lead.first_contact_date IS NOT NULL OR lead.won_status = 'won')"
            ),
            "won": SQL("lead.won_status = 'won'"),
            # Nobody has counted the working minutes of contacts before 19.0.8.2.
            "is_fast": SQL(
                "COALESCE(lead.is_contacted_fast,"
                " lead.first_contact_date <= lead.create_date + %s)",
                timedelta(minutes=FAST),
            ),
        }

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Return the SQL of an aggregate. Odoo divides amounts by the rates of their
        currencies; the rate of the current company's currency is not always 1."""
        total = super()._read_group_select(aggregate_spec, query)
        if not aggregate_spec.endswith(":sum_currency"):
            return total
        company, today = self.env.company, fields.Date.context_today(self)
        [rate] = company.currency_id._get_rates(company, today).values()
        return SQL("%s * %s", total, rate)

    @api.model
    def _get_label(self, name):
        return self._fields[name]._description_string(self.env)

    def action_open_lead(self):
        return self.lead_id.get_formview_action()

    @property
    def _table_query(self):
        columns = [SQL.identifier("lead", name) for name in COLUMNS]
        columns += [
            SQL("CASE WHEN %s THEN 1 ELSE 0 END AS %s", reached, SQL.identifier(name))
            for name, reached in self._prepare_steps().items()
        ]
        return SQL(
            """
            SELECT lead.id,
                   lead.id AS lead_id,
                   CASE lead.type WHEN 'opportunity' THEN 100 ELSE 0 END
                       AS opportunity_rate,
                   CASE lead.won_status WHEN 'won' THEN 100 ELSE 0 END AS won_rate,
                   EXTRACT(EPOCH FROM activity.date - lead.create_date) / 3600
                       AS hours_to_activity,
                   CASE lead.won_status WHEN 'won' THEN lead.expected_revenue ELSE 0 END
                       AS won_amount,
                   company.currency_id AS company_currency,
                   %s
              FROM crm_lead AS lead
              JOIN res_company AS company ON company.id = COALESCE(lead.company_id, %s)
              LEFT JOIN LATERAL (
                   SELECT MIN(message.date) AS date
                     FROM mail_message AS message
                    WHERE message.model = 'crm.lead'
                      AND message.res_id = lead.id
                      AND message.mail_activity_type_id IS NOT NULL
                      AND message.date >= lead.create_date
                   ) AS activity ON TRUE
             WHERE lead.is_lead_api_test IS NOT TRUE
            """,
            SQL(", ").join(columns),
            self.env.company.id,
        )
