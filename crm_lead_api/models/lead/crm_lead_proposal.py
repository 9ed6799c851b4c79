# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from collections import defaultdict
from contextlib import suppress

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date, format_duration

from ...schemas import CustomerPortrait
from ...schemas.customer_portrait import KINDS
from ...tools.day import format_moment
from ...tools.fields import FloatTime
from ...tools.phone_number import is_e164
from .customer_profile_mixin import PHONE_FIELDS

PORTRAIT = "customer_portrait"
# Subjects of proposals for several fields
ADDRESS = "address"
SERVICES = "services"

# The details of a contact, in the order of their proposals
SUBJECTS = (
    *("name", "phone", "phone2", "phone3", "email", ADDRESS, "gender"),
    *("birthdate_date", "facebook_account", "zalo_account", "overseas_vietnamese"),
)
ADDRESS_ORDER = {
    name: position
    for position, name in enumerate(
        ("street", "street2", "district_id", "city", "zip", "state_id", "country_id")
    )
}
LINKS = ("many2one", "many2many")


class CrmLeadProposal(models.Model):
    """Propose a change of a contact or lead, because a request sent a different value.

    The record stays unchanged until a member of staff accepts the proposal.
    """

    _name = "crm.lead.proposal"
    _description = "Proposed Change of a Contact or Lead"
    _order = "id"
    _rec_name = "subject_text"
    _rec_names_search = ["subject"]  # which is stored
    _has_texts_of_clients = True

    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        index=True,
        ondelete="cascade",
        help="The contact to change; without a contact the lead itself is to change.",
    )
    subject = fields.Char(
        "Detail",
        required=True,
        help="A field of the record, or “address” or “services” for several fields.",
    )
    old_values = fields.Json(help="Of the record, by field, as for a write.")
    new_values = fields.Json(required=True)
    subject_text = fields.Char("Changed Detail", compute="_compute_texts")
    old_text = fields.Char("Present", compute="_compute_texts")
    new_text = fields.Char("Proposed", compute="_compute_texts")
    doubt_text = fields.Char(
        "To Decide",
        compute="_compute_doubt_text",
        help="Why “Accept All” leaves the proposal to staff.",
    )
    origin_text = fields.Char(
        "Proposed by",
        compute="_compute_origin_text",
        help="The client whose request proposes the values, and when.",
    )
    # Names of the buttons for screen readers, which read each button by itself
    accept_label = fields.Char(compute="_compute_texts")
    refuse_label = fields.Char(compute="_compute_texts")
    state = fields.Selection(
        [("pending", "Pending"), ("accepted", "Accepted"), ("refused", "Refused")],
        string="Status",
        default="pending",
        required=True,
    )

    @api.depends("subject", "old_values", "new_values")
    @api.depends_context("lang")
    def _compute_texts(self):
        self._fetch_linked()
        for proposal in self:
            label = subject = proposal._get_label()
            if not subject.startswith(("Facebook", "Zalo")):
                subject = subject[:1].lower() + subject[1:]
            proposal.accept_label = self.env._("Accept new %s", subject)
            proposal.refuse_label = self.env._("Refuse new %s", subject)
            if proposal.partner_id and label:
                label = self.env._("%s (contact)", label)
            proposal.subject_text = label
            proposal.old_text = proposal._format_values(proposal.old_values)
            proposal.new_text = proposal._format_values(proposal.new_values)

    @api.depends("subject", "new_values", "state", "lead_id.partner_id")
    @api.depends_context("lang")
    def _compute_doubt_text(self):
        pending = self.filtered(lambda p: p.state == "pending")
        rivals = pending._find_rivals()
        pending._fetch_linked()
        for proposal in self:
            text = False
            # Of a merged lead that was another customer's
            if (
                proposal in pending
                and proposal.partner_id - proposal.lead_id.partner_id
            ):
                # sudo: the contact may be closed to the user
                name = proposal.partner_id.sudo().name
                text = self.env._("This is about the contact %s.", name)
            elif proposal in pending and proposal._is_wrong_phone():
                text = self.env._("This does not look like a phone number.")
            elif proposal in rivals:
                text = self.env._("Another value is proposed, too.")
            elif proposal in pending and proposal._names_unusable():
                text = self.env._("This was deleted, or belongs to another company.")
            elif proposal in pending and proposal._moves_company():
                text = self.env._("The contact's company and its people move, too.")
            proposal.doubt_text = text

    @api.depends("create_uid", "create_date")
    @api.depends_context("lang", "uid")
    def _compute_origin_text(self):
        for proposal in self:
            time = format_moment(self.env, proposal.create_date)
            texts = proposal._get_client().name, time
            proposal.origin_text = ", ".join(filter(None, texts))

    def action_accept(self):
        """Write the proposed values; the user must be allowed to edit the leads."""
        self._check_decision()
        pending = self.filtered(lambda p: p.state == "pending")
        # Who gives the lead to a proposed salesperson may not change it afterwards.
        pending = pending.sorted(lambda p: p.subject == "user_id")
        if gone := pending.filtered(lambda p: p._has_gone_field())[:1]:
            label = gone._get_detail_name()
            raise UserError(self.env._("%s was deleted: refuse this proposal.", label))
        pending._check_user_email()
        lines, before = defaultdict(list), {}
        for proposal in pending:
            target = proposal._get_target()
            before.setdefault(target, _read_tracked(target))
            current = target._read_for_write(proposal.new_values)
            kept = proposal._keep_old_phone(current)
            proposal._apply({**proposal.new_values, **kept})
            # sudo: staff may not edit proposals, only decide on them
            proposal.sudo().old_values = current
            lines[target].append(proposal._decide("accepted"))
            for name, phone in kept.items():
                label = target._fields[name]._description_string(self.env)
                text = self.env._(
                    "%(phone)s stays, as %(place)s", phone=phone, place=label
                )
                lines[target].append(text)
        tracked = [each for each in before if _read_tracked(each) != before[each]]
        self._log_decisions(lines, tracked)

    def action_refuse(self):
        """Refuse the proposals; the user must be allowed to edit the leads."""
        self._check_decision()
        lines = defaultdict(list)
        for proposal in self.filtered(lambda p: p.state == "pending"):
            target = proposal._get_target()
            if not proposal._has_gone_field():
                current = target._read_for_write(proposal.new_values)
                # sudo: staff may not edit proposals, only decide on them
                proposal.sudo().old_values = current
            lines[target].append(proposal._decide("refused"))
        self._log_decisions(lines)

    @api.model
    def _create_from_differences(self, leads, all_differences):
        """Create proposals for the differences between the requests of leads and their
        contacts: by subject the contact's different values, as for ``write``. What
        staff have refused for the present value is refused at once."""
        vals_list = [
            {
                "lead_id": lead.id,
                "partner_id": lead.partner_id.id,
                "subject": subject,
                "old_values": lead.partner_id._read_for_write(differences[subject]),
                "new_values": differences[subject],
            }
            for lead, differences in zip(leads, all_differences, strict=True)
            for subject in SUBJECTS
            if subject in differences
        ]
        of_contacts = Domain("partner_id", "in", [v["partner_id"] for v in vals_list])
        # sudo: staff may have refused on leads that the client may not see
        refused = self.sudo().search(of_contacts & Domain("state", "=", "refused"))
        known = [
            [p.partner_id.id, p.subject, p.old_values, p.new_values] for p in refused
        ]
        names = ("partner_id", "subject", "old_values", "new_values")
        for vals in vals_list:
            if [vals[name] for name in names] in known:
                vals["state"] = "refused"
        self.create(vals_list)

    @api.model
    def _replace(self, lead, partner, wanted, touched):
        """Create the wanted proposals of a request, by subject and field, drop those of
        earlier requests about the same subjects, and return those that wait for staff.
        What staff have refused for the present value is not proposed again. Without a
        contact the lead itself is to change."""
        # sudo: a client's user may neither change nor delete proposals
        known = lead.proposal_ids.sudo().filtered(lambda p: p.partner_id == partner)
        target, pending, vals_list = partner or lead, self.browse(), []
        for subject, new_values in wanted.items():
            values = {
                "old_values": target._read_for_write(new_values),
                # JSON has texts as keys
                "new_values": json.loads(json.dumps(new_values)),
            }
            same = known.filtered(lambda p, subject=subject: p.subject == subject)
            equal = same.filtered(
                lambda p, values=values: all(p[name] == values[name] for name in values)
            )
            open_ = same.filtered(lambda p: p.state == "pending")
            if open_ & equal:
                pending |= open_ & equal
            elif open_ or "refused" not in equal.mapped("state"):
                vals_list.append(
                    {
                        "lead_id": lead.id,
                        "partner_id": partner.id,
                        "subject": subject,
                        **values,
                    }
                )
        touched = {*touched, *wanted}
        known.filtered(
            lambda p: (
                p.state == "pending"
                and p.create_uid == self.env.user  # not another client's, after a merge
                and p.subject in touched
                and p not in pending
            )
        ).unlink()
        return pending | self.create(vals_list)

    def _is_wrong_phone(self):
        """Tell whether the proposed phone is no phone number."""
        if self.subject not in PHONE_FIELDS:
            return False
        phone = self.new_values[self.subject]
        return bool(phone) and not is_e164(self._get_new_phone_key())

    def _get_new_phone_key(self):
        """Return the proposed phone in its common form; see ``_get_phone_key``."""
        target = self._get_target()
        country = target.country_id or target.company_id.country_id
        return target._get_phone_key(self.new_values[self.subject], country)

    def _moves_company(self):
        """Tell whether Odoo gives the proposed address to the contact's company."""
        partner = self.partner_id.sudo()  # sudo: see ``_get_target``
        is_of_company = partner.parent_id and partner.type == "contact"
        return self.subject == ADDRESS and is_of_company

    def _names_unusable(self):
        """Tell whether a proposed record is gone, or closed to the lead's company, or
        the field itself is gone."""
        target = self._get_target()
        if self._has_gone_field():
            return True
        for name, value in self.new_values.items():
            field = target._fields.get(name)
            if name == "service_ids":
                field = self.env["crm.lead.service"]._fields["product_id"]
                value = [int(product) for product, count in value.items() if count]
            if not (field and field.type in LINKS and value):
                continue
            # sudo: see _fetch_linked
            linked = self.env[field.comodel_name].sudo().browse(value)
            try:
                linked.mapped("create_date")
                domain = linked._check_company_domain(target.company_id)
                if field.check_company and linked.filtered_domain(domain) != linked:
                    return True
            except MissingError:
                return True
        return False

    def _has_gone_field(self):
        """Tell whether a field to change was deleted, perhaps with its addon."""
        known = {PORTRAIT, *self._get_target()._fields}
        return not known.issuperset(self.new_values)

    def _find_rivals(self):
        """Return the open proposals beside which another one, perhaps of another lead
        of the contact, has another value for the same detail."""
        same = Domain("partner_id", "in", self.partner_id.ids)
        same |= Domain("partner_id", "=", False) & Domain(
            "lead_id", "in", self.lead_id.ids
        )
        # sudo: also proposals on other users' leads
        others = self.sudo().search_fetch(
            same & Domain("state", "=", "pending"),
            ["lead_id", "partner_id", "subject", "new_values"],
        )
        others = others.grouped(lambda each: (each._get_target(), each.subject))
        return self.filtered(
            lambda p: any(
                other.new_values != p.new_values
                for other in others.get((p.sudo()._get_target(), p.subject), ())
            )
        )

    def _check_decision(self):
        self.lead_id.write({})  # for the checks of write, which exceed the rights

    def _check_user_email(self):
        """Check that an accepted e-mail opens no account that the user may not edit."""
        for proposal in self.filtered(lambda p: p.partner_id and p.subject == "email"):
            users = proposal._get_target().user_ids - self.env.user
            colleagues = users.filtered(lambda user: not user.share).sudo(False)
            if colleagues and not colleagues.has_access("write"):
                raise AccessError(
                    self.env._(
                        "%(name)s is a user of Odoo, who gets links for new passwords "
                        "at this e-mail address: an administrator of users has to "
                        "accept another one.",
                        name=proposal.partner_id.name,
                    )
                )

    def _get_target(self):
        """Return the record to change: the contact, or else the lead."""
        self.ensure_one()
        # sudo: who may edit the lead decides about its customer's contact, too, which
        # may be closed to them; see _check_decision
        return self.partner_id.sudo() or self.lead_id

    def _get_client(self):
        """Return the client that proposed the values, with superuser rights."""
        proposal = self.sudo()  # sudo: staff may not read clients
        client, user = proposal.lead_id.lead_api_client_id, proposal.create_uid
        # The users differ if leads were merged.
        return client if client.user_id == user else user._get_lead_api_client()

    def _keep_old_phone(self, current):
        """Return the values that move a replaced phone to the field in which the new
        one is meanwhile, or to a free field, if any."""
        new = self.subject in PHONE_FIELDS and self.new_values[self.subject]
        if not (new and current[self.subject]):
            return {}
        target, key = self._get_target(), self._get_new_phone_key()
        keys = {name: target[f"{name}_key"] for name in PHONE_FIELDS}
        if keys[self.subject] == key:
            return {}
        same = [name for name in PHONE_FIELDS if keys[name] == key]
        free = same or [name for name in PHONE_FIELDS if not target[name]]
        return dict.fromkeys(free[:1], current[self.subject])

    def _apply(self, values):
        """Write the accepted values to the contact or lead."""
        target = self._get_target()
        if self.partner_id:
            target.write(values)
            return
        if self.subject == SERVICES:
            written = target._accept_services(values["service_ids"])
        elif PORTRAIT in values:
            written = target._accept_portrait(values[PORTRAIT])
        else:
            # Without a phone of staff that only moves to another place
            written = {**(target.lead_api_values or {}), **self.new_values}
            target.write(
                {
                    # write() takes an empty list for no change
                    name: [Command.set(value)] if isinstance(value, list) else value
                    for name, value in values.items()
                }
            )
        # sudo: only the lead API fills this field. The client's value is there now;
        # after a merge another client's is not.
        target = target.sudo()
        if self._get_client() == target.lead_api_client_id:
            target.lead_api_values = written

    def _decide(self, state):
        """Settle the proposal, and equal ones; return the line for the chatter."""
        self.ensure_one()
        same = self
        if self.partner_id:
            same |= self.sudo().search(  # sudo: also proposals on other users' leads
                [
                    ("partner_id", "=", self.partner_id.id),
                    ("subject", "=", self.subject),
                    ("state", "=", "pending"),
                ]
            )
        # sudo: staff may not edit proposals, only decide on them
        same.sudo().filtered(lambda p: p.new_values == self.new_values).state = state
        values = {
            "subject": self._get_label(),
            # Markup: other values are escaped
            "lead": self.lead_id._get_html_link()
            if self.partner_id
            else self._get_client().name or "",
            "old": self.old_text or "–",
            "new": self.new_text or "–",
        }
        if state == "refused":
            text = self.env._(
                "%(subject)s stays %(old)s; %(lead)s proposed %(new)s", **values
            )
        elif self._get_target()._track_get_fields().issuperset(self.new_values):
            # Odoo itself tells old and new.
            text = self.env._("%(subject)s changed, as %(lead)s proposed", **values)
        else:
            text = self.env._(
                "%(subject)s changed, as %(lead)s proposed: %(old)s → %(new)s", **values
            )
        return escape(text)  # Markup stays as it is

    @api.model
    def _log_decisions(self, lines, tracked=()):
        """Note the lines of decisions in the chatter of contacts and leads: one message
        for one click, together with changes that Odoo is about to tell."""
        for target, texts in lines.items():
            body = Markup("<br/>").join(texts)
            if target in tracked:
                target._track_set_log_message(body)
            else:
                target._message_log(body=body)

    # ------------------------------------------------------------ texts

    def _get_label(self):
        """Return the name of the detail to change, of a lead's detail with a hint."""
        label = self._get_detail_name()
        if self.partner_id or not label:
            return label
        return self.env._("%s (lead)", label)

    def _get_detail_name(self):
        labels = {  # where the lead's own label is another
            "name": self.env._("Name"),
            "phone": self.env._("Phone"),
            "email": self.env._("E-mail"),
            "email_from": self.env._("E-mail"),
            "address": self.env._("Address"),
            "services": self.env._("Services"),
        }
        if self.subject in labels:
            return labels[self.subject]
        field = self.env["crm.lead"]._fields.get(self.subject)
        return field._description_string(self.env) if field else self.subject or ""

    def _fetch_linked(self):
        """Read the records that the values name together, by model, into the cache."""
        ids = defaultdict(set)
        for proposal in self:
            fields = proposal._get_target()._fields
            for values in filter(None, (proposal.old_values, proposal.new_values)):
                for name, value in values.items():
                    if name in fields and fields[name].type in LINKS and value:
                        linked = value if isinstance(value, list) else [value]
                        ids[fields[name].comodel_name].update(linked)
        # sudo: whoever may see a proposal may see the names in it, also of records of
        # the branch from which staff have moved the lead
        for model, each in ids.items():
            with suppress(MissingError):  # the others are read all the same
                self.env[model].sudo().browse(each).mapped("display_name")

    def _format_values(self, values):
        """Format values as one text, in the user's language, with records' names."""
        values, fields = values or {}, self._get_target()._fields
        if PORTRAIT in values:
            return self._format_portrait(values[PORTRAIT])
        texts = [
            self._format_value(fields[name], value)
            for name, value in sorted(
                values.items(),  # JSON in PostgreSQL has no order
                key=lambda item: ADDRESS_ORDER.get(item[0], 0),
            )
            if value and name in fields
        ]
        return ", ".join(filter(None, texts))

    def _format_portrait(self, parts):
        texts, fields = [], self.env["crm.customer.portrait"]._fields
        for name in CustomerPortrait.model_fields:
            if name in self.new_values[PORTRAIT]:
                field = fields[f"{KINDS[name]}_ids" if name in KINDS else name]
                is_known = parts[name] is not None
                text = is_known and self._format_value(field, parts[name])
                texts.append(f"{field._description_string(self.env)}: {text or '–'}")
        return "; ".join(texts)

    def _format_value(self, field, value):
        """Format the value of a field; a record that was deleted has no name."""
        if field.name == "service_ids":
            # sudo: whoever may see the lead may see the names of its services
            products = self.env["product.product"].sudo()
            services = products.browse(int(product) for product in value).exists()
            if isinstance(value, list):  # the present services
                return ", ".join(services.mapped("display_name"))
            return ", ".join(
                f"{'+' if value[str(service.id)] else '−'} {service.display_name}"
                for service in services
            )
        if field.type == "one2many":  # words of a portrait
            return ", ".join(value)
        if isinstance(field, FloatTime):
            return format_duration(value)
        if field.type in LINKS:
            # sudo: see _fetch_linked
            linked = self.env[field.comodel_name].sudo().browse(value)
            name = "name" if field.name in ADDRESS_ORDER else "display_name"
            names = []
            for each in linked:
                with suppress(MissingError):  # the record was deleted meanwhile
                    names.append(each[name])
            return ", ".join(names)
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value)
        if field.type == "date":
            return format_date(self.env, value, date_format="medium")
        if field.type == "datetime":
            moment = fields.Datetime.to_datetime(value)
            zone = self.lead_id._get_time_zone().zone
            return format_moment(self.env, moment, zone, has_year=True)
        return self.env._("Yes") if field.type == "boolean" else str(value)


def _read_tracked(record):
    """Return the values of a record whose changes Odoo tells in the chatter."""
    # sudo: Odoo tells changes that the user may not read, too
    record = record.sudo()
    return {name: record[name] for name in record._track_get_fields()}
