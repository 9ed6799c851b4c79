# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Domain

from ..tools.domain import count_of
from ..tools.mode import ALL, MODE, is_in_test_mode
from ..tools.transaction import savepoint


class CrmLeadApiTestMixin(models.AbstractModel):
    """Mark the records that requests with a test token make, and hide them.

    A test record is hidden as an archived record is: a search, list, figure or report
    has test records only if its domain names ``is_lead_api_test``.
    """

    _name = "crm.lead.api.test.mixin"
    _description = "Lead API Test Record"

    is_lead_api_test = fields.Boolean(
        "Test",
        default=lambda self: is_in_test_mode(self.env),
        readonly=True,
        copy=False,
        help="Made by a request with a test token. Hidden from lists and figures, and "
        "deleted after some days.",
    )

    @api.model
    def _search(self, domain, *args, active_test=True, **kwargs):
        """Search live records or, in the test mode, test records. Odoo passes
        ``active_test=False`` when it reads known records, or looks behind a
        relation."""
        if active_test:
            domain = Domain(domain)
            names = {each.field_expr for each in domain.iter_conditions()}
            if "is_lead_api_test" not in names and self.env.context.get(MODE) != ALL:
                domain &= Domain("is_lead_api_test", "=", is_in_test_mode(self.env))
        return super()._search(domain, *args, active_test=active_test, **kwargs)

    def _with_tests_of(self, records):
        """Return the model, to be searched for tests, too, if the records are tests."""
        if any(record.is_lead_api_test for record in records):
            return self.with_context(**{MODE: ALL})
        return self

    def _count_of(self, records, name, domain=Domain.TRUE) -> dict:
        """Return how many records link to each of some others, tests of tests."""
        return count_of(self._with_tests_of(records), records, name, domain)

    def _delete_tests(self):
        """Delete test records, and return how many, except records that another record
        needs, such as the contact of an order."""
        try:
            with savepoint(self.env.cr):
                self.unlink()
            return len(self)
        except (IntegrityError, UserError, RedirectWarning):
            if len(self) == 1:
                return 0
        return sum(record._delete_tests() for record in self)


class ResPartner(models.Model):
    """Keep test contacts that live leads have: duplicates of tests, for example."""

    _inherit = "res.partner"

    def _delete_tests(self):
        # Live ones: the deletion of a contact would only empty their link.
        leads = self.env["crm.lead"].search(
            [
                ("partner_id", "in", self.ids),
                ("is_lead_api_test", "=", False),
                ("active", "in", [True, False]),
            ]
        )
        return super(ResPartner, self - leads.partner_id)._delete_tests()


class CrmActivityReport(models.Model):
    """Leave the activities of test leads out of Odoo's own report."""

    _inherit = "crm.activity.report"

    @api.model
    def _search(self, domain, *args, **kwargs):
        domain = Domain(domain) & Domain("lead_id.is_lead_api_test", "=", False)
        return super()._search(domain, *args, **kwargs)


class CrmLead(models.Model):
    """Keep test leads out of duplicates and scores, and notify nobody about them."""

    _inherit = "crm.lead"

    def _get_live(self):
        return self.filtered(lambda lead: not lead.is_lead_api_test)

    def _compute_potential_lead_duplicates(self):
        live = self._get_live()
        for lead in self - live:
            lead.duplicate_lead_ids = lead
            lead.duplicate_lead_count = 0
        return super(CrmLead, live)._compute_potential_lead_duplicates()

    def _pls_increment_frequencies(self, from_state=None, to_state=None):
        live = self._get_live()
        if not live:
            return None
        return super(CrmLead, live)._pls_increment_frequencies(from_state, to_state)

    def _message_auto_subscribe_notify(self, partner_ids, template):
        live = self._get_live()
        return super(CrmLead, live)._message_auto_subscribe_notify(
            partner_ids, template
        )

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        if self.is_lead_api_test:
            return []
        return super()._notify_get_recipients(message, msg_vals, **kwargs)
