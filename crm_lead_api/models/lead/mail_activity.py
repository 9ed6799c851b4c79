# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import pytz

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.day import END_OF_DAY, get_end_of_day, get_sql_zone, tell_time
from ...tools.text import render_by_lang, replace_in_store


class MailActivity(models.Model):
    """Give activities a time of the day, and ask for the result of a lead's call."""

    _inherit = "mail.activity"

    planned_date = fields.Datetime(
        "Planned At", help="Odoo's own due date has no time of the day."
    )
    call_reason = fields.Selection(
        [
            ("new_lead", "New lead"),
            ("call_back", "Agreed call back"),
            ("no_answer", "Not reached"),
        ],
        help="Why the call was planned.",
    )
    finished_date = fields.Datetime(
        "Done At",
        compute="_compute_finished_date",
        store=True,
        help="Odoo's own date has no time of the day.",
    )
    call_outcome_id = fields.Many2one(
        "crm.lead.call.outcome", "Result", help="The result of a call that is done."
    )
    call_hours = fields.Json(
        "Working Minutes",
        help="How many working minutes the time of a first call was counted with, and "
        "whose: “minutes” and “whose”.",
    )
    summary_by_lang = fields.Json(
        copy=False,
        groups=fields.NO_ACCESS,
        help="The summary in each language, by its code.",
    )

    @api.depends("active")
    def _compute_finished_date(self):
        for activity in self:
            # Not any later change: Odoo writes activities with their user's time zone.
            activity.finished_date = not activity.active and (
                activity.finished_date or activity.write_date
            )

    def write(self, vals):
        if "date_deadline" in vals:  # another day: its time is not known
            vals = {"planned_date": False, **vals}
            if not vals["planned_date"] and "summary" not in vals:
                reasons = self._get_timed_reasons()
                timed = self.filtered("planned_date").filtered(
                    # A text of staff has no time. sudo: see the field
                    lambda each: (
                        each.call_reason in reasons and each.sudo().summary_by_lang
                    )
                )
                timed.summary = False
        if "summary" in vals:
            # sudo: see the field
            self.sudo().filtered("summary_by_lang").summary_by_lang = False
        return super().write(vals)

    @api.model
    def _plan(self, record, activity_type, date, zone, get_summary, user, **values):
        """Plan an activity at a time, with a summary in all installed languages, for
        whoever reads it, and without an e-mail: the activity is in the user's list.

        :param str activity_type: the XML id
        :param datetime date: UTC
        :param zone: of pytz
        :param get_summary: returns the text, in the language of an environment, for a
            time of today or else a date and a time
        :param values: others of the activity: ``automated`` if nobody has asked for it,
            ``call_reason`` and ``call_hours``
        """
        day, _time = tell_time(self.env, date, zone)

        def render(lang):
            env = self.with_context(lang=lang).env
            return get_summary(env, tell_time(env, date, zone)[1])

        activity = record.with_context(mail_activity_quick_update=True)
        activity = activity.activity_schedule(
            activity_type,
            day,
            summary=render(user.lang or self.env.lang),
            user_id=user.id,
            **{"planned_date": date, "automated": False, **values},
        )
        if activity:  # else Odoo plans none, in tests and imports
            # sudo: see the field
            activity.sudo().summary_by_lang = render_by_lang(self.env, render)
        return activity

    @api.model
    def _get_timed_reasons(self):
        """Return the reasons of calls whose summaries tell the time, and that are
        counted until somebody is reached."""
        return {"new_lead", "call_back", "no_answer"}

    @api.model
    def _get_call_reasons(self):
        return self._fields["call_reason"]._description_selection(self.env)

    def _to_store_defaults(self, target):
        names = super()._to_store_defaults(target)
        return replace_in_store(
            names, "summary", lambda each: each._get_reader_summary()
        )

    def _get_reader_summary(self):
        # sudo: who may read the activity may read each language of the summary
        summaries = self.sudo().summary_by_lang or {}
        return summaries.get(self.env.lang) or self.summary

    def _get_planned_end(self):
        """Return the time of the activity, or else the end of its day for its user."""
        self.ensure_one()
        if self.planned_date:
            return self.planned_date
        return get_end_of_day(self.date_deadline, pytz.timezone(self.user_tz or "UTC"))

    @api.model
    def _search_next_call(self, model, record_id, name=None) -> SQL:
        """Return a query for a field of the first open call of a record, by default
        for its time, with the rules of :meth:`_get_planned_end`."""
        query = self._search_calls(model, record_id, is_open=True)

        def column(name):
            return self._field_to_sql(self._table, name, query)

        end = SQL(
            "(%s + %s) AT TIME ZONE %s AT TIME ZONE 'UTC'",
            column("date_deadline"),
            END_OF_DAY,
            get_sql_zone(column("user_tz")),
        )
        time = SQL("COALESCE(%s, %s)", column("planned_date"), end)
        day, record = column("date_deadline"), column("id")
        query.order = SQL("%s, %s, %s", time, day, record)
        query.limit = 1
        return query.subselect(column(name) if name else time)

    def _search_not_reached(self, model, record_id) -> SQL:
        """Return whether the last call about a record was to a wrong number, or the
        like."""
        query = self._search_calls(model, record_id, is_open=False)
        query.order = SQL(
            "%s DESC, %s DESC",
            self._field_to_sql(self._table, "finished_date", query),
            self._field_to_sql(self._table, "id", query),
        )
        query.limit = 1
        outcome = self._field_to_sql(self._table, "call_outcome_id", query)
        outcomes = self.env["crm.lead.call.outcome"].with_context(active_test=False)
        wrong = outcomes._search([("result", "=", "not_reached")], bypass_access=True)
        return SQL(
            "COALESCE(%s IN %s, FALSE)", query.subselect(outcome), wrong.subselect()
        )

    def _search_calls(self, model, record_id, is_open):
        """Return a query for the calls about a record that are open, or else done."""
        domain = [("res_model", "=", model), ("activity_category", "=", "phonecall")]
        # Who reads a record may read its activities.
        query = self._search([*domain, ("active", "=", is_open)], bypass_access=True)
        res_id = self._field_to_sql(self._table, "res_id", query)
        query.add_where(SQL("%s = %s", res_id, record_id))
        return query

    def action_done_with_result(self):
        """Mark the activity as done, or open the dialog that asks for the result if the
        activity is a call to the customer of a lead that the user may change."""
        self.ensure_one()
        lead = self.env["crm.lead"].browse(self.res_id)
        results = self.env["crm.lead.call.result"]
        if (
            self.res_model == lead._name
            and self.activity_category == "phonecall"
            # Odoo lets users do activities on records of others, too.
            and results.has_access("create")
            and lead.has_access("write")
        ):
            return results._open(default_activity_id=self.id, default_lead_id=lead.id)
        return self.action_done()
