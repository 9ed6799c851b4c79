# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, models

from ...exceptions import FieldError, PayloadError
from ...schemas.error import miss
from ...schemas.lead import FIELDS
from ...schemas.lead_change import ADD, REMOVE, WHOLE_LIST
from ...schemas.record_list import BY_ATTRIBUTE, get_unknown
from ...translate import _lt

ARCHIVED = _lt("The record with this id is archived: send another one.")
NOT_INTERNAL = _lt("Send the id of an internal user, not of a portal user.")
NOT_OF_PARENT = {
    "state_id": _lt("Send a state of the country in country_id."),
    "district_id": _lt("Send a district of the state in state_id."),
    "source_id": _lt("Send a source of the group in category_source_id."),
}
NOT_SELLABLE = _lt("This product is not for sale: send another one.")
NOT_OF_COMPANY = _lt("Send a record that the company in company_id may use.")
NOT_THERE = _lt("The lead does not have this service.")
IMMUTABLE = _lt("This attribute cannot be changed: leave it out.")


class CrmLead(models.Model):
    """Find the records that a request names, and check that they go together."""

    _inherit = "crm.lead"

    @api.model
    def _find_payload_records(self, payload):
        """Find the records that a request names, by attribute. The search has the
        user's rights: records that the user may not see are unknown.

        :raise PayloadError: with all errors of the payload
        """
        [(records, error)] = self._find_all_records([payload])
        if error:
            raise error
        return records

    @api.model
    def _find_all_records(self, payloads, present=None):
        """Find the records that payloads name, and check that they go together.

        :return: for each payload the records by attribute, and the
            :class:`PayloadError` with all errors of the payload, or ``None``
        """
        found = self._find_named_records(payloads, present)
        all_records = []
        for payload, (records, unusable) in zip(payloads, found, strict=True):
            errors = payload.get_errors() + unusable
            errors += self._check_payload_records(payload, records)
            error = PayloadError(payload.sort_errors(errors)) if errors else None
            all_records.append((records, error))
        return all_records

    @api.model
    def _find_named_records(self, payloads, present=None, kept=None):
        """Find the records that payloads of one schema name.

        :param dict present: the records of attributes that are not sent, by attribute;
            without it these attributes have no records
        :param dict kept: the ids of the records that may be archived, by attribute; of
            a lead's change, its own
        :return: for each payload the records by attribute, and an error for each record
            that cannot be used
        """
        wanted = defaultdict(set)
        for payload in payloads:
            for name, ids in payload.get_references().items():
                wanted[name].update(ids)
        models = payloads[0].get_models() if payloads else {}
        found = {
            name: self._search_named(self.env[models[name]].browse(sorted(ids)))
            for name, ids in wanted.items()
        }
        if "account_id" in models:
            self._follow_merged_accounts(payloads, found)
        kept = self._get_kept_ids_of(payloads[0]) if self else kept or {}
        usable = {
            name: {
                *(each.filtered("active") if "active" in each._fields else each).ids,
                *kept.get(name, set()).intersection(each.ids),
            }
            for name, each in found.items()
        }
        all_records = []
        for payload in payloads:
            records = {name: self.env[model] for name, model in models.items()}
            for name, unsent in (present or {}).items():
                records[name] = unsent.with_env(self.env)
            for name, ids in payload.get_references().items():
                # In the client's order, without duplicates.
                records[name] = (
                    records[name]
                    .browse(each for each in dict.fromkeys(ids) if each in usable[name])
                    .with_prefetch(found[name].ids)
                )
            errors = [
                FieldError(path, "archived", ARCHIVED)
                if record_id in found[name]._ids
                else FieldError(path, "unknown", get_unknown(name))
                for name in payload.get_references()
                for path, record_id in payload.get_reference_paths(name)
                if record_id not in usable[name]
            ]
            all_records.append((records, errors))
        return all_records

    @api.model
    def _follow_merged_accounts(self, payloads, found):
        """Let payloads name the contact that stayed, which is added to the records
        found, if they name a merged contact."""
        unknown = {payload.account_id for payload in payloads} - {None}
        unknown -= set(found["account_id"].ids) if unknown else set()
        if not unknown:
            return
        stayed = self.env["crm.lead.api.merged.account"]._follow(unknown)
        for payload in payloads:
            payload.account_id = stayed.get(payload.account_id, payload.account_id)
        others = found["account_id"].browse(sorted(set(stayed.values()) - unknown))
        if others:
            found["account_id"] |= self._search_named(others)

    @api.model
    def _search_named(self, records):
        """Search records that requests name, also archived, and return those that the
        user may see; a record need not exist."""
        all_records = records.with_context(active_test=False)
        found = all_records.search_fetch([("id", "in", records.ids)], order="id")
        return found.with_env(records.env)

    @api.model
    def _check_payload_records(self, payload, records) -> list[FieldError]:
        """Return an error for each record that does not go with the other records. An
        addon adds further checks, of a payload whose wrong attributes are ``None``, and
        of usable records alone; all errors are answered at once, in the order of the
        schema's attributes."""
        guests = records["user_id"].filtered("share")
        errors = self._describe_mismatch(payload, "user_id", guests, NOT_INTERNAL)
        # sudo: the client's user may not see it; a new lead has no records
        lead = self.sudo()
        for name, message in NOT_OF_PARENT.items():
            [(parent_name, parent_field)] = BY_ATTRIBUTE[name].parents.items()
            record, parent = records[name], records[parent_name]
            if (record, parent) == (lead[FIELDS[name]], lead[FIELDS[parent_name]]):
                continue  # staff may have parted them since
            # A parent that a change sends alone must go with the lead's record.
            is_sent = name in payload.get_sent_fields() or payload.get_reference_paths(
                parent_name
            )
            if is_sent and record and parent and record[parent_field] != parent:
                errors.append(FieldError(name, "mismatch", message))
        custom = payload.get_fields().keys() & records.keys()
        names = ("account_id", *custom)
        return errors + self._check_company_use(
            payload, records, records["company_id"], names
        )

    @api.model
    def _check_company_use(self, payload, records, company, names=(), kept=None):
        """Return an error for each service, price list or other record that a company
        may not use, and for each service that is not for sale."""
        errors, kept = [], self._get_kept_ids_of(payload) if self else kept or {}
        services = records.keys() & {WHOLE_LIST, ADD}
        for name in services:
            wrong = records[name].filtered(lambda service: not service.sale_ok)
            wrong -= wrong.browse(kept.get(name, ()))
            errors += self._describe_mismatch(payload, name, wrong, NOT_SELLABLE)
        for name in {*services, *names, "price_list_id"} & records.keys():
            if not company or "company_id" not in records[name]._fields:
                continue
            # Most records have this company, or none, which is always right.
            others = records[name].filtered(
                lambda record: record.company_id not in (company, company.browse())
            )
            if others:
                others -= others.filtered_domain(others._check_company_domain(company))
            errors += self._describe_mismatch(payload, name, others, NOT_OF_COMPANY)
        return errors

    @api.model
    def _describe_mismatch(self, payload, name, wrong, message):
        """Return an error for each record of an attribute that does not fit."""
        return [
            FieldError(path, "mismatch", message)
            for path, record_id in payload.get_reference_paths(name)
            if record_id in wrong.ids
        ]

    # ------------------------------------------------------------ changes

    def _find_change_records(self, payload):
        """Find the records that a change names; of other attributes the lead's."""
        payload.add_errors(self._check_unchangeable(payload))
        if not payload.get_errors():
            payload.add_errors(self._check_services(payload))
        # With the rights of the client's user, also for a lead that it may not read.
        leads = self.sudo(False)
        present = {  # has to go with the records of the change
            name: self[FIELDS[name]]
            for name in (
                "company_id",
                "country_id",
                "category_source_id",
                *NOT_OF_PARENT,
            )
            if not payload.is_emptied(name)
        }
        former = self._get_former_companies()
        if former and payload.company_id != self.company_id.id:
            present["company_id"] = companies = self.company_id | former
            leads = leads.with_context(allowed_company_ids=companies.ids)
        # The lead keeps its own account and company, which the client may not see now.
        kept = {name: None for name in ("account_id", "company_id")}
        checked = payload.model_copy(update=kept)
        [(records, error)] = leads._find_all_records([checked], present)
        if error:
            raise error
        return records

    def _get_kept_ids_of(self, payload) -> dict[str, set[int]]:
        services = dict.fromkeys((WHOLE_LIST, ADD), "service_ids")
        names = payload.get_field_names() | services
        sent = payload.get_references().keys() & names.keys()
        return self._get_kept_ids({each: names[each] for each in sent})

    def _get_kept_ids(self, names) -> dict[str, set[int]]:
        """Return the ids of the records that the lead has, or that the client last
        wrote, by attribute, as the names of fields are: archived, they stay usable."""
        lead = self.sudo()  # sudo: the client's user may not see the lead
        written = lead._get_written_values()
        present = lead._read_for_write(names.values())
        return {
            each: _to_ids(present[name]) | _to_ids(written.get(name))
            for each, name in names.items()
        }

    def _get_former_companies(self):
        """Return the client's companies from which staff have moved the lead."""
        # sudo: the client's user may not read what is kept of merged leads
        known = self.company_id.browse(self.sudo()._get_known_ids()["company_id"])
        former = known - self.company_id
        return former and former & self.env.user.company_ids

    def _find_of_former_companies(self, records):
        """Return the records that only the lead's former companies may use."""
        if "company_id" not in records._fields or not self._get_former_companies():
            return records.browse()
        usable = records._check_company_domain(self.company_id)
        return records - records.filtered_domain(usable)

    def _check_unchangeable(self, payload) -> list[FieldError]:
        """Return an error for each attribute that cannot be changed, or not emptied."""
        client = self.env.user._get_lead_api_client()
        # sudo: the methods read the clients of merged leads, and what is kept of them
        known = self.sudo()._get_known_ids()
        unchangeable = {
            "ticket_id": self.sudo()._get_ticket_ids(client),
            "account_id": known["partner_id"],
            "company_id": known["company_id"],
        }
        changes, errors = payload.get_changes(), []
        account = changes.get("account_id")
        if account and account != self.partner_id.id:
            merged = self.env["crm.lead.api.merged.account"]
            stayed = merged._follow([account, *known["partner_id"]])
            contact = self.partner_id.browse(stayed[account])
            if contact.id in map(stayed.get, known["partner_id"]):
                unchangeable["account_id"] = [account]
                # sudo: the client's user may not see the contact now
                if not contact.sudo().exists():
                    message = get_unknown("account_id")
                    errors.append(FieldError("account_id", "unknown", message))
        errors += [
            FieldError(name, "immutable", IMMUTABLE)
            for name, values in unchangeable.items()
            if changes.get(name) is not None and changes[name] not in values
        ]
        if payload.is_emptied("account_id") and self.partner_id:
            errors.append(FieldError("account_id", "immutable", IMMUTABLE))
        written = self._get_written_values()
        has_account = "partner_id" in written or changes.get("account_id")
        if payload.is_emptied("phone_no1") and not has_account:
            errors.append(miss("phone_no1"))
        return errors

    def _check_services(self, payload) -> list[FieldError]:
        """Return an error for each service to remove that the lead does not have, and
        an error if no service would stay."""
        products = self.service_ids.product_id
        errors = [
            FieldError(path, "unknown", NOT_THERE)
            for path, service in payload.get_reference_paths(REMOVE)
            if service not in products.ids
        ]
        if errors or not payload.remove_crm_line_ids:
            return errors
        change = self._plan_services(payload)
        present = dict.fromkeys(products.ids, 1)
        if not any({**present, **change.quantities}.values()):
            errors.append(miss(WHOLE_LIST))
        return errors


def _to_ids(value):
    """Return the ids in a value of a link, or in the services by id, as JSON."""
    return {value} if isinstance(value, int) else set(map(int, value or ()))
