# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

GC_LIMIT = 1_000  # records of a model that a clean-up looks at at once


class CrmLeadApiRequest(models.Model):
    """Delete tests after some days: the records that they made, and their logs."""

    _inherit = "crm.lead.api.request"

    @api.model
    def _get_test_models(self):
        """Return the models whose records requests make, in the order in which tests
        are deleted: leads before their customers, whom they need. An addon adds its
        models, if they inherit ``crm.lead.api.test.mixin`` alone."""
        models = self.env["crm.lead.api.record.mixin"]._get_record_models()
        own = [model._name for model in models]
        return [*own, "crm.lead", "crm.customer.portrait", "res.partner"]

    @api.model
    def _get_test_logs(self):
        """Return the models that log tests, with ``is_test`` and ``date``, in the order
        in which the entries are deleted. An addon adds its models in front."""
        return ["crm.lead.api.event", "crm.lead.api.look.up", self._name]

    @api.autovacuum
    def _gc_tests(self):
        days = self.env["ir.config_parameter"]._get_lead_api_int("test_days")
        oldest = fields.Datetime.now() - timedelta(days=days)
        is_old = Domain("is_lead_api_test", "=", True)
        is_old &= Domain("create_date", "<", oldest)
        count, is_more = 0, False
        for name in self._get_test_models():
            model = self.env[name].with_context(active_test=False)
            records = model.search(is_old, limit=GC_LIMIT, order="id")
            done = records._delete_tests()
            count, is_more = count + done, is_more or done == GC_LIMIT
        is_old = Domain("is_test", "=", True) & Domain("date", "<", oldest)
        for name in self._get_test_logs():
            records = self.env[name].search(is_old, limit=GC_LIMIT, order="id")
            records.unlink()
            count, is_more = count + len(records), is_more or len(records) == GC_LIMIT
        return count, is_more
