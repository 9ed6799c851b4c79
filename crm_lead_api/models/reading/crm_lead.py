# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...schemas import LeadRequest
from ...tools.day import to_utc
from ...tools.mode import ALL, MODE

NOTED = "crm_lead_api.changed"  # key of the transaction's data


class CrmLead(models.Model):
    """Provide the values of a lead that clients may read, and move the date of the last
    change, by which clients poll, with all of them, and not only the lead's columns."""

    _inherit = "crm.lead"

    def _get_custom_values(self) -> dict:
        """Return the lead's values of attributes beyond the contract, which pydantic
        turns into JSON; ``None`` for an empty value. An addon with more attributes
        overrides this method for values that are not simply read from a field; see
        ``crm.lead.api.client._get_schema``."""
        self.ensure_one()
        # The attributes of the reading client or, if no client reads, of the sender.
        # sudo: staff may not read clients
        client = self.env.user._get_lead_api_client() or self.sudo().lead_api_client_id
        sent = self._get_sent(client)
        return {
            attribute: self._get_custom_value(name)
            for attribute, name in client._get_schema().get_fields().items()
            # Odoo may compute a value from the contact.
            if not self._fields[name].compute or sent is None or attribute in sent
        }

    def _get_sent(self, client):
        """Return the names of the customer's attributes that a client may read: those
        that it sent, not what Odoo has filled in; ``None``: all."""
        if client.reads_all_leads:
            return None
        if self.lead_api_client_id != client:
            return []  # merged with a lead of another client
        return self._get_sent_fields()

    def _get_sent_fields(self):
        """Return the attributes that the lead's client sent."""
        if self.lead_api_sent is False:  # the lead is older than the field
            return [n for n in LeadRequest.model_fields if LeadRequest.is_required(n)]
        return self.lead_api_sent

    def _get_custom_value(self, name):
        value = self[name]
        match self._fields[name].type:
            case "many2one":
                return value.id or None
            case "many2many":
                return value.ids
            case "datetime":
                return to_utc(value)
            case "boolean" | "integer" | "float" | "monetary":
                return value
        return value or None

    def _list_services(self) -> list[int]:
        """Return the services as a request names them: each as often as its whole
        quantity says, or once if no request could have such a long list."""
        lines = self.service_ids
        counts = [max(int(line.quantity), 1) for line in lines]
        limit = self.env["ir.config_parameter"]._get_lead_api_int("max_items")
        if sum(counts) > limit:
            counts = [1] * len(lines)
        return [
            line.product_id.id
            for line, count in zip(lines, counts, strict=True)
            for _unit in range(count)
        ]

    def _get_staff_action(self):
        if self.type == "lead":
            return "crm.crm_lead_all_leads"
        return "crm.crm_lead_action_pipeline"

    # ------------------------------------------------------------ dates of changes

    @api.model
    def _note_change(self, path, ids):
        """Note leads whose bodies change in this transaction with other records, by the
        path from the lead to them; ``id``: the lead itself."""
        precommit = self.env.cr.precommit
        if NOTED not in precommit.data:
            # sudo: the date moves for all leads; no context, for it may be of a test
            leads = self.with_env(self.env(su=True, context={}))
            precommit.add(leads._move_change_dates)
        noted = precommit.data.setdefault(NOTED, {})
        noted.setdefault(path, set()).update(ids)

    @api.model
    def _drop_change(self, path, ids):
        """Drop what was noted of records whose leads have the right date by
        themselves; see :meth:`_note_change`."""
        noted = self.env.cr.precommit.data.get(NOTED, {})
        noted.get(path, set()).difference_update(ids)

    @api.model
    def _find_linked(self, links, records):
        """Return all leads with a link, a field or path, to any of some records."""
        leads = self.with_context(active_test=False, **{MODE: ALL})
        return leads.search(
            Domain.OR(Domain(each, "in", records.ids) for each in links)
        )

    @api.model
    def _move_change_dates(self):
        """Move the date of the noted leads, by a statement: no rule of Odoo and no
        addon has to act on it."""
        noted = self.env.cr.precommit.data.pop(NOTED)
        if not any(noted.values()):
            return
        leads = self.with_context(active_test=False, **{MODE: ALL})
        query = leads._search(
            Domain.OR(Domain(path, "in", list(ids)) for path, ids in noted.items())
        )
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET write_date = %s WHERE id IN %s AND write_date < %s",
                SQL.identifier(self._table),
                self.env.cr.now(),
                query.subselect(),
                self.env.cr.now(),
            )
        )
        leads.invalidate_model(["write_date"])
