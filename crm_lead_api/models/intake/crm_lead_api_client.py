# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ...tools.mail_queue import QUEUE_CONTEXT
from ...tools.mode import QUIET_CONTEXT, TEST_CONTEXT


class CrmLeadApiClient(models.Model):
    """Choose what comes with the new leads of a client: the language of customers, the
    time in which staff call, whether staff are told, and whether answers warn."""

    _inherit = "crm.lead.api.client"

    customer_lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language of Customers",
        help="New contacts get this language, or else the language of the company.",
    )
    is_quiet = fields.Boolean(
        "Quiet",
        tracking=True,
        help="For imports: new leads come without creation notes, assignment notices "
        "and planned calls.",
    )
    plans_call = fields.Boolean(
        "Plan a Call",
        default=True,
        tracking=True,
        help="Each new lead gets a call for its salesperson to do.",
    )
    call_minutes = fields.Integer(
        "Call Within",
        default=15,
        tracking=True,
        help="In working minutes, by the working hours of the salesperson or else of "
        "the company.",
    )
    has_warnings = fields.Boolean(
        "Warnings in Answers",
        tracking=True,
        help="The answer to a lead also has “warnings”, as a dry run has: ignored "
        "attributes, an unknown agent, a text that is no phone number, other contacts "
        "that match. For systems that cannot read an answer's headers.",
    )

    _call_minutes_positive = models.Constraint(
        "CHECK(call_minutes >= 0)", "The minutes until a call cannot be less than 0."
    )

    def _get_request_env(self, is_test):
        """Return an environment like that of a request of the client."""
        env = self.env(user=self.user_id.id, context={}, su=False)
        context = self._get_request_context(is_test)
        return env(context={**env.user.context_get(), **context})

    def _get_request_context(self, is_test):
        """Return Odoo's context of a request, besides that of the client's user."""
        self.ensure_one()
        return {
            **QUEUE_CONTEXT,
            **(TEST_CONTEXT if is_test else {}),
            **(QUIET_CONTEXT if self.is_quiet else {}),
        }
