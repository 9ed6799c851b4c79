# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass, field
from datetime import datetime

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

MAX_ENTRIES = 100


@dataclass
class TimelineEntry:
    """Describe an event in the timeline of a customer.

    :param date: when it happened, UTC
    :param label: the kind of event, for the reader: "Lead"
    :param lead: the ``crm.lead`` that it belongs to, which may be empty
    :param text: what happened, in a line
    :param changes: values that have changed, as (label, old texts, new texts)
    :param icon: an icon of Font Awesome
    """

    date: datetime
    label: str
    lead: models.BaseModel
    text: str = ""
    changes: list[tuple[str, list[str], list[str]]] = field(default_factory=list)
    icon: str = "fa-circle-o"


class ResPartner(models.Model):
    """Show the events of a customer in one timeline."""

    _inherit = "res.partner"

    timeline = fields.Html(
        compute="_compute_timeline",
        sanitize=False,
        groups="sales_team.group_sale_salesman",
        help="Leads, portraits, calls and requests of the customer, the newest first.",
    )

    @api.depends_context("lang", "tz", "uid", "allowed_company_ids")
    def _compute_timeline(self):
        # For the form: a list of contacts has no use for timelines, which take several
        # searches each.
        is_form = len(self) == 1
        for partner in self:
            is_shown = is_form and partner._origin
            entries = partner._origin._get_timeline_entries() if is_shown else []
            entries.sort(key=lambda entry: entry.date, reverse=True)
            partner.timeline = bool(entries) and self.env["ir.qweb"]._render(
                "crm_lead_api.customer_timeline",
                {
                    "entries": entries[:MAX_ENTRIES],
                    "is_cut": len(entries) > MAX_ENTRIES,
                    "format_date": lambda date: format_datetime(
                        self.env, date, dt_format="short"
                    ),
                },
            )

    def _get_timeline_entries(self):
        """Return the events of the contact and its people, in any order.

        An addon overrides this method to add what it knows, such as bookings. Only
        records that the user may see count.

        :rtype: list[TimelineEntry]
        """
        self.ensure_one()
        people = [("partner_id", "child_of", self.id)]
        leads = (
            self.env["crm.lead"]
            ._with_tests_of(self)
            .with_context(active_test=False)
            .search(people, order="id desc", limit=MAX_ENTRIES + 1)
        )
        return [
            *(lead._get_timeline_entry() for lead in leads),
            *leads._get_call_entries(),
            *self._get_portrait_entries(),
            *self._get_request_entries(leads),
        ]

    def _get_portrait_entries(self):
        people = (
            self._with_tests_of(self)
            .with_context(active_test=False)
            .search([("id", "child_of", self.id)])
        )
        history = self.env["crm.customer.portrait"]._get_history(people)
        mine = self.env["crm.lead"]._with_tests_of(self)
        mine = mine.with_context(active_test=False)
        leads = mine.search(
            [("portrait_id", "in", [portrait.id for portrait in history])]
        )
        by_portrait = leads.grouped("portrait_id")
        entries = []
        # The newest first, for portraits of one moment, too
        for portrait, (said, known) in reversed(history.items()):
            changes = portrait._get_changes(said, known)
            entries.append(
                TimelineEntry(
                    portrait.create_date,
                    self.env._("Portrait"),
                    by_portrait.get(portrait, mine)[:1],
                    "" if changes else self.env._("As before"),
                    changes,
                    "fa-id-card-o",
                )
            )
        return entries

    def _get_request_entries(self, leads):
        requests = self.env["crm.lead.api.request"]
        if not requests.has_access("read"):
            return []
        states = dict(requests._fields["state"]._description_selection(self.env))
        return [
            TimelineEntry(
                request.date,
                self.env._("Request"),
                request.lead_id & leads,
                f"{request.client_id.name}: {states[request.state]}",
                icon="fa-exchange",
            )
            for request in requests.search(
                self._get_request_domain(leads), limit=MAX_ENTRIES + 1
            )
        ]

    def _get_request_domain(self, leads):
        """Return the domain of the requests in the timeline of a contact.

        An addon overrides this method to leave out requests whose results have entries
        of their own.

        :param leads: ``crm.lead`` of the contact and its people
        """
        of_people = Domain("partner_id", "child_of", self.id)
        return Domain("lead_id", "in", leads.ids) | of_people


class CrmLead(models.Model):
    """Tell the timeline of the customer about leads and calls."""

    _inherit = "crm.lead"

    def _get_timeline_entry(self):
        self.ensure_one()
        states = dict(self._fields["won_status"]._description_selection(self.env))
        state = self.stage_id.name
        if self.won_status in ("won", "lost"):
            state = states[self.won_status]
        parts = (self.first_service, state, self.lost_reason_id.name, self.user_id.name)
        return TimelineEntry(
            self.create_date,
            self.env._("Lead"),
            self,
            " · ".join(part for part in parts if part),
            icon="fa-star-o",
        )

    def _get_call_entries(self):
        """Return the calls that are done.

        :rtype: list[TimelineEntry]
        """
        calls = self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("active", "=", False),
                ("activity_type_id.category", "=", "phonecall"),
            ]
        )
        return [
            TimelineEntry(
                call.write_date,
                call.activity_type_id.name,
                self.browse(call.res_id),
                call.feedback or call.summary or "",
                icon="fa-phone",
            )
            for call in calls
        ]
