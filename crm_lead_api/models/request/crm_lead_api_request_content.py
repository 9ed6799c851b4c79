# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.json_body import to_json

BATCH = 1_000  # entries whose content is erased at once


class CrmLeadApiRequest(models.Model):
    """Show the values that requests have changed, and erase the content of old
    requests, which has personal data."""

    _inherit = "crm.lead.api.request"

    changes = fields.Json(
        "Values Before and After", help="Values of the lead before and after a change."
    )
    changes_text = fields.Text("Changes", compute="_compute_changes_text")

    @api.depends("changes")
    def _compute_changes_text(self):
        for entry in self:
            changes = entry.changes or {}
            entry.changes_text = "\n".join(
                f"{name}: {to_json(before)} → {to_json(after)}"
                for name, (before, after) in changes.items()
            )

    @api.model
    def _cron_forget_payloads(self):
        """Erase the content of old requests; the figures stay."""
        days = self.env["ir.config_parameter"]._get_lead_api_int("payload_days")
        oldest = fields.Datetime.now() - timedelta(days=days)
        domain = Domain("date", "<", oldest) & Domain("payload", "!=", False)
        while entries := self.search(domain, limit=BATCH, order="date"):
            entries._forget_payload()
            is_full = len(entries) == BATCH
            left = self.env["ir.cron"]._commit_progress(
                len(entries), remaining=int(is_full)
            )
            if not left:
                break

    def _forget_payload(self):
        self._get_answers()._forget_content()
        self.write(
            dict.fromkeys(
                [
                    *("payload", "answer", "ignored_fields", "idempotency_key"),
                    *("ticket_ref", "name", "email", "phones", "request_ref"),
                    *("changes", "route"),  # a route may have the ticket
                ],
                False,
            )
        )

    @api.ondelete(at_uninstall=False)
    def _forget_answers(self):
        """Delete the kept answers of the entries, which have the same personal data."""
        self._get_answers().unlink()

    def _get_answers(self):
        """Return the kept answers of the entries, with superuser rights."""
        # sudo: users may not access kept answers
        answers = self.env["crm.lead.api.answer"].sudo()
        return answers.search([("request_id", "in", self.ids)])
