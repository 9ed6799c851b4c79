# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import format_time

CALL = "mail.mail_activity_data_call"


class CrmLead(models.Model):
    """Plan the phone calls of salespeople to the customers of leads."""

    _inherit = "crm.lead"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("user_id"):
            self._hand_over_calls()
        return result

    def _hand_over_calls(self):
        """Give the calls that Odoo has planned to the new salesperson. Leads without a
        client, and their activities, are other addons' business."""
        # sudo: who assigns a lead may not change the activities of others
        leads = self.sudo().filtered("lead_api_client_id")
        for lead in leads.with_context(mail_activity_quick_update=True):
            if calls := lead._get_open_calls().filtered("automated"):
                for call in calls:
                    if call.user_id != lead.user_id:
                        call.user_id = lead.user_id
            else:
                lead._plan_first_call(fields.Datetime.now())

    def _plan_first_call(self, start):
        """Plan the first call to the lead's customer, if the client wants it and
        nobody has called yet.

        :param datetime start: the beginning of the minutes that the client grants, UTC
        """
        self.ensure_one()
        # sudo: only Lead API administrators may read clients
        client = self.sudo().lead_api_client_id
        if (
            client.plans_call
            and self.user_id
            and self.active
            and self.won_status == "pending"
            and not self.first_contact_date
            and not self._get_open_calls()
        ):
            date = self._add_working_minutes(start, client.call_minutes)
            self._plan_activity(CALL, date, lambda env, time: env._("Call by %s", time))

    def _plan_activity(self, activity_type, date, get_summary):
        """Plan an activity of the salesperson, or else of the user.

        :param str activity_type: XML id
        :param datetime date: when to do the activity, UTC
        :param get_summary: returns the text, in the language of an environment, for a
            time of the day
        :rtype: mail.activity
        """
        self.ensure_one()
        user = self.user_id or self.env.user
        env = self.with_context(lang=user.lang).env
        zone = self._get_time_zone()
        # The assignment notice tells of the lead already: without another e-mail.
        return self.with_context(mail_activity_quick_update=True).activity_schedule(
            activity_type,
            pytz.utc.localize(date).astimezone(zone).date(),
            summary=get_summary(
                env, format_time(env, date, tz=zone.zone, time_format="short")
            ),
            user_id=user.id,
        )

    def _get_open_calls(self):
        return self.activity_ids.filtered(
            lambda activity: activity.activity_category == "phonecall"
        )

    @api.model
    def _get_calendar(self, user, company):
        """Return the working hours of a user in a company.

        :rtype: resource.calendar
        """
        return user.resource_calendar_id or company.resource_calendar_id

    def _get_time_zone(self):
        """Return the time zone of the salesperson, or else of the user."""
        self.ensure_one()
        user = self.user_id or self.env.user
        company = self.company_id or self.env.company
        # sudo: staff may not read other users' working hours
        calendar = self._get_calendar(user.sudo(), company.sudo())
        return pytz.timezone(user.sudo().tz or calendar.tz or "UTC")

    def _add_working_minutes(self, start, minutes):
        """Return the end of some working minutes of the salesperson.

        Without working hours, all minutes count.

        :param datetime start: UTC
        :param int minutes: the number of minutes
        :rtype: datetime
        """
        self.ensure_one()
        # sudo: staff may not read other users' working hours
        user = self.user_id.sudo() or self.env.user
        company = (self.company_id or self.env.company).sudo()
        calendar = self._get_calendar(user, company)
        resource = user.resource_ids.filtered(lambda each: each.company_id == company)
        end = calendar and calendar.plan_hours(
            minutes / 60,
            pytz.utc.localize(start),
            compute_leaves=True,
            resource=resource[:1] or None,
        )
        if not end:
            return start + timedelta(minutes=minutes)
        return end.astimezone(pytz.utc).replace(tzinfo=None)
