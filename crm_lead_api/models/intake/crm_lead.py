# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter, defaultdict
from dataclasses import dataclass

from psycopg2 import IntegrityError, InterfaceError, OperationalError

from odoo import api, models
from odoo.exceptions import ConcurrencyError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import email_normalize, escape_psql

from ...exceptions import FieldError
from ...schemas.error import find_meant
from ...tools.day import to_stored
from ...tools.mode import ALL, MODE
from ...tools.phone_number import is_e164
from ...tools.transaction import savepoint
from ...translate import _lt
from ..lead.customer_profile_mixin import PHONE_ATTRIBUTES, PHONE_FIELDS
from .customer_directory import CustomerPlan

COPIED = "copied"  # the key of values that Odoo copied from the contact, as JSON
IGNORED = _lt("This attribute means nothing here, and is ignored.")
NO_AGENT = _lt("No user of the company has this e-mail: the team assigns the lead.")
NO_PHONE = _lt("This does not look like a phone number; it is kept as it is.")
SEVERAL_CONTACTS = _lt("Other contacts match, too: staff would check them.")


@dataclass
class CompanyPlan:
    """Plan the requests of one company, before anything is written."""

    leads: models.BaseModel  # crm.lead in the company
    positions: list[int]  # of the requests among all requests
    payloads: list  # without errors
    accounts: list  # the contact that each request names, else empty
    values: list[dict]  # of the leads, without customer and portrait
    customers: CustomerPlan


class CrmLead(models.Model):
    """Create leads from requests."""

    _inherit = "crm.lead"

    @api.model
    def _create_from_payload(self, payload):
        """Create a lead, with its customer, services and portrait, from a request.

        :raise PayloadError: the payload has errors, of its own or such as show only
            here
        :raise AccessError: the user may not create such a lead
        """
        [result] = self._create_planned(*self._prepare_and_lock([payload]))
        if isinstance(result, Exception):
            raise result
        return result

    def _get_new_contacts(self):
        """Return the contacts that the requests have made with their new leads."""
        return self.filtered(lambda lead: lead.match_method == "none").partner_id

    @api.model
    def _create_each_from_payloads(self, payloads):
        """Create the leads of requests, and return each, or its exception; a request
        that fails does not harm the others."""
        # Lock before the savepoint, whose rollback would release the keys.
        planned = self._prepare_and_lock(payloads)
        try:
            with savepoint(self.env.cr):
                return self._create_planned(*planned)
        except (OperationalError, InterfaceError, ConcurrencyError):
            raise  # concerns all leads: Odoo, or the client, repeats the request
        except Exception as error:  # any other error is reported for its lead
            if len(payloads) == 1:
                return [self._explain(error)]
        half = len(payloads) // 2
        return [
            *self._create_each_from_payloads(payloads[:half]),
            *self._create_each_from_payloads(payloads[half:]),
        ]

    @api.model
    def _explain(self, error):
        """Return an error of the database as the ValidationError that Odoo makes of it
        after a request, and any other error unchanged."""
        if not isinstance(error, IntegrityError):
            return error
        message = self._sql_error_to_message(error)
        text = self.env._("The operation cannot be completed: %s", message)
        return ValidationError(text)

    @api.model
    def _prepare_and_lock(self, payloads):
        """Find the records that requests name, and lock the records to be created.

        :return: the errors of wrong requests, by position; and the plans of the others,
            by company
        :raise AccessError: the user may not create leads
        :raise SerializationFailure: another transaction has made one of the customers,
            or tags, since this transaction began; Odoo runs the request again
        """
        self.check_access("create")
        errors, by_company = {}, defaultdict(dict)
        for position, (records, error) in enumerate(self._find_all_records(payloads)):
            if error:
                errors[position] = error
            else:
                by_company[records["company_id"]][position] = records
        groups = [
            self.with_company(company)._plan_company(payloads, checked)
            for company, checked in by_company.items()
        ]
        # All keys of all companies at once, to avoid a deadlock: see ``_lock``. Those
        # of tags come after them, when the portraits are created.
        self.env["crm.lead.api.lock"]._lock(
            [key for group in groups for key in group.customers.lock_keys]
        )
        return errors, groups

    @api.model
    def _plan_company(self, payloads, checked):
        """Plan the requests of the current company, by the records of each position."""
        payloads = [payloads[position] for position in checked]
        accounts = [each["account_id"].with_env(self.env) for each in checked.values()]
        agents = self._find_agents([payload.agent_email or "" for payload in payloads])
        teams = {agent: self._find_payload_team(agent) for agent in set(agents)}
        values = [
            self._prepare_payload_values(
                payload, {**records, "agent_email": agent, "team": teams[agent]}
            )
            for payload, records, agent in zip(
                payloads, checked.values(), agents, strict=True
            )
        ]
        customers = self.env["res.partner"]._plan_customers(payloads, accounts)
        return CompanyPlan(self, [*checked], payloads, accounts, values, customers)

    @api.model
    def _create_planned(self, errors, groups):
        """Create the leads of planned requests, and return each, or its error."""
        results = dict(errors)
        for number, group in enumerate(groups):
            if number:
                # Requests of another company may have made the customers meanwhile.
                partners = group.leads.env["res.partner"]
                group.customers = partners._plan_customers(
                    group.payloads, group.accounts
                )
            leads = group.leads._create_group(group)
            results |= dict(zip(group.positions, leads, strict=True))
        return [results[position] for position in sorted(results)]

    @api.model
    def _create_group(self, group):
        """Create the leads of requests of the current company."""
        # By the former name, which addons may override
        customers = self.env["res.partner"]._get_from_plan(group.customers)
        portraits = self.env["crm.customer.portrait"]._create_from_portraits(
            [payload.customer_portrait for payload in group.payloads],
            [customer.partner for customer in customers],
        )
        client = self.env.user._get_lead_api_client()
        vals_list = [
            {
                **values,
                **customer.to_lead_values(),
                "partner_id": customer.partner.id,
                "portrait_id": portrait.id,
                "lead_api_client_id": client.id,
                "lead_api_values": {
                    **values["lead_api_values"],
                    "portrait_id": portrait.id,
                    COPIED: customer.partner._prepare_copied_values(values),
                },
            }
            for values, customer, portrait in zip(
                group.values, customers, portraits, strict=True
            )
        ]
        leads = self.create(vals_list)
        self.env["crm.lead.proposal"]._create_from_differences(
            leads, [customer.differences for customer in customers]
        )
        for lead in leads.sudo():  # sudo: calls are other users' activities
            lead._plan_first_call(lead.create_date)
        # What the database refuses is refused in a dry run, too.
        self.env.flush_all()
        return leads

    # ------------------------------------------------------------ values

    @api.model
    def _prepare_payload_values(self, payload, records):
        """Prepare the values of a request's lead, without the links to customer and
        portrait. An addon overrides this method for attributes that are not simply
        written to a field; see ``crm.lead.api.client._get_schema``.

        :param dict records: the records of :meth:`_find_payload_records`, the agent,
            and under ``team`` the result of :meth:`_find_payload_team`
        """
        agent = records["agent_email"]
        team, stage, lead_type = records["team"]
        services = records["crm_line_ids"].with_env(self.env)
        quantities = Counter(payload.crm_line_ids)
        values = {**self._prepare_custom_values(payload), **payload.to_lead_values()}
        values["user_id"] = agent.id
        # By these values later changes of staff show.
        written = {name: self._to_json(name, value) for name, value in values.items()}
        written["service_ids"] = {str(key): value for key, value in quantities.items()}
        if payload.account_id:
            written["partner_id"] = payload.account_id
        if payload.customer_portrait:
            written["customer_portrait"] = payload.customer_portrait.get_parts()
        return {
            **values,
            "lead_api_sent": sorted(payload.get_sent_fields()),
            "lead_api_values": written,
            "name": self._format_title(payload.contact_name, services),
            "type": lead_type,
            "team_id": team.id,
            "stage_id": stage.id,
            "service_ids": [
                Command.create(
                    {
                        "sequence": sequence,
                        "is_of_staff": False,
                        "product_id": service.id,
                        "quantity": quantities[service.id],
                    }
                )
                for sequence, service in enumerate(services)
            ],
        }

    @api.model
    def _prepare_custom_values(self, payload):
        """Prepare the values of attributes that are written to a field, by field."""
        values = {
            name: value
            for attribute, name in payload.get_fields().items()
            if (value := getattr(payload, attribute)) is not None
        }
        for name, value in values.items():
            if self._fields[name].type == "many2many":
                values[name] = [Command.set(value)]
            elif self._fields[name].type == "datetime":
                values[name] = to_stored(value)
        return values

    @api.model
    def _find_agents(self, emails, companies=None):
        """Find the user with each login or e-mail, by default in this company."""
        is_agent = (
            Domain("active", "=", True)
            & Domain("share", "=", False)
            & Domain("company_ids", "in", (companies or self.env.company).ids)
        )
        # Of users with the same login or e-mail the oldest
        users, order = self.env["res.users"], "id desc"
        has_login = Domain.OR(
            Domain("login", "=ilike", escape_psql(email)) for email in set(emails)
        )
        found = users.search_fetch(is_agent & has_login, order=order)
        by_login = {user.login.lower(): user.id for user in found}
        # Not by an OR in one domain: PostgreSQL would read all contacts.
        others = {
            email: email_normalize(email)
            for email in emails
            if email.lower() not in by_login
        }
        by_email = {}
        if others:
            # sudo: an agent's e-mail is on a contact that the client may not see
            partners = self.env["res.partner"].sudo()
            partners = partners.with_context(active_test=False, **{MODE: ALL})
            has_email = partners._search(
                [("email_normalized", "in", {*others.values()} - {False})]
            )
            is_found = is_agent & Domain("partner_id", "in", has_email)
            found = users.search_fetch(is_found, order=order)
            by_email = {user.email_normalized: user.id for user in found.sudo()}
        return [
            users.browse(by_login.get(email.lower()) or by_email.get(others.get(email)))
            for email in emails
        ]

    @api.model
    def _find_payload_team(self, agent):
        """Return (team, stage, type) for a lead of an agent in the current company. The
        team is the agent's, else the client's, else the first team. The type follows
        the Leads feature, so that staff find the lead: the feature is on or off for the
        whole database, and then for each team."""
        use_leads = self.env.user.has_group("crm.group_use_lead")
        default_team = self.env.user._get_lead_api_client().team_id.filtered(
            lambda team: team.active and team.company_id <= self.env.company
        )
        team = (
            self.env["crm.team"]
            .with_context(default_team_id=default_team.id)
            ._get_default_team_id(
                user_id=agent.id,
                domain=[("use_leads" if use_leads else "use_opportunities", "=", True)],
            )
        )
        stage = self._stage_find(team.id, [("fold", "=", False)])
        is_lead = use_leads and (not team or team.use_leads)
        return team, stage, "lead" if is_lead else "opportunity"

    def _get_payload_warnings(self, payload) -> list[FieldError]:
        """Return warnings of likely mistakes in sent attributes that are no errors."""
        meant = find_meant(payload)
        warnings = [
            FieldError(path, "ignored", IGNORED, did_you_mean=meant.get(path))
            for path in payload.get_ignored_fields()
        ]
        if not self.user_id:
            warnings.append(FieldError("agent_email", "unknown", NO_AGENT))
        warnings += [
            FieldError(name, "format", NO_PHONE)
            for name, field in zip(PHONE_ATTRIBUTES, PHONE_FIELDS, strict=True)
            if self[field] and not is_e164(self[f"{field}_key"])
        ]
        if self.is_match_doubtful:
            name = "account_id" if self.match_method == "account" else "phone_no1"
            warnings.append(FieldError(name, "ambiguous", SEVERAL_CONTACTS))
        sent = payload.get_sent_fields()
        return [
            each for each in warnings if each.code == "ignored" or each.field in sent
        ]
