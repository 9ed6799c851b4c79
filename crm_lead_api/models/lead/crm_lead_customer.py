# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL, format_date

from ...tools.action import get_notice
from ...tools.domain import search_path
from ...tools.mode import ALL, MODE
from ...tools.phone_number import is_e164
from .crm_customer_portrait import HOUR_FIELDS, KINDS, LIST_FIELDS, TEXT_FIELDS
from .crm_lead_proposal import ADDRESS_ORDER
from .customer_profile_mixin import PERSONAL_FIELDS, PHONE_FIELDS
from .res_partner import STAFF, TimelineEntry

TAG_FIELDS = {f"{kind}_tag_ids": kind for kind, _label in KINDS}


def _tags(label, kind):
    def search(self, operator, value):
        return search_path(f"portrait_id.{kind}_ids.tag_id", operator, value)

    return fields.Many2many(
        "crm.customer.portrait.tag",
        string=label,
        compute="_compute_portrait_tags",
        search=search,
        groups=STAFF,
    )


class CrmLead(models.Model):
    """Keep the values of lead and customer apart: how the customer was found, what the
    request proposes for the contact, and the portrait."""

    _inherit = "crm.lead"

    # How the customer was found, and doubts about other contacts
    match_method = fields.Selection(
        [
            ("account", "Account"),
            ("phone", "Phone"),
            ("email", "E-mail and name"),
            ("none", "Nobody found: new contact"),
        ],
        string="Customer Found By",
        copy=False,
        help="The attribute by which the customer was found.",
    )
    match_value = fields.Char("Found By Value", copy=False)
    match_candidate_ids = fields.Many2many(
        "res.partner",
        "crm_lead_match_candidate_rel",
        string="Other Matching Contacts",
        copy=False,
        help="Other contacts with one of the phones, or with the same e-mail and name.",
    )
    doubtful_partner_ids = fields.Many2many(
        "res.partner",
        string="Perhaps the Same Person",
        compute="_compute_doubtful_partner_ids",
        help="Other matching contacts, without contacts that staff have merged, "
        "archived, or called different persons.",
    )
    is_match_doubtful = fields.Boolean(
        compute="_compute_doubtful_partner_ids", search="_search_is_match_doubtful"
    )

    customer_history = fields.Char(
        "Before",
        compute="_compute_customer_history",
        help="The earlier leads of the customer, and what became of them.",
    )

    # Differences from the contact
    wrong_phones = fields.Char(
        "Phones That Look Wrong",
        compute="_compute_wrong_phones",
        help="These phones are kept, and compared, as sent.",
    )
    proposal_ids = fields.One2many(
        "crm.lead.proposal", "lead_id", string="Proposed Changes"
    )
    pending_proposal_ids = fields.One2many(
        "crm.lead.proposal", string="Open Proposals", compute="_compute_proposals"
    )
    decided_proposal_ids = fields.One2many(
        "crm.lead.proposal", string="Decided Proposals", compute="_compute_proposals"
    )
    proposal_origin = fields.Char(
        "Proposed by",
        compute="_compute_proposal_origin",
        help="Which clients propose the changes that wait for a decision, and when.",
    )

    # Portrait of the customer; leads are found by its words
    portrait_id = fields.Many2one(
        "crm.customer.portrait",
        string="Customer Portrait",
        index="btree_not_null",
        copy=False,
        domain="[('partner_id', '=', partner_id)]",
    )
    former_portrait_ids = fields.One2many(
        "crm.customer.portrait",
        "former_lead_id",
        string="Former Portraits",
        context={MODE: ALL},
        groups=STAFF,
    )
    portrait_card = fields.Html(
        "Portrait",
        compute="_compute_portrait_card",
        sanitize=False,
        groups=STAFF,
        help="The last known value of each subject, from all portraits of the "
        "customer.",
    )
    hobby_tag_ids = _tags("Hobbies", "hobby")
    pain_point_tag_ids = _tags("Pain Points", "pain_point")
    desire_tag_ids = _tags("Desires", "desire")

    @api.depends("partner_id.different_partner_ids", "match_candidate_ids.active")
    def _compute_doubtful_partner_ids(self):
        for lead in self:
            # Candidates that were merged or archived meanwhile are settled.
            # Odoo's list of a contact's leads shows archived contacts, too.
            others = lead.match_candidate_ids.filtered("active") - lead.partner_id
            if others:
                # sudo: a request's user may not read which contacts differ
                others -= lead.partner_id.sudo().different_partner_ids
            lead.doubtful_partner_ids = others
            lead.is_match_doubtful = bool(others)

    def _search_is_match_doubtful(self, operator, value):
        if operator != "in":
            return NotImplemented
        # The rules of its computation, by one statement
        doubtful = SQL(
            """(
            SELECT lead.id
              FROM crm_lead_match_candidate_rel AS candidate
              JOIN crm_lead AS lead ON lead.id = candidate.crm_lead_id
             WHERE candidate.res_partner_id IS DISTINCT FROM lead.partner_id
               AND candidate.res_partner_id IN %s
               AND NOT EXISTS (
                SELECT FROM res_partner_different_rel AS different
                 WHERE different.partner_id = lead.partner_id
                   AND different.other_partner_id = candidate.res_partner_id
                )
            )""",
            self.env["res.partner"]._search(Domain("active", "=", True)).subselect(),
            to_flush=self._fields["partner_id"],
        )
        return Domain("id", "in" if True in value else "not in", doubtful)

    @api.depends_context("lang", "tz", "uid", "allowed_company_ids")
    @api.depends("partner_id")
    def _compute_customer_history(self):
        for lead in self:
            parts = lead._get_history_parts() if lead.partner_id else []
            lead.customer_history = " · ".join(parts)

    @api.depends("phone_key", "phone2_key", "phone3_key")
    def _compute_wrong_phones(self):
        for lead in self:
            lead.wrong_phones = ", ".join(
                lead[name]
                for name in PHONE_FIELDS
                if lead[name] and not is_e164(lead[f"{name}_key"])
            )

    @api.depends("proposal_ids.state")
    def _compute_proposals(self):
        for lead in self:
            pending = lead.proposal_ids.filtered(lambda p: p.state == "pending")
            lead.pending_proposal_ids = pending
            lead.decided_proposal_ids = lead.proposal_ids - pending

    @api.depends("proposal_ids.state", "proposal_ids.origin_text")
    @api.depends_context("lang", "uid")
    def _compute_proposal_origin(self):
        for lead in self:
            texts = lead.pending_proposal_ids.mapped("origin_text")
            lead.proposal_origin = " · ".join(dict.fromkeys(texts))

    @api.depends_context("lang", "tz", "uid", "allowed_company_ids")
    @api.depends("portrait_id", "partner_id")
    def _compute_portrait_card(self):
        portraits = self.env["crm.customer.portrait"]
        history = portraits._get_history(self.partner_id)
        for lead in self:
            own = {
                portrait: content
                for portrait, content in history.items()
                if portrait.partner_id == lead.partner_id
            }
            lead.portrait_card = bool(own) and portraits._render_summary(own)

    @api.depends("portrait_id.item_ids.tag_id")
    def _compute_portrait_tags(self):
        # By a search: it leaves out portraits that the user may not see.
        items = self.env["crm.customer.portrait.item"].search_fetch(
            [("portrait_id", "in", self.portrait_id.ids)],
            ["portrait_id", "kind", "tag_id"],
        )
        said = items.grouped(lambda item: (item.portrait_id, item.kind))
        for lead in self:
            for name, kind in TAG_FIELDS.items():
                key = lead.portrait_id._origin, kind
                lead[name] = said.get(key, items.browse()).tag_id

    @api.onchange("contact_name", "service_ids")
    def _onchange_title(self):
        """Propose the title of a new lead, which Odoo requires, as a request's lead has
        it: the customer and the service."""
        name, title = self.contact_name, self.name
        # Odoo's own, and a typed one, stay.
        is_made = not title or title == name or title.startswith(f"{name} – ")
        if name and not self._origin and is_made:
            self.name = self._format_title(name, self.service_ids.product_id)

    def action_accept_proposals(self):
        """Accept the open proposals that are certain; tell which ones wait."""
        pending = self.pending_proposal_ids
        doubtful = pending.filtered("doubt_text")
        (pending - doubtful).action_accept()
        if not doubtful:
            return None
        subjects = ", ".join(doubtful.mapped("subject_text"))
        text = self.env._("Decide about these yourself: %s", subjects)
        return get_notice("warning", text)

    def action_refuse_proposals(self):
        self.pending_proposal_ids.action_refuse()

    def action_write_message(self):
        """Open a message to the customer, by Zalo, SMS or e-mail."""
        return self.env["crm.lead.message"]._get_records_action(
            name=self.env._("Message to the Customer"),
            target="new",
            context={"default_lead_id": self.id, "dialog_size": "medium"},
        )

    def action_new_contact(self):
        """Make a contact of what the lead says: its customer, who was found by a phone,
        is somebody else with the same phone."""
        self.ensure_one()
        self.check_access("write")
        former = self.partner_id
        if self.match_method != "phone" or not former:
            return  # a colleague was faster
        self.write(dict.fromkeys(self._get_copied_fields(), False))
        values = self._prepare_customer_values(self.contact_name or self.name)
        # Without an e-mail to the salesperson, who knows the lead
        partners = self.env["res.partner"].with_context(
            mail_auto_subscribe_no_notify=True
        )
        self.write(
            {
                "partner_id": partners.create(values).id,
                "match_method": "none",
                "match_value": False,
                "match_candidate_ids": [Command.link(former.id)],
            }
        )
        self._mark_as_different(former)
        # sudo: the contact may be closed to the user
        former.sudo()._message_log(
            body=self.env._(
                "%(other)s has the same phone, by %(lead)s: check whether the lead has "
                "filled in details of this contact.",
                other=self.partner_id._get_html_link(),
                lead=self._get_html_link(),
            )
        )

    def action_open_portrait(self):
        return self.portrait_id.get_formview_action()

    def action_add_portrait(self):
        """Open a new portrait of the customer, which begins with what is known."""
        self.ensure_one()
        portraits = self.env["crm.customer.portrait"]
        history = [*portraits._get_history(self.partner_id)]
        names = (*TEXT_FIELDS, *HOUR_FIELDS, *LIST_FIELDS)
        known = portraits._get_last_values(history, names)
        values = {name: value for name, value in known.items() if value is not False}
        for name in values.keys() & {*LIST_FIELDS}:
            values[name] = [
                Command.create(
                    {"kind": item.kind, "tag_id": item.tag_id.id, "name": item.name}
                )
                for item in values[name]
            ]
        values |= {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "lead_ids": [Command.link(self.id)],
        }
        return portraits._get_records_action(
            name=self.env._("Add a Portrait"),
            target="new",
            context={f"default_{name}": value for name, value in values.items()},
        )

    def _get_merge_action(self, others):
        contacts = (self.partner_id | others)[:3]  # Odoo merges at most three at once
        return self.env["crm.lead.contact.merge"]._get_records_action(
            name=self.env._("Merge Contacts"),
            target="new",
            context={
                "default_lead_id": self.id,
                "default_partner_ids": [Command.set(contacts.ids)],
                "default_dst_partner_id": contacts[:1].id,
                "dialog_size": "extra-large",
            },
        )

    def _mark_as_different(self, partner):
        """Note that a matching contact and the customer are different persons: no lead
        warns of the two again. The user must be allowed to write the lead."""
        self.ensure_one()
        self.check_access("write")
        self._check_customer()
        customer = self.partner_id
        if partner not in self.doubtful_partner_ids:
            return  # a colleague was faster
        # sudo: the user may not be allowed to write contacts of colleagues. Both ways:
        # either of the two may be the customer of the next lead.
        customer.sudo().different_partner_ids = [Command.link(partner.id)]
        partner.sudo().different_partner_ids = [Command.link(customer.id)]
        self._message_log(
            body=self.env._(
                "%(other)s is not the same person as %(customer)s.",
                other=partner._get_html_link(),
                customer=customer._get_html_link(),
            )
        )

    def _check_customer(self):
        if not self.partner_id:
            raise UserError(self.env._("First choose the customer of the lead."))

    def _get_copied_fields(self):
        """Return the names of the fields that Odoo has copied from the contact, because
        the client did not send them."""
        # sudo: the contact may be closed to the user
        sent, partner = self.lead_api_values or {}, self.partner_id.sudo()
        names = ("phone", "function", "website", *ADDRESS_ORDER)
        return [
            name
            for name, own in (("email_from", "email"), *zip(names, names, strict=True))
            if sent and not sent.get(name) and self[name] == partner[own]
        ]

    def _update_after_customer_change(self):
        """Move the portraits to the customer that staff have chosen, and drop pending
        proposals for the former customer: the lead was not about that contact."""
        if self.partner_id:
            # sudo: who chose the customer may have given the lead away at once; the
            # client, which replaced the former ones, may not see its lead any more
            lead_sudo = self.sudo()
            portraits = lead_sudo.portrait_id | lead_sudo.former_portrait_ids
            portraits.partner_id = self.partner_id
        # sudo: staff may not edit proposals, only decide on them
        self.sudo().proposal_ids.filtered(
            lambda p: (
                p.state == "pending"
                and p.partner_id  # others are about the lead itself
                and p.partner_id != self.partner_id
            )
        ).unlink()

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Put a lead into the group of each of its services and tags, once."""
        if groupby_spec in TAG_FIELDS:
            lines = self.env["crm.customer.portrait.item"]
            parent, value, kind = "portrait_id", "tag_id", TAG_FIELDS[groupby_spec]
            key = self._field_to_sql(alias, parent, query)
        elif groupby_spec == "service_product_ids":
            lines = self.env["crm.lead.service"]
            parent, value, kind = "lead_id", "product_id", None
            key = SQL.identifier(alias, "id")
        else:
            return super()._read_group_groupby(alias, groupby_spec, query)
        self._check_field_access(self._fields[groupby_spec], "read")
        values = SQL(
            "(SELECT DISTINCT %s AS key, %s AS value FROM %s WHERE %s IN %s%s)",
            SQL.identifier(parent),
            SQL.identifier(value, to_flush=lines._fields[value]),
            SQL.identifier(lines._table),
            SQL.identifier(parent),
            query.subselect(key),
            SQL(" AND kind = %s", kind) if kind else SQL(),
        )
        values_alias = query.make_alias(alias, groupby_spec)
        condition = SQL("%s = %s", key, SQL.identifier(values_alias, "key"))
        query.add_join("LEFT JOIN", values_alias, values, condition)
        return SQL.identifier(values_alias, "value")

    # Odoo asks the next two methods before it copies between lead and contact: to the
    # lead with force_void, to the contact without. A request copies nothing to the
    # contact, and to the lead only values that the client did not send. Later, values
    # that staff are to decide about stay: merely closing Odoo's form would copy them.

    def _get_partner_email_update(self, force_void=True):
        if self.env.user._get_lead_api_client():
            return force_void and not self.email_from
        update = super()._get_partner_email_update(force_void)
        return update and not self._is_proposed(["email"], "email_from")

    def _get_partner_phone_update(self, force_void=True):
        if self.env.user._get_lead_api_client():
            return force_void and not self.phone
        update = super()._get_partner_phone_update(force_void)
        return update and not (
            self._is_proposed(PHONE_FIELDS, "phone")
            # The contact may have the phone in another field.
            or (self.phone and self.partner_id._has_phone_key(self.phone_key))
        )

    def _is_proposed(self, subjects, name):
        """Tell whether the lead proposes, or proposed, the value of a field for its
        contact, perhaps in another spelling: Odoo's form formats phones."""
        return any(
            proposal.partner_id
            and proposal.partner_id == self.partner_id
            and proposal.subject in subjects
            and self._means_the_same(name, proposal.new_values[proposal.subject])
            for proposal in self.sudo().proposal_ids  # sudo: not all may read proposals
        )

    def _prepare_address_values_from_partner(self, partner):
        values = super()._prepare_address_values_from_partner(partner)
        source = partner if any(partner[name] for name in values) else self
        return {**values, "district_id": source.district_id}

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        values = super()._prepare_customer_values(partner_name, is_company, parent_id)
        values["district_id"] = self.district_id.id
        if not is_company:
            names = (*PHONE_FIELDS, *PERSONAL_FIELDS)
            values |= {name: self[name] for name in names}
        return values

    def _get_customer_lang(self, company=None):
        """Return the language for texts to the customer: the customer's, or else the
        company's, by default that of the lead, or else the user's."""
        self.ensure_one()
        # sudo: a salesperson may not read the company's contact
        company = (company or self.company_id or self.env.company).sudo()
        own = self.partner_id.lang or self.lang_id.code
        own = self.env["res.lang"]._get_data(code=own).code  # may be switched off
        return own or company.partner_id.lang or self.env.user.lang

    def _get_history_parts(self):
        """Return the customer's history before the lead, in short texts. An addon
        overrides this method to add its records. Of leads, those that the user may see
        count."""
        self.ensure_one()
        leads = self._with_tests_of(self.partner_id).with_context(active_test=False)
        before = Domain("partner_id", "=", self.partner_id.id)
        if self._origin:  # of a new lead all leads are earlier ones
            before &= Domain("id", "<", self._origin.id)
        last = leads.search(before, order="id desc", limit=1)
        if not last:
            return []
        parts = (
            format_date(self.env, last.create_date, date_format="medium"),
            last.first_service,
            last._get_state_name(),
        )
        return [
            self.env._(
                "Earlier leads: %(count)s (the last: %(lead)s)",
                count=leads.search_count(before),
                lead=", ".join(part for part in parts if part),
            )
        ]

    def _get_state_name(self):
        """Return the stage of the lead, or that it is won or lost."""
        if self.won_status in ("won", "lost"):
            states = self._fields["won_status"]._description_selection(self.env)
            return dict(states)[self.won_status]
        return self.stage_id.name

    def _get_timeline_entry(self):
        self.ensure_one()
        state = self._get_state_name()
        parts = (self.first_service, state, self.lost_reason_id.name, self.user_id.name)
        return TimelineEntry(
            self.create_date,
            self.env._("Lead"),
            self,
            " · ".join(part for part in parts if part),
            icon="fa-star-o",
        )

    def action_show_potential_duplicates(self):
        """Open the similar leads, or tell whose they are if the user may read none."""
        others = self.duplicate_lead_ids - self
        if others and not others._filtered_access("read"):
            colleagues = [each._get_colleague_in_charge() or {} for each in others]
            owners = {each["owner"] for each in colleagues if each.get("owner")}
            if owners:
                message = self.env._(
                    "The similar leads are those of colleagues: %s",
                    ", ".join(sorted(owners)),
                )
                return get_notice("info", message, closes=False, sticky=True)
        return super().action_show_potential_duplicates()

    def _get_done_calls(self):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("active", "=", False),
                ("activity_type_id.category", "=", "phonecall"),
            ]
        )

    def _get_call_entries(self) -> list[TimelineEntry]:
        return [
            TimelineEntry(
                call.finished_date,
                call.activity_type_id.name,
                self.browse(call.res_id),
                call.feedback or call.summary or "",
                icon="fa-phone",
            )
            for call in self._get_done_calls()
        ]
