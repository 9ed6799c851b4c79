# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import api, models

from ..tools.update import get_problem

_logger = logging.getLogger(__name__)

BATCH = 1_000  # records on which work is done at once


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

    @api.model
    def _run_soon(self, xml_id, at=None):
        """Let a scheduled action run soon, or at a naive UTC datetime; the work is kept
        even if somebody has deleted the action."""
        if cron_id := self.env["ir.model.data"]._xmlid_to_res_id(xml_id):
            # sudo: scheduled actions are for administrators
            self.sudo().browse(cron_id)._trigger(at)

    @api.model
    def _do_in_batches(self, records, domain, order, method):
        """Do scheduled work on all records of a domain, and commit after each batch.

        :param str method: of the records, which then are not in the domain any more
        """
        while batch := records.search(domain, limit=BATCH, order=order):
            getattr(batch, method)()
            is_full = len(batch) == BATCH
            if not self._commit_progress(len(batch)) and is_full:
                self._run_again()
                break

    @api.model
    def _run_again(self):
        """Let the scheduled action that is out of time go on soon, after others had
        their turn; else the rest would wait for the next time."""
        # sudo: scheduled actions are for administrators
        self.browse(self.env.context["cron_id"]).sudo()._trigger()
