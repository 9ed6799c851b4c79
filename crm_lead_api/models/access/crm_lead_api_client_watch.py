# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from http import HTTPStatus

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.day import format_moment
from ...tools.domain import count_of, find_last
from .crm_lead_api_client import MANAGER_GROUP, OWN_REQUESTS

# A client with requests on so many days of a period, in days, sends them regularly.
NORMAL_DAYS, NORMAL_PERIOD = 5, 14


class CrmLeadApiClient(models.Model):
    """Alert the owner of a client to silence, refused requests and ending tokens."""

    _inherit = "crm.lead.api.client"

    silence_hours = fields.Integer(
        "Silence",
        default=8,
        help="The owner is told when a client that normally sends requests has sent "
        "none for so many working hours. 0: never.",
    )
    refused_per_hour = fields.Integer(
        "Refused Requests",
        default=20,
        help="The owner is told when so many requests have been refused within an "
        "hour. 0: never.",
    )
    silence_alert_date = fields.Datetime(copy=False)
    refused_alert_date = fields.Datetime(copy=False)

    @api.model
    def _cron_watch(self):
        """Alert owners to silence, bursts of refused requests and ending tokens."""
        self.env["crm.lead.api.day"]._count_days()
        for client in self.search([("is_paused", "=", False)]):
            client._watch_silence()
            client._watch_refusals()
        self.env["crm.lead.api.token"]._remind_owners()

    def _watch_silence(self):
        """Alert the owner, once, when a client that sends regularly has gone silent."""
        now, requests = fields.Datetime.now(), self.env["crm.lead.api.request"]
        last = find_last(requests, "client_id", self, OWN_REQUESTS)[self].date
        alerted = self.silence_alert_date  # perhaps of this silence already
        if not (self.silence_hours and last) or (alerted and alerted >= last):
            return
        calendar, company = self._get_hours()
        minutes = calendar._count_working_minutes(company, last, now)
        if minutes < 60 * self.silence_hours or not self._sends_regularly(last):
            return
        self.silence_alert_date = now
        self._schedule_activity(
            "crm_lead_api.mail_activity_type_silence",
            lambda env: env._(
                "%(client)s has sent no request since %(date)s",
                client=self.name,
                date=format_moment(env, last),
            ),
        )

    def _get_hours(self):
        """Return the working hours in which the client is watched, which may be none,
        and the company whose holidays count."""
        company = self.company_id or self.company_ids[:1]
        return company.resource_calendar_id, company

    def _sends_regularly(self, until):
        """Tell whether the client sent requests on most working days."""
        days = self.env["crm.lead.api.day"].search(
            Domain("client_id", "=", self.id)
            & Domain("date", ">", until - timedelta(days=NORMAL_PERIOD))
        )
        return len({*days.mapped("date"), until.date()}) >= NORMAL_DAYS

    def _watch_refusals(self):
        """Alert the owner to a burst of refused requests, at most once a day."""
        now, told = fields.Datetime.now(), self.refused_alert_date
        if not self.refused_per_hour or (told and told > now - timedelta(days=1)):
            return
        requests = self.env["crm.lead.api.request"]
        recent = Domain("date", ">", now - timedelta(hours=1)) & OWN_REQUESTS
        refused = recent & Domain("status", ">=", HTTPStatus.BAD_REQUEST)
        count = count_of(requests, self, "client_id", refused)[self]
        if count < self.refused_per_hour:
            return
        self.refused_alert_date = now
        self._schedule_activity(
            "crm_lead_api.mail_activity_type_refusals",
            lambda env: env._(
                "%(client)s: %(count)s requests refused within an hour (%(error)s)",
                client=self.name,
                count=count,
                error=self.with_env(env).last_error,
            ),
        )

    def _schedule_activity(
        self, type_xmlid, get_summary, is_one_of_many=False, record=None, **values
    ):
        """Give the owner an activity, unless one of the type is already open there.

        :param get_summary: function that takes an environment in the owner's language
        :param bool is_one_of_many: only an open activity with the same summary counts
        :param record: that the activity opens, by default the client
        """
        record = self if record is None else record
        self._replace_lost_owner()
        owner = self.owner_id
        summary = get_summary(self.with_context(lang=owner.lang, tz=owner.tz).env)
        same = [("summary", "=", summary)] if is_one_of_many else None
        if not record.activity_search([type_xmlid], owner.id, same):
            record.activity_schedule(
                type_xmlid, summary=summary, user_id=owner.id, **values
            )

    def _replace_lost_owner(self):
        """Give the client of an owner who has left to another administrator."""
        # sudo: a Lead API administrator may not read other users' groups
        owner = self.owner_id.sudo()
        if owner.active and owner.has_group(MANAGER_GROUP):
            return
        is_manager = Domain("all_group_ids", "in", self.env.ref(MANAGER_GROUP).ids)
        managers = owner.search(is_manager, order="id").filtered(
            lambda user: self.company_ids <= user.company_ids
        )
        if managers:
            self.owner_id = managers[0]
