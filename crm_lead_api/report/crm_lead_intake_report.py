# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from ..models.lead.customer_profile_mixin import GENDERS


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
            *("active", "type", "won_status", "create_date", "company_id", "user_id"),
            *("team_id", "stage_id", "campaign_id", "source_id", "source_group_id"),
            *("agent_email", "lead_api_client_id", "state_id", "district_id", "gender"),
            *("service_amount", "ticket_ref", "is_lead_api_test"),
        ],
        "mail.message": ["model", "res_id", "date", "mail_activity_type_id"],
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
    company_id = fields.Many2one("res.company", readonly=True)
    stage_id = fields.Many2one("crm.stage", readonly=True)
    won_status = fields.Selection(
        [("won", "Won"), ("lost", "Lost"), ("pending", "Pending")],
        "Won or Lost",
        readonly=True,
    )
    state_id = fields.Many2one("res.country.state", readonly=True)
    district_id = fields.Many2one("res.country.district", readonly=True)
    gender = fields.Selection(GENDERS, readonly=True)
    company_currency = fields.Many2one(related="company_id.currency_id")
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
        "Hours to First Activity",
        readonly=True,
        aggregator="avg",
        help="The time from the lead's arrival to its first completed activity.",
    )

    def action_open_lead(self):
        """Open the lead's form."""
        return self.lead_id.get_formview_action()

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT lead.id,
                   lead.id AS lead_id,
                   lead.create_date,
                   lead.lead_api_client_id,
                   lead.source_group_id,
                   lead.source_id,
                   lead.campaign_id,
                   lead.agent_email,
                   lead.user_id,
                   lead.team_id,
                   lead.company_id,
                   lead.stage_id,
                   lead.won_status,
                   lead.state_id,
                   lead.district_id,
                   lead.gender,
                   lead.service_amount,
                   CASE lead.type WHEN 'opportunity' THEN 100 ELSE 0 END
                       AS opportunity_rate,
                   CASE lead.won_status WHEN 'won' THEN 100 ELSE 0 END AS won_rate,
                   EXTRACT(EPOCH FROM activity.date - lead.create_date) / 3600
                       AS hours_to_activity
              FROM crm_lead AS lead
              LEFT JOIN LATERAL (
                   SELECT MIN(message.date) AS date
                     FROM mail_message AS message
                    WHERE message.model = 'crm.lead'
                      AND message.res_id = lead.id
                      AND message.mail_activity_type_id IS NOT NULL
                      AND message.date >= lead.create_date
                   ) AS activity ON TRUE
             WHERE lead.is_lead_api_test IS NOT TRUE
            """
        )
