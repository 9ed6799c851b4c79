# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import models

from ..tools.update import get_problem

_logger = logging.getLogger(__name__)


class IrCron(models.Model):
    _inherit = "ir.cron"

    @classmethod
    def _process_job(cls, cron_cr, job):
        """Leave an action for later while database and code do not fit together: it
        would fail half-way, and after many failures Odoo would archive it."""
        if problem := get_problem(cls.pool, cron_cr):
            _logger.info("%s waits: %s", job["cron_name"], problem._translate("en_US"))
            return None
        return super()._process_job(cron_cr, job)
