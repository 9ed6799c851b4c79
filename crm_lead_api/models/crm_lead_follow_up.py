# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from functools import partial

import psycopg2
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

from ..context import is_putting_off
from ..rows import insert
from .ir_config_parameter import ENRICHMENT_SETTING

# Of leads to be followed up: equal, so that Odoo takes the probability for its own
UNFINISHED = {
    "probability": 0,
    "automated_probability": 0,
}
# Odoo triggers it for each lead; here once for many
ENRICHMENT_CRON = "crm_iap_enrich.ir_cron_lead_enrichment"
BATCH = 20  # leads at once
# As Odoo posts it: the web client hides the text
NOTE = Markup('<div summary="o_mail_notification"><p>%s</p></div>')

_logger = logging.getLogger(__name__)


class CrmLead(models.Model):
    """What follows when a request has made a lead, and need not be waited for: notes
    that it was made, its followers, the notices for the salesperson and for those who
    follow the team, Odoo's automated probability and its enrichment.

    A scheduled action does it within moments, as Odoo would have done it itself, or
    whoever writes to a lead before that.
    """

    _name = "crm.lead"
    _inherit = "crm.lead"

    lead_api_follow_up = fields.Json(
        "Still to Be Done",
        copy=False,
        help="After the answer to a call; is_contact_new: it has made the contact.",
    )

    _follow_up_index = models.Index("(id) WHERE lead_api_follow_up IS NOT NULL")

    def _get_unfinished(self):
        # sudo: what is left to be done is nobody's to see
        return self.sudo().filtered("lead_api_follow_up")

    def _message_auto_subscribe(self, updated_values, followers_existing_policy="skip"):
        if is_putting_off(self.env):
            # It comes with what follows, whoever has the lead by then. Others may be
            # changed meanwhile by what automates Odoo.
            self -= self._get_unfinished()
        return super()._message_auto_subscribe(
            updated_values, followers_existing_policy
        )

    def write(self, vals):
        if "lead_api_follow_up" not in vals:
            self._finish_first()
        return super().write(vals)

    def message_post(self, **kwargs):
        self._finish_first()
        return super().message_post(**kwargs)

    def _merge_opportunity(self, *args, **kwargs):
        self._finish_first()
        return super()._merge_opportunity(*args, **kwargs)

    def unlink(self):
        for lead in self._get_unfinished():
            # Nobody need be told of the lead, but the contact stays.
            caller, left = lead._act_as_caller(), lead.lead_api_follow_up
            lead._try(partial(caller._log_contact, left))
        return super().unlink()

    def _finish_first(self):
        """Do what is left before somebody else changes leads, or writes to those who
        would not be among their followers yet."""
        if not is_putting_off(self.env):
            self._get_unfinished()._finish()

    @api.model
    def _trigger_follow_up(self):
        """Let the scheduled action do the rest, within a minute.

        Whoever calls this wakes Odoo up after the commit, by ``ir.cron._notifydb``.
        """
        cron = "crm_lead_api.ir_cron_follow_up"
        # sudo: that it has to run is nobody's to decide
        insert(
            self.env["ir.cron.trigger"].sudo(),
            [
                {
                    "cron_id": self.env["ir.model.data"]._xmlid_to_res_id(cron),
                    "call_at": fields.Datetime.now(),
                }
            ],
        )

    @api.model
    def _cron_follow_up(self):
        """Do what the calls have left."""
        # From now on, or those who have worked on a lead meanwhile are in the way.
        self.env["ir.cron"]._commit_progress(0)
        while leads := self._find_unfinished():
            leads._finish()
            self.env.flush_all()
            if not self.env["ir.cron"]._commit_progress(len(leads)):
                break

    @api.model
    def _find_unfinished(self):
        """Return some leads that are not finished, and that nobody else works on."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM crm_lead WHERE lead_api_follow_up IS NOT NULL
                 ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
                """,
                BATCH,
            )
        )
        return self.browse(lead_id for (lead_id,) in rows)

    def _finish(self):
        """Do what is left."""
        left = {lead: lead.lead_api_follow_up for lead in self}
        self.lead_api_follow_up = False
        for lead, what in left.items():
            lead._follow_up(what)
        if left:
            self._try(self._follow_up_together)

    def _follow_up(self, left):
        """Write the notes of a lead and of its contact, let it be followed and send the
        notices.

        :param dict left: what is left to be done
        """
        lead = self._act_as_caller()
        if not self._try(lambda: lead._tell(left)):
            quiet = lead.with_context(mail_auto_subscribe_no_notify=True)
            self._try(lambda: quiet._tell(left))

    def _act_as_caller(self):
        """Return the lead as if the call did what follows: by the client's user, in his
        language."""
        user = self.create_uid
        context = {"lang": user.lang, "mail_notify_force_send": False}
        lead = self.with_env(self.env(user=user, context=context, su=True))
        return lead.with_company(self.company_id)

    def _try(self, do):
        """Do something that harms nothing else if it fails; say whether it did not."""
        self.env.flush_all()
        try:
            # Without what comes before a commit: others may have more to do until then.
            with self.env.cr.savepoint(flush=False):
                do()
                self.env.flush_all()
        except psycopg2.OperationalError:
            raise  # it is done again
        except Exception as error:
            # Its text may say something of the customer.
            name = type(error).__name__
            _logger.error("Leads %s are not followed up: %s", self.ids, name)
            self.env.transaction.clear()
            return False
        return True

    def _tell(self, left):
        self._log_contact(left)
        self._log_creation()
        self._subscribe()
        self._notify_followers()

    def _subscribe(self):
        """Let the lead be followed, as Odoo does when it is made."""
        values = {
            name: self[name].id
            for name, field in self._fields.items()
            if field.type == "many2one" and field.store
        }
        self._message_auto_subscribe(values, "update")

    def _log_contact(self, left):
        """Write the note that the lead's contact has been made, if it was."""
        if partner := left.get("is_contact_new") and self.partner_id.exists():
            self._log(
                partner,
                partner._creation_message(),
                self.env.ref("mail.mt_note"),
                is_internal=True,
            )

    def _log_creation(self):
        """Write the note that the lead has been made."""
        self._log(
            self,
            NOTE % self._creation_message(),
            self._creation_subtype(),
            record_company_id=self.company_id.id,
        )

    def _log(self, record, body, subtype, **values):
        self.env["mail.message"].create(
            {
                "model": record._name,
                "res_id": record.id,
                "body": body,
                "subtype_id": subtype.id,
                "author_id": self.env.user.partner_id.id,
                "date": self.create_date.replace(microsecond=0),
                "message_type": "notification",
                # Nobody is told of it yet: see _notify_followers.
                "email_from": False,
                "reply_to": False,
                **values,
            }
        )

    def _notify_followers(self):
        """Tell those who follow the creation of leads, such as of a team's."""
        subtype = self._creation_subtype()
        note = self.message_ids.filtered(lambda note: note.subtype_id == subtype)[:1]
        if self.env.context.get("mail_auto_subscribe_no_notify"):
            return
        if note and self._notify_get_recipients(note):
            note.email_from = note.author_id.email_formatted
            note.reply_to = self._notify_get_reply_to(
                default=note.email_from, author_id=note.author_id.id
            )[self.id]
            self._notify_thread(note)

    def _follow_up_together(self):
        """Do for all leads at once what can be."""
        self.filtered("active").with_context(mail_notrack=True)._compute_probabilities()
        names = ["mail.ir_cron_mail_scheduler_action"]
        # sudo: as Odoo does
        parameters = self.env["ir.config_parameter"].sudo()
        if parameters.get_param(ENRICHMENT_SETTING, "auto") == "auto":
            names.append(ENRICHMENT_CRON)
        for name in names:
            if cron := self.env.ref(name, raise_if_not_found=False):
                cron._trigger()
