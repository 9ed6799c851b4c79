# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.follow_up import get_follow_ups_of

# The body of a creation note, as mail.thread.create() posts it
NOTE = Markup('<div summary="o_mail_notification"><p>%s</p></div>')


class CrmLead(models.Model):
    """Put off the work on a new lead that may follow the answer to a request: creation
    note, notices to salesperson and followers, automated score.

    ``crm.lead.api.follow.up`` does the work later.
    """

    _name = "crm.lead"
    _inherit = "crm.lead"

    def message_post(self, **kwargs):
        """Put the creation note off while a request makes the lead."""
        follow_ups = get_follow_ups_of(self)
        if follow_ups and kwargs.get("body") == NOTE % self._creation_message():
            follow_ups.add("note", self, **kwargs)
            return self.env["mail.message"]
        return super().message_post(**kwargs)

    def _message_auto_subscribe_notify(self, partner_ids, template):
        """Put the assignment notice off while a request makes the lead."""
        follow_ups = get_follow_ups_of(self)
        if not follow_ups or self.env.context.get("mail_auto_subscribe_no_notify"):
            return super()._message_auto_subscribe_notify(partner_ids, template)
        for lead in self:
            follow_ups.add(
                "notice",
                lead,
                partner_ids=list(partner_ids),
                template=template,
                lang=self.env.context.get("lang"),
            )
        return None

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        """Schedule the notices of other addons' messages while a request makes leads.

        The answer must not wait for a mail server. At the latest, Odoo's own scheduled
        action sends the notices.
        """
        follow_ups = get_follow_ups_of(self)
        if follow_ups and "scheduled_date" not in kwargs:
            # Odoo accepts only a date in the future.
            kwargs["scheduled_date"] = fields.Datetime.now() + timedelta(seconds=2)
            follow_ups.add("message", self, message_id=message.id)
        return super()._notify_thread(message, msg_vals=msg_vals, **kwargs)

    def _merge_opportunity(self, *args, **kwargs):
        # A merge moves the messages of a lead: post its notes and notices before.
        # sudo: users may not read the queue
        self.env["crm.lead.api.follow.up"].sudo()._process_leads(self)
        return super()._merge_opportunity(*args, **kwargs)

    def _post_creation_note(self, body, **kwargs):
        """Post the creation note that was put off, dated as the lead."""
        body = Markup(body)  # noqa: S704  made of Odoo's own text
        date = self.create_date.replace(microsecond=0)
        self.message_post(body=body, date=date, **kwargs)

    def _update_scores(self):
        """Write the automated probability of the leads that are neither won nor lost.

        Like Odoo's own ``_update_automated_probabilities``, but by one UPDATE: no rule
        of another addon runs, the last editor stays, and so does a probability that
        somebody has typed in meanwhile.
        """
        pending = Domain("id", "in", self.ids) & Domain("won_status", "=", "pending")
        leads = self.search(pending)  # without archived leads, which are lost
        if not leads:
            return
        scores, _details = leads._pls_get_naive_bayes_probabilities(batch_mode=True)
        fields_to_write = self._get_score_fields()
        rows = [
            lead._prepare_score_row(scores[lead.id], fields_to_write)
            for lead in leads
            if lead.id in scores
        ]
        if not rows:
            return
        columns = [SQL.identifier(field.name) for field in fields_to_write]
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead AS lead SET %s FROM (VALUES %s) AS score (id, %s) "
                "WHERE lead.id = score.id",
                SQL(", ").join(
                    SQL("%s = score.%s::%s", column, column, SQL(field.column_type[1]))
                    for column, field in zip(columns, fields_to_write, strict=True)
                ),
                SQL(", ").join(SQL("%s", tuple(row)) for row in rows),
                SQL(", ").join(columns),
            ),
            log_exceptions=False,
        )
        leads.invalidate_recordset([field.name for field in fields_to_write])

    @api.model
    def _get_score_fields(self):
        """Return the lead's columns that depend on its automated probability."""
        probability = self._fields["probability"]
        return [
            self._fields["automated_probability"],
            probability,
            *(
                field
                for field in self.pool.get_dependent_fields(probability)
                if field.model_name == self._name and field.store and field.column_type
            ),
        ]

    def _prepare_score_row(self, score, fields_to_write):
        """Return the lead's id and its column values for an automated probability.

        :param float score: in percent
        :param list fields_to_write: the result of :meth:`_get_score_fields`
        """
        # On a copy in memory, so that Odoo itself writes nothing
        draft = self.new(origin=self)
        was_automated = draft.probability == draft.automated_probability
        draft.automated_probability = score
        if was_automated:
            draft.probability = score
        return [
            self.id,
            *(
                field.convert_to_column(
                    field.convert_to_write(draft[field.name], draft), draft
                )
                for field in fields_to_write
            ),
        ]
