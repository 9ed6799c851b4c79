# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ...schemas import CustomerPortrait, Proposed
from ...schemas.lead_change import ADD, REMOVE, WHOLE_LIST
from ...schemas.stored_lead import CUSTOMER_ATTRIBUTES
from .change_plan import CONTACT_FIELDS, SERVICES, get_names, get_subject


class CrmLead(models.Model):
    """Propose changes of a lead and its contact, and list them for the client."""

    _inherit = "crm.lead"

    def _propose(self, payload, plan, differences):
        """Create proposals, and drop proposals that the request makes obsolete.

        :param ChangePlan plan: the change of the lead
        :param dict differences: of the contact, as of ``res.partner._compare``
        :return: the proposals that wait for staff
        """
        names = payload.to_changed_values().keys()
        touched = {*plan.touched, *plan.proposed}
        if payload.names_services():
            touched.add(SERVICES)
        if "customer_portrait" in payload.get_changes():
            touched.add("portrait_id")
        of_contact = {
            get_subject(CONTACT_FIELDS[name])
            for name in names
            if name in CONTACT_FIELDS
        }
        proposals = self.env["crm.lead.proposal"]
        partner = self.partner_id
        return proposals._replace(
            self, partner.browse(), plan.proposed, touched
        ) | proposals._replace(self, partner, differences, of_contact)

    def _list_proposed(self, payload, proposals):
        """Return the values that staff have to decide about, for the client.

        :param proposals: the proposals that wait for staff
        :rtype: list[Proposed]
        """
        sent = payload.model_dump(mode="json")
        return [
            Proposed(
                on="customer" if proposal.partner_id else "lead",
                field=name,
                present=self._get_present(proposal, name, field),
                sent=sent[name],
            )
            for proposal in proposals
            for name, field in self._get_proposed_fields(payload, proposal).items()
        ]

    def _get_proposed_fields(self, payload, proposal):
        """Return ``{attribute: field}`` of the attributes that a proposal is about."""
        changes = payload.get_changes()
        if proposal.subject == SERVICES:
            names = (WHOLE_LIST, ADD, REMOVE)
            return {name: "service_ids" for name in names if name in changes}
        fields = {**get_names(payload), "agent_email": "user_id"}
        if proposal.partner_id:
            fields = {n: CONTACT_FIELDS.get(field) for n, field in fields.items()}
        return {
            name: fields[name]
            for name in changes
            if fields.get(name) in proposal.new_values
        }

    def _get_present(self, proposal, name, field):
        """Return the present value of an attribute, if the client may read the value.

        :param str name: of the attribute
        :param str field: of the contact or lead
        """
        client = self.env.user._get_lead_api_client()
        if proposal.partner_id:
            is_readable = client.looks_up_customers
        else:
            readable = self._get_sent(client)
            is_filled_in = name in CUSTOMER_ATTRIBUTES or field == "portrait_id"
            is_readable = readable is None or name in readable or not is_filled_in
        if not is_readable:
            return None
        if field == "portrait_id":
            return CustomerPortrait.from_portrait(self.portrait_id).model_dump()
        if field == "user_id":
            return self.user_id.email or None
        if self._fields[field].type == "datetime":
            return self._get_custom_value(field)
        return proposal.old_values[field] or None
