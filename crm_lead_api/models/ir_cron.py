# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..waker import Waker

_waker = Waker()


class IrCron(models.Model):
    _inherit = "ir.cron"

    def _notifydb(self):
        # Each lead wakes Odoo up, and Odoo opens a connection each time.
        _waker.wake_up(self.env.cr.dbname)
