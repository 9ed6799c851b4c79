# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import uuid

from odoo import api, fields, models

from ...schemas.lead import Owner
from ...tools.json_body import to_json

CHANGES = "crm_lead_api.event.changes"
MERGERS = "crm_lead_api.event.mergers"


class CrmLeadApiEvent(models.Model):
    """Turn changes of leads into events."""

    _inherit = "crm.lead.api.event"

    @api.model
    def _watch(self, leads, is_new=False):
        """Remember the state of leads before a change, for events at the end of the
        transaction. Costs one read of the client in each transaction without events."""
        for lead in leads.sudo():  # sudo: salespeople may not read clients
            if lead.lead_api_client_id._get_webhook_events(lead.is_lead_api_test):
                state = "new" if is_new else lead.lead_api_state
                owner = lead.user_id.browse() if is_new else lead.user_id
                self._get_notes(CHANGES).setdefault(lead.id, (state, owner))

    @api.model
    def _watch_merger(self, lead, others):
        """Remember a merge of leads, for events at the end of the transaction."""
        lead, others = lead.sudo(), others.sudo()  # sudo: as above, to read clients
        # The waiting events of the others are sent before later events of the lead.
        self.sudo().search([("lead_id", "in", others.ids)]).lead_id = lead
        for other in others:
            client = other.lead_api_client_id
            if "lead.merged" in client._get_webhook_events(other.is_lead_api_test):
                # Only the client that a ticket is from may read the ticket's number.
                is_same = lead.lead_api_client_id == client
                ticket = lead._get_first_ticket(client) if is_same else None
                note = (client, other._get_first_ticket(client), lead.id, ticket)
                self._get_notes(MERGERS)[other.id] = note

    @api.model
    def _get_notes(self, key):
        """Return the notes that are kept until the end of the transaction."""
        precommit = self.env.cr.precommit
        if key not in precommit.data:
            # sudo: users may not write events; no context, for it may have defaults
            precommit.add(self.with_env(self.env(su=True, context={}))._queue_noted)
        return precommit.data.setdefault(key, {})

    @api.model
    def _queue_noted(self):
        """Queue the events of the changes and merges in this transaction."""
        values = self._prepare_noted_values(self.env.cr.precommit.data)
        if values:
            self.create(values)._trigger_sending()
            # Odoo has flushed already.
            self.env.flush_all()

    @api.model
    def _prepare_noted_values(self, notes) -> list[dict]:
        """Prepare the values of the events of this transaction. An addon overrides this
        method to take its own notes, which it has kept by :meth:`_get_notes`, out of
        those of the transaction, and to add the values of its events."""
        mergers, changes = notes.pop(MERGERS, {}), notes.pop(CHANGES, {})
        return [
            *self._prepare_merger_values(mergers),
            *self._prepare_change_values(changes),
        ]

    @api.model
    def _prepare_merger_values(self, mergers):
        """Prepare the values of the events of merged leads.

        :param dict mergers: (client, ticket, id and ticket of the remaining lead), by
            id of the deleted lead
        """
        values = []
        leads = self.env["crm.lead"].browse(note[2] for note in mergers.values())
        leads = leads.exists()
        for lead_id, (client, ticket, target_id, target_ticket) in mergers.items():
            # The remaining lead may have been merged, too.
            while target_id in mergers and target_id not in leads.ids:
                _client, _ticket, target_id, target_ticket = mergers[target_id]
            lead = leads.browse(target_id)
            if lead in leads:
                data = {
                    **self._prepare_data(client, lead),
                    "id_lead": lead_id,
                    "ticket_id": ticket,
                    "merged_into": {"id_lead": lead.id, "ticket_id": target_ticket},
                }
                values.append(self._prepare_values(client, "lead.merged", data, lead))
        return values

    @api.model
    def _prepare_change_values(self, changes):
        """Prepare the values of the events of leads, by (state, owner) before."""
        values = []
        for lead in self.env["crm.lead"].browse(changes).exists():
            old_state, old_owner = changes[lead.id]
            client, state = lead.lead_api_client_id, lead.lead_api_state
            wanted = client._get_webhook_events(lead.is_lead_api_test)
            happened = {
                "lead.assigned": lead.user_id and lead.user_id != old_owner,
                f"lead.{state}": state != old_state,
            }
            for event_type, is_so in happened.items():
                if is_so and event_type in wanted:
                    data = self._prepare_data(client, lead)
                    values.append(self._prepare_values(client, event_type, data, lead))
        return values

    @api.model
    def _prepare_values(self, client, event_type, data, lead=None):
        now = fields.Datetime.now()
        message_ref, ticket = f"msg_{uuid.uuid4()}", data.get("ticket_id")
        body = {
            "id": message_ref,
            "type": event_type,
            "timestamp": f"{now.isoformat()}Z",
            "data": data,
        }
        return {
            "date": now,
            "next_date": now,
            "client_id": client.id,
            "is_test": bool(lead and lead.is_lead_api_test),
            "company_id": (lead.company_id if lead else client.company_id).id,
            "type": event_type,
            "message_ref": message_ref,
            "lead_id": lead and lead.id,
            "ticket_ref": ticket is not None and str(ticket),
            "body": to_json(body),
            "state": "waiting",
        }

    @api.model
    def _prepare_data(self, client, lead):
        """Prepare the content of an event about a lead, without the customer's data."""
        owner, state = lead.user_id, lead.lead_api_state
        # In the language of the client's user, whoever made the change
        reason = lead.with_context(lang=client.user_id.lang).lost_reason_id.name
        return {
            "id_lead": lead.id,
            "ticket_id": lead._get_first_ticket(client),
            "state": state,
            "owner": Owner.from_user(owner).model_dump() if owner else None,
            "lost_reason": (state == "lost" and reason) or None,
            "link_lead_detail": lead._get_staff_url(),
        }
