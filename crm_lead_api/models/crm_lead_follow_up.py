# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

import psycopg2
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from .ir_config_parameter import ENRICHMENT_SETTING

# What the making of a lead and its contact leaves out, to be done after the answer
PUT_OFF = {
    "lead_api_put_off": True,
    "lead_api_subscribe_together": True,
    # The notes of both are written together; who made them is a program, and does not
    # follow them.
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}
# Of leads to be followed up: equal, so that Odoo takes the probability for its own
UNFINISHED = {
    "probability": 0,
    "automated_probability": 0,
    "lead_api_follow_up": {"notices": {}},
}
# Odoo triggers it for each lead; here once for many
ENRICHMENT_CRON = "crm_iap_enrich.ir_cron_lead_enrichment"
BATCH = 20  # leads at once
# As Odoo posts it: the web client hides the text
NOTE = Markup('<div summary="o_mail_notification"><p>%s</p></div>')

_logger = logging.getLogger(__name__)


class CrmLead(models.Model):
    """What follows when a request has made a lead, and need not be waited for: the
    notices for the salesperson and for those who follow the team, Odoo's automated
    probability and its enrichment.

    A scheduled action does it within moments, as Odoo would have done it itself.
    """

    _name = "crm.lead"
    _inherit = "crm.lead"

    lead_api_follow_up = fields.Json(
        "Still to Be Done",
        copy=False,
        help="After the answer to a call; notices: ids of contacts by template.",
    )

    _follow_up_index = models.Index("(id) WHERE lead_api_follow_up IS NOT NULL")

    def _get_unfinished(self):
        """Return those of the leads that a call is just making; others may be made or
        changed meanwhile by what automates Odoo."""
        if not self.env.context.get("lead_api_put_off"):
            return self.browse()
        # sudo: a caller makes leads, but may not change them
        return self.sudo().filtered("lead_api_follow_up")

    def _message_auto_subscribe_notify(self, partner_ids, template):
        unfinished = self._get_unfinished()
        for lead in unfinished:
            notices = lead.lead_api_follow_up["notices"]
            all_ids = [*notices.get(template, ()), *partner_ids]
            lead.lead_api_follow_up = {"notices": {**notices, template: all_ids}}
        others = self - unfinished
        return super(CrmLead, others)._message_auto_subscribe_notify(
            partner_ids, template
        )

    def _message_auto_subscribe(self, updated_values, followers_existing_policy="skip"):
        is_new = followers_existing_policy == "update"  # as Odoo says it in create()
        is_put_off = self.env.context.get("lead_api_subscribe_together")
        if is_new and is_put_off and self <= self._get_unfinished():
            return True  # all of them then
        return super()._message_auto_subscribe(
            updated_values, followers_existing_policy
        )

    def _subscribe_together(self, vals_list):
        """Let leads that were just made be followed, as Odoo does one by one.

        :param list[dict] vals_list: what each was made of
        """
        _own, default_ids, _internal, _parent, relations = self.env[
            "mail.message.subtype"
        ]._get_auto_subscription_subtypes(self._name)
        names = sorted({name for names in relations.values() for name in names})
        groups = {}
        for lead, values in zip(self, vals_list, strict=True):
            followers = lead._message_auto_subscribe_followers(values, default_ids)
            key = (*(values.get(name) for name in names), str(followers))
            leads, _values = groups.get(key, (lead.browse(), None))
            groups[key] = leads | lead, values
        for leads, values in groups.values():
            leads = leads.with_context(lead_api_subscribe_together=False)
            leads._message_auto_subscribe(values, "update")

    def _log_creation(self, partners):
        """Write the notes that leads have been made, and their contacts.

        :param partners: ``res.partner``, those that were made, too
        """
        values = {
            "author_id": self.env.user.partner_id.id,
            "message_type": "notification",
            # Nobody is told of it yet: see _notify_followers.
            "email_from": False,
            "reply_to": False,
        }
        note_id = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")
        notes = [
            {
                **values,
                "model": partner._name,
                "res_id": partner.id,
                "subtype_id": note_id,
                "is_internal": True,
                "body": partner._get_creation_text(self.env.lang),
                "record_company_id": False,
            }
            for partner in partners
        ]
        notes += [
            {
                **values,
                "model": lead._name,
                "res_id": lead.id,
                "subtype_id": self._get_creation_subtype_id(),
                "is_internal": False,
                "body": NOTE % lead._creation_message(),
                "record_company_id": lead.company_id.id,
            }
            for lead in self
        ]
        # sudo: as Odoo does; whoever may make them may note it
        self.env["mail.message"].sudo().create(notes)

    @ormcache()
    def _get_creation_subtype_id(self):
        return self._creation_subtype().id

    @api.model
    def _trigger_follow_up(self):
        """Let the scheduled action do the rest, within a minute.

        Whoever calls this wakes Odoo up after the commit, by ``ir.cron._notifydb``.
        """
        cron = "crm_lead_api.ir_cron_follow_up"
        # sudo: that it has to run is nobody's to decide
        self.env["ir.cron.trigger"].sudo().create(
            {
                "cron_id": self.env["ir.model.data"]._xmlid_to_res_id(cron),
                "call_at": fields.Datetime.now(),
            }
        )

    @api.model
    def _cron_follow_up(self):
        """Do what the calls have left."""
        while leads := self._find_unfinished():
            for lead in leads:
                lead._follow_up()
            leads._follow_up_together()
            leads.lead_api_follow_up = False
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

    def _follow_up(self):
        """Send the notices of a lead; that one of them fails harms no other."""
        # As if the call did it: by the client's user, to everybody in his language.
        lead = self.with_user(self.create_uid).sudo().with_company(self.company_id)
        lead = lead.with_context(mail_notify_force_send=False)
        notices = self.lead_api_follow_up["notices"]
        try:
            with self.env.cr.savepoint():
                for template, partner_ids in notices.items():
                    partners = self.env["res.partner"].browse(partner_ids).exists()
                    for lang, group in partners.grouped("lang").items():
                        lead.with_context(lang=lang)._message_auto_subscribe_notify(
                            group.ids, template
                        )
                lead._notify_followers()
        except psycopg2.OperationalError:
            raise  # it is done again
        except Exception as error:
            # Its text may say something of the customer.
            name = type(error).__name__
            _logger.error("Lead %s: no notice could be sent: %s", self.id, name)

    def _notify_followers(self):
        """Tell those who follow the creation of leads, such as of a team's."""
        note = self.message_ids.filtered(
            lambda note: note.subtype_id.id == self._get_creation_subtype_id()
        )[:1]
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
