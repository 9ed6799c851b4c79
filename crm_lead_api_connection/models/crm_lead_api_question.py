# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

MAX_NAME = 255  # characters of a question
MAX_QUESTIONS = 200  # of a connection that are kept until somebody maps them


class CrmLeadApiQuestion(models.Model):
    """List a question of a form that nobody has mapped yet."""

    _name = "crm.lead.api.question"
    _description = "Question Not Mapped Yet"
    _order = "connection_id, last_date desc, id"
    _log_access = False
    _has_texts_of_clients = True

    connection_id = fields.Many2one(
        "crm.lead.api.connection", required=True, ondelete="cascade"
    )
    name = fields.Char("Question", required=True)
    label = fields.Char(help="The question as the customer reads it.")
    example = fields.Char("Last Answer")
    count = fields.Integer("Messages", required=True)
    last_date = fields.Datetime("Last Message", required=True)

    _name_unique = models.UniqueIndex("(connection_id, name)")

    @api.model
    def _keep(self, message, answers, labels):
        """Keep the questions of a message that are not mapped, with the answers. A test
        is not counted, and no message a second time. Texts that are too long for a
        question are none."""
        connection = message.connection_id
        answers = {name: answers[name] for name in answers if len(name) <= MAX_NAME}
        if not answers:
            return
        room = MAX_QUESTIONS - self.search_count(
            [("connection_id", "=", connection.id), ("name", "not in", list(answers))]
        )
        rows = SQL(", ").join(
            SQL(
                "(%s, %s, %s, %s, %s, %s)",
                *(connection.id, name, labels.get(name) or None, answers[name][:255]),
                *(0 if message.is_test else 1, fields.Datetime.now()),
            )
            for name in sorted(answers)[: max(room, 0)]
        )
        if not rows.code:
            return
        self.env.execute_query(
            SQL(
                """
                INSERT INTO crm_lead_api_question AS known
                            (connection_id, name, label, example, count, last_date)
                     VALUES %s
                ON CONFLICT (connection_id, name) DO UPDATE
                        SET count = known.count + CASE
                                WHEN EXCLUDED.name = ANY(%s) THEN 0
                                ELSE EXCLUDED.count
                            END,
                            label = COALESCE(EXCLUDED.label, known.label),
                            example = EXCLUDED.example,
                            last_date = EXCLUDED.last_date
                  RETURNING id
                """,
                rows,
                message.questions or [],
            )
        )
        self.invalidate_model()
