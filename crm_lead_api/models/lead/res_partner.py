# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain

from ...tools.action import get_list_action
from ...tools.day import format_moment
from ...tools.domain import count_of
from ...tools.mode import ALL, MODE
from ..access.crm_lead_api_client import MANAGER_GROUP
from .customer_profile_mixin import PHONE_FIELDS, PHONE_KEY_FIELDS

STAFF = "sales_team.group_sale_salesman"
# Users who decide whether contacts are merged
MANAGERS = "sales_team.group_sale_manager,base.group_partner_manager"
MAX_ENTRIES = 100  # of a timeline
MIN_DIGITS = 7  # of a phone number, as in E.164


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
    """Show what is known of a customer: portraits, a timeline, how often clients have
    looked, and why a contact may be the customer of a lead, or is not.

    The key ``match_lead_id`` of the context names the lead.
    """

    _name = "res.partner"
    _inherit = ["res.partner", "customer.profile.mixin", "crm.lead.api.test.mixin"]
    _has_texts_of_clients = True

    portrait_ids = fields.One2many(
        "crm.customer.portrait",
        "partner_id",
        string="Portraits",
        context={MODE: ALL},
        groups=STAFF,
    )
    portrait_count = fields.Integer(compute="_compute_portrait_count", groups=STAFF)
    timeline = fields.Html(
        compute="_compute_timeline",
        sanitize=False,
        groups=STAFF,
        help="Leads, portraits, calls and requests of the customer, the newest first.",
    )
    look_up_count = fields.Integer(
        "Looked Up",
        compute="_compute_look_up_count",
        groups=MANAGER_GROUP,
        help="How often an outside system was shown the contact.",
    )
    proposal_ids = fields.One2many(
        "crm.lead.proposal", "partner_id", string="Proposed Changes", groups=STAFF
    )

    # Matching contacts
    different_partner_ids = fields.Many2many(
        "res.partner",
        "res_partner_different_rel",
        "partner_id",
        "other_partner_id",
        string="Not the Same Person As",
        copy=False,
        readonly=True,
        groups=STAFF,
        help="Contacts with the same phone or e-mail that staff know to be other "
        "persons.",
    )
    match_text = fields.Char(
        "Matches By",
        compute="_compute_match",
        groups=STAFF,
        help="The contact's phones and e-mail that the lead has, too.",
    )
    match_lead_count = fields.Integer("Leads", compute="_compute_match", groups=STAFF)

    # Customers are found by e-mail together with their name.
    _email_normalized_index = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )

    @api.depends("portrait_ids")
    def _compute_portrait_count(self):
        portraits = self.env["crm.customer.portrait"]
        for partner, count in portraits._count_of(self, "partner_id").items():
            partner.portrait_count = count

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
                    "format_date": partial(format_moment, self.env),
                },
            )

    def _compute_look_up_count(self):
        shown = self.env["crm.lead.api.look.up.contact"]
        for partner, count in count_of(shown, self, "partner_id").items():
            partner.look_up_count = count

    @api.depends_context("match_lead_id", "uid", "allowed_company_ids")
    @api.depends("phone_key", "phone2_key", "phone3_key", "email_normalized")
    def _compute_match(self):
        lead = self._get_match_lead()
        keys = {
            key
            for name in PHONE_FIELDS
            if lead[name]
            for key in lead._get_phone_search_keys(lead[name], lead.country_id)
        }
        leads = self.env["crm.lead"].with_context(active_test=False)
        for partner, count in count_of(leads, self, "partner_id").items():
            same = [name for name in PHONE_FIELDS if partner[f"{name}_key"] in keys]
            if (email := partner.email_normalized) and email == lead.email_normalized:
                same.append("email")
            partner.match_text = ", ".join(partner[name] for name in same)
            partner.match_lead_count = count

    def write(self, vals):
        """Write the values, and empty districts of other states."""
        result = super().write(vals)
        if "state_id" in vals or "district_id" in vals:
            # Clients may send a district without its state.
            self.filtered(
                lambda partner: (
                    partner.district_id.state_id - partner.state_id
                    and (partner.state_id or not vals.get("district_id"))
                )
            ).district_id = False
        return result

    def unlink(self):
        # sudo: a user who may delete a contact deletes its portraits with it
        self.sudo().portrait_ids.unlink()
        if not self._is_merging():
            # sudo: no user may write look-ups; who deletes a contact, erases it there
            self.env["crm.lead.api.look.up"].sudo()._anonymize_partners(self)
            if self.env.su:  # as Odoo's Privacy Lookup; staff also delete duplicates
                self.env["crm.lead.api.request"]._anonymize_partners(self)
        return super().unlink()

    def action_view_portraits(self):
        """Open all portraits of the contact, the newest first."""
        action = "crm_customer_portrait_action"
        return get_list_action(self, action, "partner_id", default_partner_id=self.id)

    def action_view_look_ups(self):
        action = "crm_lead_api_look_up_action"
        return get_list_action(self, action, "contact_ids.partner_id")

    def action_not_same_person(self):
        """Note that the contact and the customer of the lead are different persons."""
        self.ensure_one()
        self._get_match_lead()._mark_as_different(self)

    def action_perhaps_same_person(self):
        """Take back that the contact and another, ``different_partner_id`` of the
        context, are different persons.

        :raise AccessError: the user is no manager, or may not write both contacts
        """
        self.ensure_one()
        if not self.env.user.has_groups(MANAGERS):
            raise AccessError(
                self.env._(
                    "Ask a sales manager, or a colleague who manages contacts, to take "
                    "this back."
                )
            )
        other = self.browse(self.env.context.get("different_partner_id"))
        pair = (self | other) if other in self.different_partner_ids else self.browse()
        for partner in pair:
            partner.different_partner_ids = [Command.unlink((pair - partner).id)]
            partner._message_log(
                body=self.env._(
                    "%(other)s may be the same person as %(customer)s, after all.",
                    other=self._get_html_link(),
                    customer=other._get_html_link(),
                )
            )

    def action_merge_into_customer(self):
        """Open the dialog to merge the contact into the customer of the lead."""
        self.ensure_one()
        return self._get_match_lead()._get_merge_action(self)

    def _is_merging(self):
        """Tell whether contacts are deleted because others have taken their place."""
        stayed = self.env["crm.lead.api.merged.account"]._follow(self.ids)
        return any(before != after for before, after in stayed.items())

    def _address_fields(self):
        return [*super()._address_fields(), "district_id"]

    def _prepare_display_address(self, without_company=False):
        """Put the district on a line of its own, above the line of the city, or of the
        state, if addresses of the country have no city."""
        address_format, args = super()._prepare_display_address(without_company)
        if self.district_id:
            args["district_name"] = self.district_id.name
            place = "city" if "%(city)s" in address_format else r"state_\w+"
            address_format = re.sub(
                rf"^(?=.*%\({place}\)s)",
                "%(district_name)s\n",
                address_format,
                count=1,
                flags=re.MULTILINE,
            )
        return address_format, args

    def _get_phone_digits(self):
        """Return the digits by which logs of texts have the contacts' phones."""
        keys = {partner[name] or "" for partner in self for name in PHONE_KEY_FIELDS}
        # The key of a contact without a country lacks the country code.
        digits = {re.sub(r"\D", "", key).lstrip("0") for key in keys}
        return {each for each in digits if len(each) >= MIN_DIGITS}

    def _has_phone_key(self, key):
        """Tell whether any of the contact's phones has the key."""
        return any(self[name] == key for name in PHONE_KEY_FIELDS)

    def _get_staff_action(self):
        return "base.action_partner_form"

    def _get_match_lead(self):
        return self.env["crm.lead"].browse(self.env.context.get("match_lead_id"))

    # ------------------------------------------------------------ timeline

    def _get_timeline_entries(self) -> list[TimelineEntry]:
        """Return the events of the contact and its people, in any order, as far as the
        user may see them. An addon adds what it knows, such as bookings."""
        self.ensure_one()
        people = [("partner_id", "child_of", self.id)]
        mine = self.env["crm.lead"]._with_tests_of(self).with_context(active_test=False)
        leads = mine.search(people, order="id desc", limit=MAX_ENTRIES + 1)
        return [
            *(lead._get_timeline_entry() for lead in leads),
            *leads._get_call_entries(),
            *self._get_portrait_entries(mine),
            *self._get_request_entries(leads),
            *(
                record._get_timeline_entry()
                for model in self.env["crm.lead.api.record.mixin"]._get_record_models()
                if model.has_access("read")
                for record in model._with_tests_of(self).search(
                    people, limit=MAX_ENTRIES + 1
                )
            ),
        ]

    def _get_portrait_entries(self, leads):
        partners = self._with_tests_of(self).with_context(active_test=False)
        people = partners.search([("id", "child_of", self.id)])
        history = self.env["crm.customer.portrait"]._get_history(people)
        own = leads.search([("portrait_id", "in", [each.id for each in history])])
        by_portrait = own.grouped("portrait_id")
        entries, labels = [], self.env["crm.customer.portrait"]._get_labels()
        # The newest first, for portraits of one moment, too
        for portrait, (said, known) in reversed(history.items()):
            changes = portrait._get_changes(said, known)
            entries.append(
                TimelineEntry(
                    portrait.create_date,
                    self.env._("Portrait"),
                    by_portrait.get(portrait, leads)[:1],
                    "" if changes else self.env._("As before"),
                    [(labels[each], *texts) for each, texts in changes.items()],
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
        """Return the domain of the requests in the timeline of a contact. An addon
        leaves out requests whose results have entries of their own."""
        of_people = Domain("partner_id", "child_of", self.id)
        return Domain("lead_id", "in", leads.ids) | of_people
