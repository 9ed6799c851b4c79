# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from itertools import chain

from odoo import models
from odoo.tools import SQL

from .customer_profile_mixin import PHONE_FIELDS

# When leads are merged, the first value of the field that is not empty is kept.
MERGED_FIELDS = [
    *("gender", "birthdate_date", "overseas_vietnamese"),
    *("facebook_account", "zalo_account", "send_info_facebook", "send_info_zalo"),
    *("work_online", "online_counseling", "shuttle_bus", "agent_email", "creator_id"),
    *("source_group_id", "pricelist_id"),
]


class CrmLead(models.Model):
    """Merge leads without losing values that clients sent or staff typed in."""

    _inherit = "crm.lead"

    def _merge_get_fields(self):
        return super()._merge_get_fields() + MERGED_FIELDS

    def _merge_get_fields_specific(self):
        def get_phone(name, leads):
            return leads._get_distinct_phones().get(name, False)

        return {
            **super()._merge_get_fields_specific(),
            **dict.fromkeys(PHONE_FIELDS, get_phone),
            "portrait_id": lambda name, leads: leads.portrait_id.sorted("id")[-1:].id,
            "ticket_ref": lambda name, leads: leads._get_tickets(),
            "has_text_ticket": lambda name, leads: any(leads.mapped(name)),
            "is_lead_api_test": lambda name, leads: all(leads.mapped(name)),
            "district_id": lambda name, leads: leads._get_merged_district().id,
            "match_candidate_ids": lambda name, leads: leads.match_candidate_ids,
            "first_contact_date": lambda name, leads: min(
                leads.filtered(name).mapped(name), default=False
            ),
        }

    def _merge_data(self, fnames=None):
        data = super()._merge_data(fnames)
        if data.keys() >= {"company_id", "pricelist_id"}:
            # Odoo takes the first price list, even one of another company.
            usable = self.pricelist_id._filter_of_company(data["company_id"])
            data["pricelist_id"] = usable[:1].id
        if data.get("pricelist_id") == self[:1].pricelist_id.id:
            # Writing it again would reset all prices, even prices that were typed in.
            del data["pricelist_id"]
        if data.get("first_contact_date") == self[:1].first_contact_date:
            # Writing it again would count the minutes to the contact by the present
            # working hours, and move the lead from the stage that staff chose since.
            del data["first_contact_date"]
        if "expected_revenue" in data:
            # Odoo takes the first revenue, which is that of some services alone.
            del data["expected_revenue"]
            typed = self.filtered(lambda lead: lead._has_typed_revenue())
            if typed and typed[0] != self[0] and typed[0].expected_revenue:
                data["expected_revenue"] = typed[0].expected_revenue
        if "name" in data:
            data["name"] = self._get_merged_title()
        return data

    def _merge_dependences(self, opportunities):
        self.env["crm.lead.api.event"]._watch_merger(self, opportunities)
        # sudo: only Lead API administrators may read clients
        merged = (self | opportunities).sudo()
        clients = merged.lead_api_client_id | merged.lead_api_merged_client_ids
        if clients:
            self.sudo().lead_api_merged_client_ids = clients
            merged_ids = [lead.lead_api_merged_ids or [] for lead in merged]
            self.sudo().lead_api_merged_ids = [
                *opportunities.ids,
                *chain.from_iterable(merged_ids),
            ]
            self.sudo().lead_api_known_ids = merged._get_known_ids()
            # The log forgets them.
            tickets = {}
            for lead in merged:
                for client_id, own in lead._get_tickets_by_client().items():
                    tickets.setdefault(client_id, {}).update(dict.fromkeys(own))
            self.sudo().lead_api_tickets = {each: [*tickets[each]] for each in tickets}
        if clients and not self.lead_api_client_id:
            self.sudo().lead_api_client_id = opportunities.lead_api_client_id[:1]
            # All else is of staff. Odoo would not keep an empty list.
            self.sudo().lead_api_sent = ["ticket_id"]
        opportunities.service_ids.lead_id = self
        # sudo: staff may not edit proposals, only decide on them
        opportunities.proposal_ids.sudo().lead_id = self
        # sudo: who may merge the leads may not see all of their portraits
        leads = opportunities.sudo()
        portraits = leads.portrait_id | leads.former_portrait_ids
        portraits.former_lead_id = self
        if self.partner_id:  # or the customer of the others moves them, once written
            portraits.partner_id = self.partner_id
        # sudo: no user may write the log
        opportunities.sudo().lead_api_request_ids.lead_id = self
        return super()._merge_dependences(opportunities)

    def _wait_for_merge(self):
        """Let a merge or deletion of the lead and this transaction run one after the
        other: PostgreSQL refuses the later one, and Odoo runs it again. ``write_date``
        stays, because nothing of the lead changes."""
        self.env.cr.execute(
            SQL("UPDATE crm_lead SET id = id WHERE id = %s", self.id),
            log_exceptions=False,  # a refusal is expected here
        )

    def _get_known_ids(self) -> dict[str, list[int]]:
        """Return the ids of contacts and companies that clients may send for leads, by
        field: the present ones, those that a client sent, and those of merged leads."""
        known = {"partner_id": set(), "company_id": set()}
        for lead in self:
            sent, merged = lead.lead_api_values or {}, lead.lead_api_known_ids or {}
            for name, ids in known.items():
                ids.update({lead[name].id, sent.get(name), *merged.get(name, ())})
        return {name: sorted(filter(None, ids)) for name, ids in known.items()}

    def _get_merged_title(self):
        """Return the title of the first lead, with the services of all leads unless
        staff have written the title."""
        first = self[:1]
        # sudo: staff may not read clients. The title is in the language of the user of
        # the client that made the lead.
        lang = first.sudo().lead_api_client_id.user_id.lang
        leads = self.with_context(lang=lang)
        own = leads[:1].service_ids.product_id
        if not own or not self._is_made_title(first.name, first.contact_name, own):
            return first.name
        return self._format_title(first.contact_name, leads.service_ids.product_id)

    def _get_tickets(self):
        tickets = ", ".join(ref for ref in self.mapped("ticket_ref") if ref)
        return ", ".join(dict.fromkeys(tickets.split(", ")))

    def _get_merged_district(self):
        """Return the district of the lead whose address Odoo keeps."""
        address = self._merge_get_fields_address()
        source = self.filtered(
            lambda lead: all(lead[name] == value for name, value in address.items())
        )
        return source[:1].district_id
