# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ...tools.follow_up import collect_follow_ups
from ..intake.res_partner import ADDRESS_FIELDS
from ..lead.customer_profile_mixin import PHONE_FIELDS
from .change_plan import CONTACT_FIELDS, SERVICES, ChangePlan, get_names, get_subject


class CrmLead(models.Model):
    """Change leads by requests; staff's changes stay, and become proposals.

    A value is of staff if it differs from the value that the client last wrote. A value
    that the client never wrote is of staff, too, unless Odoo took it from the contact.
    """

    _inherit = "crm.lead"

    def _change_from_payload(self, payload):
        """Change the lead by a request.

        :param LeadChange payload: the payload, with or without errors
        :return: the values that staff have to decide about
        :rtype: list[Proposed]
        :raise PayloadError: the payload has errors
        :raise SerializationFailure: the lead has changed since this transaction began;
            Odoo runs the request again
        """
        self.ensure_one()
        records = self._find_change_records(payload)
        plan = self._plan_change(payload, records)
        partner = self.partner_id.sudo()  # sudo: the client's user may not see it now
        blanks, differences = self._compare_contact(payload, partner)
        tags = self._take_tags(plan, partner._get_lock_keys(blanks) if blanks else [])
        with collect_follow_ups() as follow_ups:
            if blanks:
                partner.write(blanks)
            self._apply_change(payload, plan, tags, follow_ups)
            pending = self._propose(payload, plan, differences)
            # Flush while overrides still know that a request changes the records.
            self.env.flush_all()
        self.env["crm.lead.api.follow.up"]._queue(follow_ups)
        return self._list_proposed(payload, pending)

    # ------------------------------------------------------------ planning

    def _prepare_change_values(self, payload, records):
        """Prepare the new values of the lead, by field; ``False`` empties a field.

        An addon overrides this method for attributes that are not simply written to a
        field, like ``_prepare_payload_values`` for new leads.

        :param LeadChange payload: a checked payload
        :param dict records: the records that the payload names, by attribute
        """
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

    def _plan_change(self, payload, records):
        """Decide which values to write, and about which values staff decide.

        :rtype: ChangePlan
        """
        plan = ChangePlan(services=self._plan_services(payload))
        values = self._prepare_change_values(payload, records)
        self._plan_portrait(payload, plan, values)
        wanted = {name: self._to_json(name, value) for name, value in values.items()}
        present = self._read_for_write(values)
        plan.touched = {get_subject(name) for name in wanted}
        of_staff = {
            get_subject(name)
            for name, value in wanted.items()
            if value != present[name] and self._is_of_staff(name, present[name])
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

    def _plan_portrait(self, payload, plan, values):
        """Plan a portrait with the changes, and the rest of the present portrait."""
        if payload.is_emptied("customer_portrait"):
            values["portrait_id"] = False
        elif payload.customer_portrait:
            schema = type(payload.customer_portrait)
            present = schema.from_portrait(self.portrait_id)
            new = payload.customer_portrait.apply_to(present)
            if not new.to_portrait_values():
                values["portrait_id"] = False
            elif new != present:
                plan.portrait = new

    def _is_of_staff(self, name, present):
        """Tell whether staff have set the present value of a field.

        :param present: the value, as of :meth:`_read_for_write`
        """
        written = self._get_written_values()
        if name in written:
            return present != written[name]
        if not present:
            return False
        # Before version 19.0.8.0.0 the values of clients were not kept.
        is_from_contact = (
            written
            and name in CONTACT_FIELDS
            and self.partner_id.sudo()._has_value(CONTACT_FIELDS[name], present)
        )
        return not is_from_contact

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
        """Compare the customer's new values with the contact.

        :return: as of ``res.partner._compare``
        """
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

    # ------------------------------------------------------------ writing

    def _take_tags(self, plan, keys):
        """Find or create the tags of a new portrait, and lock the keys of all records
        that are about to be created or completed.

        :param list[str] keys: of the contact
        """
        tags = self.env["crm.customer.portrait.tag"]
        words = plan.portrait.get_words() if plan.portrait else []
        found, new_words = tags._find_by_texts(words) if words else ({}, {})
        self.env["crm.lead.api.lock"]._lock([*tags._get_lock_keys(new_words), *keys])
        return found | tags._create_by_texts(new_words)

    def _apply_change(self, payload, plan, tags, follow_ups):
        """Write the planned values, services and portrait."""
        values = dict(plan.values)
        if plan.portrait:
            [portrait] = self.env["crm.customer.portrait"]._create_from_portraits(
                [plan.portrait], [self.partner_id], tags
            )
            values["portrait_id"] = plan.written["portrait_id"] = portrait.id
        values |= self._prepare_remembered_values(payload, plan)
        if not (values or plan.services):
            return
        has_made_title = self._is_made_title(
            self.name, self.contact_name, self.service_ids.product_id
        )
        typed = self.service_ids.filtered(lambda line: line._is_of_staff())
        # A price that staff typed in stays, also with another price list.
        with (
            follow_ups.making(self._name),
            self.env.protecting([typed._fields["price_unit"]], typed),
        ):
            if plan.services:
                self._apply_services(plan.services)
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
        sent = set(self._get_sent_fields())
        names = get_names(payload)
        applied = {
            name for name in payload.get_changes() if names.get(name) in plan.written
        }
        values = {}
        if written != {"service_ids": {}, **known}:
            values["lead_api_values"] = written
        if not applied <= sent:
            values["lead_api_sent"] = sorted(sent | applied)
        return values
