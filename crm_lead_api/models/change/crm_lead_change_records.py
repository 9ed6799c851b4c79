# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import LazyTranslate

from ...exceptions import FieldError
from ...schemas.error import field_error

_lt = LazyTranslate(__name__, default_lang="en_US")

IMMUTABLE = _lt("This attribute cannot be changed: leave it out.")


class CrmLead(models.Model):
    """Check the changes of a lead against the lead and the database."""

    _inherit = "crm.lead"

    def _find_change_records(self, payload):
        """Find the records that a change names; of other attributes the lead's records.

        :param LeadChange payload: the payload, with or without errors
        :rtype: dict
        :raise PayloadError: the payload has errors; the exception lists all of them
        """
        payload.add_errors(self._check_unchangeable(payload))
        if not payload.get_errors():
            payload.add_errors(self._check_services(payload))
        # With the rights of the client's user, also for a lead that it may not read.
        leads = self.env["crm.lead"].sudo(False)
        present = {
            name: record
            for name, record in self._get_present_records().items()
            if not payload.is_emptied(name)
        }
        [(records, error)] = leads._find_all_records([payload], present)
        if error:
            raise error
        return records

    def _get_present_records(self):
        """Return the lead's records that have to go with the records of a change."""
        return {
            "company_id": self.company_id,
            "country_id": self.country_id,
            "state_id": self.state_id,
            "district_id": self.district_id,
            "category_source_id": self.source_group_id,
            "source_id": self.source_id,
        }

    def _check_unchangeable(self, payload):
        """Return an error for each attribute that cannot be changed, or not emptied.

        :rtype: list[FieldError]
        """
        client = self.env.user._get_lead_api_client()
        written = self._get_written_values()
        unchangeable = {
            # sudo: the method reads the clients of merged leads
            "ticket_id": self.sudo()._get_ticket_ids(client),
            # Staff may have moved the lead to another contact: the client's is not new.
            "account_id": [self.partner_id.id, written.get("partner_id")],
            "company_id": self.company_id.ids,
        }
        changes = payload.get_changes()
        errors = [
            FieldError(name, "immutable", IMMUTABLE)
            for name, known in unchangeable.items()
            if changes.get(name) is not None and changes[name] not in known
        ]
        if payload.is_emptied("account_id") and self.partner_id:
            errors.append(FieldError("account_id", "immutable", IMMUTABLE))
        has_account = "partner_id" in written or changes.get("account_id")
        if payload.is_emptied("phone_no1") and not has_account:
            errors.append(field_error({"type": "missing", "loc": ("phone_no1",)}))
        return errors
