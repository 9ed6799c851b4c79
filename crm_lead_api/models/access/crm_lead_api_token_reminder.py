# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

REMINDER_DAYS = (1, 7, 14)  # before a token ends


class CrmLeadApiToken(models.Model):
    """Remind the owner of a client that a token is about to end."""

    _inherit = "crm.lead.api.token"

    reminder_days = fields.Integer(
        readonly=True, help="The owner was told that the token ends in so many days."
    )

    @api.model
    def _remind_owners(self):
        """Remind the owners of clients of ending tokens, once at each of the
        ``REMINDER_DAYS``."""
        now = fields.Datetime.now()
        tokens = self.search(
            Domain("date_revoked", "=", False)
            & Domain("replaced_by_id", "=", False)
            & Domain("expiration_date", ">", now)
            & Domain("expiration_date", "<=", now + timedelta(days=REMINDER_DAYS[-1]))
            & Domain("client_id.active", "=", True)
        )
        for token in tokens:
            left = token.expiration_date - now
            days = next(days for days in REMINDER_DAYS if left <= timedelta(days=days))
            if not token.reminder_days or days < token.reminder_days:
                token.reminder_days = days
                token._remind_owner()

    def _remind_owner(self):
        # Without Odoo's own mail about the activity: our mail template says more.
        client = self.client_id.with_context(mail_activity_quick_update=True)
        client._schedule_activity(
            "crm_lead_api.mail_activity_type_token",
            lambda env: env._(
                "Token %(token)s ends on %(date)s",
                token=self.display_name,
                date=format_date(env, self.expiration_date),
            ),
            is_one_of_many=True,
            date_deadline=self.expiration_date.date(),
        )
        template = self.env.ref("crm_lead_api.mail_template_token")
        template.with_context(tz=client.owner_id.tz).send_mail(self.id)
