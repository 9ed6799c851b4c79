# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import dataclasses
from collections import Counter

from markupsafe import Markup

from odoo import fields, models
from odoo.fields import Command
from odoo.tools import plaintext2html

from ...schemas import CustomerPortrait, Proposed
from ...schemas.lead import CUSTOMER_ATTRIBUTES, FIELDS
from ...schemas.lead_change import ADD, REMOVE, WHOLE_LIST
from ...tools.day import to_stored
from ..lead.crm_lead_proposal import ADDRESS, PORTRAIT, SERVICES
from ..lead.customer_profile_mixin import PERSONAL_FIELDS, PHONE_FIELDS
from .crm_lead import COPIED
from .res_partner import ADDRESS_FIELDS

# Fields of the contact, by the lead's fields with the same data
CONTACT_FIELDS = {
    "contact_name": "name",
    "email_from": "email",
    **{name: name for name in (*PHONE_FIELDS, *PERSONAL_FIELDS, *ADDRESS_FIELDS)},
}


@dataclasses.dataclass
class ServiceChange:
    """Plan the change of a lead's services, before anything is written: quantities by
    id of the product, of which 0 removes the service."""

    written: dict[int, float]  # that the client has asked for
    # That change, and that staff have to decide about
    quantities: dict[int, float] = dataclasses.field(default_factory=dict)
    proposed: dict[int, float] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class ChangePlan:
    """Plan the change of a lead, before anything is written."""

    services: ServiceChange
    # The subjects of the fields that the request names
    touched: set[str] = dataclasses.field(default_factory=set)
    values: dict = dataclasses.field(default_factory=dict)  # to write, by field
    # That the client has written by this change, by field
    written: dict = dataclasses.field(default_factory=dict)
    # That staff have to decide about, by subject and field
    proposed: dict[str, dict] = dataclasses.field(default_factory=dict)
    portrait: CustomerPortrait | None = None  # the new one, if there is one


def get_subject(name: str) -> str:
    """Return the subject of a proposal for a field: the fields of an address belong
    together, so that no street ends up in another town."""
    return ADDRESS if name in ADDRESS_FIELDS else name


class CrmLead(models.Model):
    """Change leads by requests; staff's changes stay, and become proposals.

    A value is of staff if it differs from the value that the client last wrote. A value
    that the client never wrote is of staff, too, unless Odoo copied it from the contact
    to the new lead. What the client may not read of the customer it cannot empty.

    What the client last said of the portrait is kept, part by part. A part that differs
    now was corrected by staff, and stays: what the client says is proposed, once it
    says something else than before.

    A service that staff changed, or added, belongs to staff: a request may raise its
    quantity, and only proposes to remove it. So it is with a service of another client,
    after a merge. A service that the client asked for and staff removed comes back as a
    proposal only, and so does one of the company that staff have moved the lead from.
    """

    _inherit = "crm.lead"

    def _change_from_payload(self, payload) -> list[Proposed]:
        """Change the lead by a request.

        :raise PayloadError: the payload has errors
        :raise SerializationFailure: the lead has changed since this transaction began;
            Odoo runs the request again
        """
        self.ensure_one()
        records = self._find_change_records(payload)
        plan = self._plan_change(payload, records)
        partner = self.partner_id.sudo()  # sudo: the client's user may not see it now
        fill_values, differences = self._compare_contact(payload, partner)
        if fill_values:
            # Keys of tags come after those of the contact: see ``_lock``.
            self.env["crm.lead.api.lock"]._lock(partner._get_lock_keys(fill_values))
            partner.write(fill_values)
        self._apply_change(payload, plan)
        pending = self._propose(payload, plan, differences)
        # What the database refuses is refused in a dry run, too.
        self.env.flush_all()
        return self._list_proposed(payload, pending)

    # ------------------------------------------------------------ planning

    def _prepare_change_values(self, payload, records):
        """Prepare the new values of the lead, by field; ``False`` empties a field. An
        addon overrides this method for attributes that are not simply written to a
        field, like ``_prepare_payload_values`` for new leads."""
        fields = payload.get_fields()
        values = {
            **payload.to_changed_values(),
            **{fields[name]: False for name in payload.get_changes() if name in fields},
            **self._prepare_custom_values(payload),
        }
        for name in ("ticket_ref", "company_id"):
            values.pop(name, None)  # the check lets only the present value pass
        if values.get("agent_email", self.agent_email) != self.agent_email:
            [agent] = self._find_agents([payload.agent_email])
            if agent:
                values["user_id"] = agent.id
        return values

    def _plan_change(self, payload, records) -> ChangePlan:
        """Decide which values to write, and about which values staff decide."""
        plan = ChangePlan(services=self._plan_services(payload))
        values = self._prepare_change_values(payload, records)
        self._plan_portrait(payload, plan, values)
        plan.touched = {get_subject(name) for name in values}
        hidden = {FIELDS.get(name) for name in self._get_hidden()}
        for name in hidden.difference(ADDRESS_FIELDS):  # an address changes as a whole
            if values.get(name) is False:
                del values[name]
        wanted = {name: self._to_json(name, value) for name, value in values.items()}
        present = self._read_for_write(values)
        of_staff = {
            get_subject(name)
            for name, value in wanted.items()
            if value != present[name]
            and (
                self._is_of_staff(name, present[name])
                or self._names_former_company(name, value)
            )
        }
        for name, value in wanted.items():
            if value == present[name]:
                plan.written[name] = value
            elif get_subject(name) not in of_staff:
                plan.values[name], plan.written[name] = values[name], value
            elif not self._means_the_same(name, value):
                plan.proposed.setdefault(get_subject(name), {})[name] = value
        if plan.services.proposed:
            plan.proposed[SERVICES] = {"service_ids": plan.services.proposed}
        return plan

    def _is_of_staff(self, name, present):
        """Tell whether staff have set the present value of a field."""
        if name == "portrait_id" and present:
            return self._get_portrait().model_dump() != self._get_said_portrait()
        written = self._get_written_values()
        if name in written:
            value = written[name]
            if isinstance(value, list):
                # Until version 19.0.8.1.0 ids were kept in the client's order.
                return present != sorted(set(value))
            # A new lead's amount is kept without the rounding of its currency.
            return present != self._to_json(name, value)
        if not present:
            return False
        if written and COPIED not in written:
            # Until version 19.0.8.1.0 copied values were not kept: the contact may have
            # them from staff. sudo: a client may not read each contact
            copied = self.partner_id.sudo()._prepare_copied_values(written)
        else:
            copied = written.get(COPIED, {})
        return present != copied.get(name)

    def _get_hidden(self):
        """Return the customer's attributes that the client may not read."""
        sent = self._get_sent(self.env.user._get_lead_api_client())
        hidden = {*CUSTOMER_ATTRIBUTES, PORTRAIT}
        return set() if sent is None else hidden.difference(sent)

    def _names_former_company(self, name, value):
        """Tell whether a value names a record that only the lead's former companies may
        use: staff, who have moved or merged the lead, decide about it."""
        model = value and self._fields[name].comodel_name
        return model and self._find_of_former_companies(self.env[model].browse(value))

    def _get_written_values(self):
        """Return the values that the client last wrote, by field: none on a lead of
        another client, or of staff, that a lead of the client was merged into."""
        return (self.lead_api_values or {}) if self._is_of_own_client() else {}

    def _is_of_own_client(self):
        # sudo: a client's user may not read clients
        client = self.env.user._get_lead_api_client()
        return self.sudo().lead_api_client_id == client

    def _means_the_same(self, name, value):
        """Tell whether a value differs from the field's value only in its spelling."""
        if name in PHONE_FIELDS:
            return self._get_phone_key(value, self.country_id) == self[f"{name}_key"]
        return self._has_value(name, value)

    def _compare_contact(self, payload, partner):
        new = payload.to_changed_values()
        changed = {
            name: value
            for name, value in new.items()
            if value is not False and name in CONTACT_FIELDS
        }
        if not (partner and changed):
            return {}, {}
        if changed.keys() & set(ADDRESS_FIELDS):
            present = self._read_for_write(ADDRESS_FIELDS)
            changed |= {n: v for n, v in present.items() if v and n not in new}
        country = self.country_id.browse(changed.get("country_id", self.country_id.id))
        return partner._compare(
            {CONTACT_FIELDS[name]: value for name, value in changed.items()}, country
        )

    def _read_for_write(self, names):
        """Return also the parts of the portrait, and the ids of the services."""
        others = [name for name in names if name not in (PORTRAIT, "service_ids")]
        values = super()._read_for_write(others)
        if PORTRAIT in names:
            values[PORTRAIT] = self._get_portrait().model_dump()
        if "service_ids" in names:
            values["service_ids"] = self.service_ids.product_id.ids
        return values

    # ------------------------------------------------------------ writing

    def _apply_change(self, payload, plan):
        values = dict(plan.values)
        if plan.portrait:
            [portrait] = self.env["crm.customer.portrait"]._create_from_portraits(
                [plan.portrait], [self.partner_id]
            )
            values["portrait_id"] = plan.written["portrait_id"] = portrait.id
        values |= self._prepare_remembered_values(payload, plan)
        if not (values or plan.services.quantities):
            return
        has_made_title = self._is_made_title(
            self.name, self.contact_name, self.service_ids.product_id
        )
        typed = self.service_ids.filtered("is_of_staff")
        if "pricelist_id" in values:
            currency = self.pricelist_id.browse(values["pricelist_id"]).currency_id
            typed = typed.filtered(lambda line: line.currency_id == currency)
        # A price that staff typed in stays, also with another list of its currency.
        with self.env.protecting([typed._fields["price_unit"]], typed):
            if quantities := plan.services.quantities:
                # sudo: the client's user may not delete services, but may drop its own
                # wishes
                self._find_removed_services(quantities).sudo().unlink()
                self._write_services(quantities)
            if has_made_title:
                title = self._format_title(
                    values.get("contact_name") or self.contact_name,
                    self.service_ids.product_id,
                )
                values |= {"name": title} if title != self.name else {}
            self.write(values)

    def _prepare_remembered_values(self, payload, plan):
        """Prepare the fields that remember the values of the client."""
        if not self._is_of_own_client():
            return {}
        known = self.lead_api_values or {}
        services = {str(key): value for key, value in plan.services.written.items()}
        written = {**known, **plan.written, "service_ids": services}
        if payload.account_id:  # staff may choose another customer
            written["partner_id"] = payload.account_id
        sent = set(self._get_sent_fields())
        names = payload.get_field_names()
        applied = {
            name for name in payload.get_changes() if names.get(name) in plan.written
        }
        values = {}
        if written != {"service_ids": {}, **known}:
            values["lead_api_values"] = written
        if not applied <= sent:
            values["lead_api_sent"] = sorted(sent | applied)
        return values

    # ------------------------------------------------------------ portrait

    def _plan_portrait(self, payload, plan, values):
        """Plan a new portrait with the changes, and the rest of the present portrait;
        an emptied portrait is added to the values of the lead."""
        if payload.is_emptied(PORTRAIT):
            values["portrait_id"] = False
            plan.written[PORTRAIT] = {}
        elif payload.customer_portrait:
            present, said = self._get_portrait(), self._get_said_portrait()
            # sudo: the lead may be another user's
            pending = self.proposal_ids.sudo().filtered(
                lambda p: (
                    p.state == "pending"
                    and p.create_uid == self.env.user  # not another client's
                    and not p.partner_id
                    and p.subject == "portrait_id"
                )
            )
            proposed, own = {}, {}
            for proposal in pending:  # several after a merge: the newest counts
                proposed |= proposal.new_values.get(PORTRAIT) or {}
            for name, value in payload.customer_portrait.get_parts().items():
                now = getattr(present, name)
                is_pending = name in proposed and proposed.pop(name) == value
                if value != now and now == said[name]:
                    own[name] = value
                elif value != now and (value != said[name] or is_pending):
                    proposed[name] = value
                said[name] = value
            plan.written[PORTRAIT] = {
                name: value for name, value in said.items() if value not in (None, [])
            }
            new = present.model_copy(update=own)
            if own and not new.to_portrait_values():
                values["portrait_id"] = False
            elif own and self.partner_id:
                plan.portrait = new
            else:  # staff first choose a customer
                proposed |= own
            if proposed:
                plan.proposed["portrait_id"] = {PORTRAIT: proposed}

    def _get_portrait(self):
        # sudo: the client's user has no rights on a portrait of staff
        return CustomerPortrait.from_portrait(self.portrait_id.sudo())

    def _get_said_portrait(self):
        """Return the portrait in the client's last words, by part."""
        said = self._get_written_values().get(PORTRAIT) or {}
        return {**CustomerPortrait().model_dump(), **said}

    def _accept_portrait(self, parts):
        """Give the lead a portrait with the parts that a client proposed. Return the
        client's values, for ``lead_api_values``."""
        portrait = self._get_portrait().model_copy(update=parts)
        self.portrait_id = False
        if values := portrait.to_portrait_values():
            self._check_customer()
            # Linked then: until it is, everybody may read it, as one made by hand.
            values |= {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
            }
            self.portrait_id = self.env["crm.customer.portrait"].create(values)
        return {**(self.lead_api_values or {}), "portrait_id": self.portrait_id.id}

    # ------------------------------------------------------------ services

    def _plan_services(self, payload) -> ServiceChange:
        known = self._get_written_values().get("service_ids") or {}
        written = {int(product): quantity for product, quantity in known.items()}
        change, lines = ServiceChange(written), self._get_lines_by_product()
        if payload.crm_line_ids:
            self._plan_whole_list(change, lines, Counter(payload.crm_line_ids))
        for product, count in Counter(payload.add_crm_line_ids).items():
            if product in lines:
                change.quantities[product] = lines[product][0].quantity + count
                if product in written:
                    written[product] += count
            else:
                self._plan_new_service(change, product, count)
        for product in payload.remove_crm_line_ids or ():
            self._plan_removal(change, lines[product])
        return change

    def _plan_whole_list(self, change, lines, wanted):
        """Plan to have the wanted services, by id of the product, and those that staff
        added. A service that stays keeps its quantity, unless it was sent more than
        once, and not as often as it is told. One service stays in any case."""
        told = Counter(self._list_services())
        for product, count in wanted.items():
            if product not in lines:
                self._plan_new_service(change, product, count)
                continue
            line = lines[product][0]
            if count not in (1, line.quantity, told[product]):
                if line.is_of_staff:
                    change.proposed[product] = count
                    continue
                change.quantities[product] = count
            change.written[product] = change.quantities.get(product, line.quantity)
        dropped = change.written.keys() - wanted.keys()
        # sudo: a client's user may not read clients
        tickets = self.sudo()._get_ticket_ids(self.env.user._get_lead_api_client())
        if len(tickets) > 1:  # leads were merged, and the list is of one of them
            dropped = set()
        # If staff have removed all wanted services, the lead keeps its services until
        # staff decide.
        stays = not (change.quantities.keys() | lines.keys()) <= dropped
        for product in dropped:
            if product not in lines:
                del change.written[product]
            elif stays:
                self._plan_removal(change, lines[product])
            else:
                change.proposed[product] = 0

    def _plan_new_service(self, change, product, count):
        service = self.env["product.product"].browse(product)
        # Staff have removed the service, or moved the lead to another company.
        if product in change.written or self._find_of_former_companies(service):
            change.proposed[product] = count
        else:
            change.quantities[product] = change.written[product] = count

    def _plan_removal(self, change, lines):
        product = lines.product_id.id
        # Staff's service stays staff's, even if the client has raised its quantity
        # since. Before version 19.0.8.0.0 the values of clients were not kept.
        known = (self.lead_api_values or {}).get("service_ids")
        is_asked_for = self._is_of_own_client() and (
            known is None or str(product) in known
        )
        others = lines.filtered(
            # another client's, after a merge
            lambda line: line.is_of_staff or line.create_uid != self.env.user
        )
        if not is_asked_for or others:
            change.proposed[product] = 0
        else:
            change.quantities[product] = 0
            change.written.pop(product, None)

    def _get_lines_by_product(self):
        return self.service_ids.grouped(lambda line: line.product_id.id)

    def _find_removed_services(self, quantities):
        """Return the services whose quantity, by id of the product, becomes 0."""
        return self.service_ids.filtered(
            lambda line: quantities.get(line.product_id.id) == 0
        )

    def _write_services(self, quantities):
        """Give services their quantities, by id of the product, after those with 0 were
        deleted."""
        lines, commands = self._get_lines_by_product(), []
        sequence = max(self.service_ids.mapped("sequence"), default=-1)
        for product, quantity in quantities.items():
            if product in lines:
                line = lines[product][0]
                commands.append(Command.update(line.id, {"quantity": quantity}))
            elif quantity:
                sequence += 1
                values = {"sequence": sequence, "product_id": product}
                commands.append(Command.create({**values, "quantity": quantity}))
        self.service_ids = commands

    def _accept_services(self, quantities):
        """Change the services as a client proposed, by id of the product, as a text.
        Return the client's values, for ``lead_api_values``."""
        by_product = {int(each): quantities[each] for each in quantities}
        self._find_removed_services(by_product).unlink()
        self._write_services(by_product)
        written = self.lead_api_values or {}
        services = {**(written.get("service_ids") or {}), **quantities}
        services = {product: count for product, count in services.items() if count}
        return {**written, "service_ids": services}

    # ------------------------------------------------------------ proposals

    def _propose(self, payload, plan, differences):
        """Create proposals, also of the contact's differences, and drop proposals that
        the request makes obsolete."""
        names = payload.to_changed_values().keys()
        touched = {*plan.touched, *plan.proposed}
        if payload.model_fields_set & {WHOLE_LIST, ADD, REMOVE}:
            touched.add(SERVICES)
        if PORTRAIT in payload.get_changes():
            touched.add("portrait_id")
        partner = self.partner_id
        of_contact = partner and {
            get_subject(CONTACT_FIELDS[name])
            for name in names
            if name in CONTACT_FIELDS
        }
        proposals = self.env["crm.lead.proposal"]
        return proposals._replace(
            self, partner.browse(), plan.proposed, touched
        ) | proposals._replace(self, partner, differences, of_contact)

    def _list_proposed(self, payload, proposals) -> list[Proposed]:
        """Return the values that staff have to decide about, for the client."""
        sent, proposed = payload.model_dump(mode="json", exclude_unset=True), []
        for proposal in proposals:
            on = "customer" if proposal.partner_id else "lead"
            for name, field in self._get_proposed_fields(payload, proposal).items():
                present = self._get_present(proposal, name, field)
                value = sent[name]
                if field == PORTRAIT:
                    parts = proposal.new_values[PORTRAIT].keys() & value.keys()
                    present, value = (
                        each and {part: each[part] for part in each if part in parts}
                        for each in (present, value)
                    )
                proposed.append(
                    Proposed(on=on, field=name, present=present, sent=value)
                )
        return proposed

    def _get_proposed_fields(self, payload, proposal):
        """Return ``{attribute: field}`` of the attributes that a proposal is about."""
        changes = payload.get_changes()
        if proposal.subject == SERVICES:
            names = (WHOLE_LIST, ADD, REMOVE)
            return {name: "service_ids" for name in names if name in changes}
        if PORTRAIT in proposal.new_values:
            change = payload.customer_portrait
            is_about = change and change.get_parts().keys() & (
                proposal.new_values[PORTRAIT].keys()
            )
            return {PORTRAIT: PORTRAIT} if is_about else {}
        fields = payload.get_field_names()
        if "user_id" in proposal.new_values:
            fields = {**fields, "agent_email": "user_id"}
        if proposal.partner_id:
            fields = {n: CONTACT_FIELDS.get(field) for n, field in fields.items()}
        target = proposal._get_target()
        return {
            name: field
            for name in changes
            if (field := fields.get(name)) in proposal.new_values
            # An address is proposed as a whole.
            and not target._has_value(field, proposal.new_values[field])
        }

    def _get_present(self, proposal, name, field):
        """Return the present value of an attribute, if the client may read it."""
        client = self.env.user._get_lead_api_client()
        if proposal.partner_id:
            is_readable = client.looks_up_customers
            return (is_readable and proposal.old_values[field]) or None
        if name in self._get_hidden():
            return None
        if field == PORTRAIT:
            return proposal.old_values[PORTRAIT]
        if field == "portrait_id":
            return self._get_portrait().model_dump()
        if field == "user_id":
            return self.user_id.email or None
        if self._fields[field].type == "datetime":
            return self._get_custom_value(field)
        return proposal.old_values[field] or None

    # ------------------------------------------------------------ notes

    def _post_note(self, payload):
        """Post and return an internal note, written by the agent's user or else by the
        client's, with the agent's e-mail below."""
        self.ensure_one()
        company = self.company_id or self.env.company
        [agent] = self.with_company(company)._find_agents([payload.agent_email])
        author = agent or self.env.user
        moment = payload.occurred_at
        body = plaintext2html(payload.text)
        if not agent:
            body += Markup("<p>– %s</p>") % payload.agent_email
        return self.message_post(
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            # sudo: a client's user may not read all users
            author_id=author.sudo().partner_id.id,
            date=to_stored(moment) if moment else fields.Datetime.now(),
        )
