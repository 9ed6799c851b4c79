# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from dataclasses import dataclass

from psycopg2 import IntegrityError, InterfaceError, OperationalError

from odoo import api, models
from odoo.exceptions import ConcurrencyError, ValidationError
from odoo.tools import LazyTranslate

from ...tools.follow_up import collect_follow_ups
from ...tools.savepoint import savepoint
from .customer_plan import CustomerPlan

_lt = LazyTranslate(__name__, default_lang="en_US")

# Until the follow-up; equal values, so that Odoo regards the probability as automatic
UNSCORED = {"probability": 0, "automated_probability": 0}


@dataclass
class CompanyPlan:
    """Plan the requests of one company, before anything is written.

    :param leads: ``crm.lead`` in the company
    :param positions: positions of the requests among all requests
    :param payloads: payloads without errors
    :param accounts: the contact that each request names, else empty
    :param values: values of the leads, without customer and portrait
    :param customers: the customers of the requests
    """

    leads: models.BaseModel
    positions: list[int]
    payloads: list
    accounts: list
    values: list[dict]
    customers: CustomerPlan


@dataclass
class IntakePlan:
    """List the records that requests create, while the records' keys are locked.

    :param errors: errors of wrong requests, by position
    :param groups: the other requests, by company
    :param tags: tags of the words of portraits, as of
        ``crm.customer.portrait.tag._find_by_texts``
    :param new_words: the words without a tag, as of the same method
    """

    errors: dict[int, Exception]
    groups: list[CompanyPlan]
    tags: dict
    new_words: dict


class CrmLead(models.Model):
    """Create leads from requests."""

    _inherit = "crm.lead"

    @api.model
    def _create_from_payload(self, payload):
        """Create a lead, with its customer, services and portrait, from a request.

        :param LeadRequest payload: the payload; its errors are reported together with
            errors that show only here
        :raise PayloadError: the payload has errors
        :raise AccessError: the user may not create such a lead
        """
        [result] = self._create_planned([payload], self._plan([payload]))
        if isinstance(result, Exception):
            raise result
        return result

    def _get_new_contacts(self):
        """Return the contacts that the requests have made with their new leads."""
        return self.filtered(lambda lead: lead.match_method == "none").partner_id

    @api.model
    def _create_each_from_payloads(self, payloads):
        """Create the leads of requests; a request that fails does not harm the others.

        :param list[LeadRequest] payloads: with or without errors
        :return: for each request the lead, or the exception
        :raise AccessError: the user may not create leads
        """
        # Lock before the first savepoint, whose rollback would release the keys.
        return self._create_each_planned(payloads, self._plan(payloads))

    @api.model
    def _create_each_planned(self, payloads, plan):
        try:
            with savepoint(self.env.cr):
                return self._create_planned(payloads, plan)
        except (OperationalError, InterfaceError, ConcurrencyError):
            raise  # concerns all leads: Odoo, or the client, repeats the request
        except Exception as error:  # any other error is reported for its lead
            if len(payloads) == 1:
                return [self._explain_refusal(error)]
        half = len(payloads) // 2
        return [
            result
            for part in (payloads[:half], payloads[half:])
            for result in self._create_each_planned(part, self._plan(part))
        ]

    @api.model
    def _explain_refusal(self, error):
        """Convert a database error as Odoo does at the end of a request."""
        if not isinstance(error, IntegrityError):
            return error
        message = self._sql_error_to_message(error)
        return ValidationError(
            self.env._("The operation cannot be completed: %s", message)
        )

    @api.model
    def _plan(self, payloads):
        """Find the records that requests name, and lock the records to be created.

        :param list[LeadRequest] payloads: with or without errors
        :rtype: IntakePlan
        :raise AccessError: the user may not create leads
        :raise SerializationFailure: another transaction has made one of the customers,
            or tags, since this transaction began; Odoo runs the request again
        """
        self.check_access("create")
        errors, by_company = {}, defaultdict(list)
        for position, (records, error) in enumerate(self._find_all_records(payloads)):
            if error:
                errors[position] = error
            else:
                by_company[records["company_id"]].append((position, records))
        groups = [
            self.with_company(company)._plan_company(
                [position for position, _records in checked],
                [payloads[position] for position, _records in checked],
                [records for _position, records in checked],
            )
            for company, checked in by_company.items()
        ]
        words = [
            word
            for group in groups
            for payload in group.payloads
            if payload.customer_portrait
            for word in payload.customer_portrait.get_words()
        ]
        all_tags = self.env["crm.customer.portrait.tag"]
        tags, new_words = all_tags._find_by_texts(words)
        # All keys of all companies at once, to avoid a deadlock: see ``_lock``.
        self.env["crm.lead.api.lock"]._lock(
            [
                *all_tags._get_lock_keys(new_words),
                *(key for group in groups for key in group.customers.lock_keys),
            ]
        )
        return IntakePlan(errors, groups, tags, new_words)

    @api.model
    def _plan_company(self, positions, payloads, all_records):
        """Plan the requests of the current company.

        :param list[int] positions: positions of the requests among all requests
        :param list[LeadRequest] payloads: payloads without errors
        :param list[dict] all_records: the records that each request names
        """
        accounts = [records["account_id"].with_env(self.env) for records in all_records]
        return CompanyPlan(
            leads=self,
            positions=positions,
            payloads=payloads,
            accounts=accounts,
            values=self._prepare_all_payload_values(payloads, all_records),
            customers=self.env["res.partner"]._plan_customers(payloads, accounts),
        )

    @api.model
    def _create_planned(self, payloads, plan):
        """Create the leads of requests as planned.

        :param IntakePlan plan: the plan of the payloads
        :return: for each request the lead, or the :class:`PayloadError`
        """
        results = dict(plan.errors)
        tags = self.env["crm.customer.portrait.tag"]
        all_tags = plan.tags | tags._create_by_texts(plan.new_words)
        for number, group in enumerate(plan.groups):
            if number:
                # Requests of another company may have made the customers meanwhile.
                partners = group.leads.env["res.partner"]
                group.customers = partners._plan_customers(
                    group.payloads, group.accounts
                )
            leads = group.leads._create_group(group, all_tags)
            results |= dict(zip(group.positions, leads, strict=True))
        return [results[position] for position in range(len(payloads))]

    @api.model
    def _create_group(self, group, tags):
        """Create the leads of requests of the current company.

        :param CompanyPlan group: the requests
        :param dict tags: the tags of all words of portraits
        """
        with collect_follow_ups() as follow_ups:
            customers = self.env["res.partner"]._get_from_plan(group.customers)
            portraits = self.env["crm.customer.portrait"]._create_from_portraits(
                [payload.customer_portrait for payload in group.payloads],
                [customer.partner for customer in customers],
                tags,
            )
            client = self.env.user._get_lead_api_client()
            vals_list = [
                {
                    **values,
                    **UNSCORED,
                    **customer.match.to_lead_values(),
                    "partner_id": customer.partner.id,
                    "portrait_id": portrait.id,
                    "lead_api_client_id": client.id,
                    "lead_api_values": {
                        **values["lead_api_values"],
                        "portrait_id": portrait.id,
                    },
                }
                for values, customer, portrait in zip(
                    group.values, customers, portraits, strict=True
                )
            ]
            with follow_ups.making(self._name):
                leads = self.create(vals_list)
            self.env["crm.lead.proposal"]._create_from_differences(
                leads, [customer.differences for customer in customers]
            )
            for lead in leads.filtered(lambda lead: not lead.is_lead_api_test):
                if client.plans_call and lead.user_id:
                    follow_ups.add("call", lead)
                follow_ups.add("score", lead)
            # Flush while overrides still know that a request makes the records.
            self.env.flush_all()
        self.env["crm.lead.api.follow.up"]._queue(follow_ups)
        return leads
