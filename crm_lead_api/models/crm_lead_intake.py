# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter, defaultdict
from datetime import timezone

from psycopg2 import IntegrityError, InterfaceError, OperationalError

from odoo import api, models
from odoo.exceptions import ConcurrencyError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL, LazyTranslate, email_normalize

from ..context import PUT_OFF, RECALL, is_putting_off
from ..exceptions import FieldError
from ..phone_number import is_e164
from ..savepoint import savepoint
from .crm_lead_follow_up import UNFINISHED
from .customer_profile_mixin import PHONE_ATTRIBUTES, PHONE_FIELDS

_lt = LazyTranslate(__name__, default_lang="en_US")

IGNORED = _lt("This attribute means nothing here, and is ignored.")
NO_AGENT = _lt("No user of the company has this e-mail: the team assigns the lead.")
NO_PHONE = _lt("This does not look like a phone number; it is kept as it is.")
SEVERAL_CONTACTS = _lt("Other contacts match, too: staff would look at them.")


class CrmLead(models.Model):
    """How a request becomes a lead."""

    _inherit = "crm.lead"

    @api.model
    def _create_from_payload(self, payload):
        """Make a lead, with its customer, services and portrait, from a request.

        :param LeadRequest payload: may have errors, they are reported together with
            those that show only here
        :raise PayloadError: something in the payload is wrong
        :raise AccessError: the user may not create such a lead
        """
        [result] = self._create_from_payloads([payload])
        if isinstance(result, Exception):
            raise result
        return result

    @api.model
    def _create_each_from_payloads(self, payloads):
        """Make the leads of requests: what goes wrong with one harms no other.

        :param list[LeadRequest] payloads: with or without errors
        :return: for each request the lead, or the exception
        :raise AccessError: the user may not create leads
        """
        self.check_access("create")
        try:
            with savepoint(self.env.cr):
                return self._create_from_payloads(payloads)
        except (OperationalError, InterfaceError, ConcurrencyError):
            raise  # of all of them: Odoo runs the call again, or the caller does
        except Exception as error:  # whatever it was, it is told of that lead
            if len(payloads) == 1:
                return [self._explain_refusal(error)]
        half = len(payloads) // 2
        return [
            *self._create_each_from_payloads(payloads[:half]),
            *self._create_each_from_payloads(payloads[half:]),
        ]

    @api.model
    def _explain_refusal(self, error):
        """Return what Odoo makes of an exception at the end of a request."""
        if not isinstance(error, IntegrityError):
            return error
        message = self._sql_error_to_message(error)
        return ValidationError(
            self.env._("The operation cannot be completed: %s", message)
        )

    @api.model
    def _create_from_payloads(self, payloads):
        """Make the leads of requests: as one after the other, but together.

        Those of one company come together, in the order of the companies.

        :param list[LeadRequest] payloads: with or without errors
        :return: for each request the lead, or the :class:`PayloadError`
        :raise AccessError: the user may not create leads
        """
        self.check_access("create")
        model = self.with_context(**RECALL)
        results, by_company = {}, defaultdict(list)
        for position, (records, error) in enumerate(model._find_all_records(payloads)):
            if error:
                results[position] = error
            else:
                by_company[records["company_id"]].append((position, records))
        # In one order, so that no two calls wait for each other.
        for company, checked in sorted(by_company.items(), key=lambda each: each[0].id):
            leads = model.with_company(company).with_context(
                # The contact is staff's: Odoo would push the lead's phone and e-mail
                # to it.
                lead_api_keep_contact=True,
                # What takes long and nobody waits for comes after the answer.
                **PUT_OFF,
            )
            made = leads._create_checked(
                [payloads[position] for position, _records in checked],
                [records for _position, records in checked],
            )
            results |= {
                position: lead
                for (position, _records), lead in zip(checked, made, strict=True)
            }
        return [results[position] for position in range(len(payloads))]

    def _check_company(self, fnames=None):
        if fnames is None and is_putting_off(self.env):
            # What a request names has been checked: see _check_payload_records.
            self -= self._get_unfinished()
        return super()._check_company(fnames)

    @api.model
    def _create_checked(self, payloads, all_records):
        """Make the leads of checked requests of the current company.

        :param list[LeadRequest] payloads: without errors
        :param list[dict] all_records: the records that each of them names
        """
        # All that is only looked up comes first, so that Odoo need not save in between.
        agents = self._find_agents([payload.agent_email for payload in payloads])
        values = [
            self._prepare_payload_values(payload, {**records, "agent_email": agent})
            for payload, records, agent in zip(
                payloads, all_records, agents, strict=True
            )
        ]
        customers = self.env["res.partner"]._get_from_payloads(
            payloads,
            [records["account_id"].with_env(self.env) for records in all_records],
        )
        portraits = self.env["crm.customer.portrait"]._create_from_payloads(
            payloads, [customer.partner for customer in customers]
        )
        client = self.env.user._get_lead_api_client()
        vals_list = [
            {
                **each,
                **UNFINISHED,
                "lead_api_follow_up": {"is_contact_new": customer.is_new()},
                **customer.match.to_lead_values(),
                "partner_id": customer.partner.id,
                "portrait_id": portrait.id,
                "lead_api_client_id": client.id,
            }
            for each, customer, portrait in zip(
                values, customers, portraits, strict=True
            )
        ]
        leads = self.create(vals_list)
        self.env["crm.lead.proposal"]._create_from_differences(
            leads, [customer.differences for customer in customers]
        )
        self._trigger_follow_up()
        # While the context still keeps computed fields from reaching the contact.
        self.env.flush_all()
        return leads

    @api.model
    def _prepare_payload_values(self, payload, records):
        """Return the values of a request's lead, without customer and portrait.

        Another addon that takes more attributes overrides it where one is not simply
        written to a field; see ``crm.lead.api.client._get_schema``.

        :param LeadRequest payload: a checked request
        :param dict records: what :meth:`_find_payload_records` found, and the agent
        """
        agent = records["agent_email"]
        team, stage, lead_type = self._find_payload_team(agent)
        services = records["crm_line_ids"].with_env(self.env)
        quantities = Counter(payload.crm_line_ids)
        return {
            **self._prepare_custom_values(payload),
            **payload.to_lead_values(),
            "lead_api_sent": sorted(payload.get_sent_fields()),
            "name": f"{payload.contact_name} - {', '.join(services.mapped('name'))}",
            "type": lead_type,
            "user_id": agent.id,
            "team_id": team.id,
            "stage_id": stage.id,
            "service_ids": [
                Command.create(
                    {
                        "sequence": sequence,
                        "product_id": service.id,
                        "quantity": quantities[service.id],
                    }
                )
                for sequence, service in enumerate(services)
            ],
        }

    @api.model
    def _prepare_custom_values(self, payload):
        """Return what was sent for attributes that are fields as they are, by field."""
        values = {
            name: value
            for attribute, name in payload.get_fields().items()
            if (value := getattr(payload, attribute)) is not None
        }
        for name, value in values.items():
            if self._fields[name].type == "many2many":
                values[name] = [Command.set(value)]
            elif self._fields[name].type == "datetime":
                utc = value.astimezone(timezone.utc)
                values[name] = utc.replace(tzinfo=None, microsecond=0)
        return values

    @api.model
    def _find_agents(self, emails):
        """Return the user of the current company with each login or e-mail, if any.

        :rtype: list[res.users]
        """
        normalized = {email: email_normalize(email) for email in emails}
        users = self.env["res.users"]
        users.flush_model(["login", "partner_id"])
        users.partner_id.flush_model(["email_normalized"])
        # Not by a domain: with an OR over two tables PostgreSQL reads all contacts.
        known = SQL(
            """(
            SELECT id FROM res_users WHERE lower(login) = ANY(%(logins)s)
             UNION
            SELECT users.id
              FROM res_partner AS partner
              JOIN res_users AS users ON users.partner_id = partner.id
             WHERE partner.email_normalized = ANY(%(emails)s)
            )""",
            logins=[email.lower() for email in normalized],
            emails=[email for email in normalized.values() if email],
        )
        query = users._search(
            Domain("id", "in", known)
            & Domain("share", "=", False)
            & Domain("company_ids", "in", self.env.company.ids),
            order="id",
        )
        names = ("id", "login", "email_normalized")
        rows = self.env.execute_query(
            query.select(
                *(users._field_to_sql(query.table, name, query) for name in names)
            )
        )
        by_login = {login.lower(): user_id for user_id, login, _email in reversed(rows)}
        by_email = {email: user_id for user_id, _login, email in reversed(rows)}
        for user_id, _login, _email in rows:
            # Odoo is about to check them. sudo: they are the same for all
            user = users.browse(user_id)
            companies = user._fields["company_ids"]
            companies._insert_cache(user, [user.sudo()._get_company_ids()])
        return [
            users.browse(
                by_login.get(email.lower())
                or (normalized[email] and by_email.get(normalized[email]))
                or ()
            )
            for email in emails
        ]

    @api.model
    def _find_payload_team(self, agent):
        """Return (team, stage, type) for a lead of that agent, in the current company.

        The agent's team, else the client's, else the first.

        Staff look for leads where the Leads feature puts them: it is on or off for the
        whole database, and then for each team.
        """
        use_leads = self.env.user.has_group("crm.group_use_lead")
        default_team = self.env.user._get_lead_api_client().team_id.filtered(
            lambda team: team.active and team.company_id <= self.env.company
        )
        teams = self.env["crm.team"]
        team_id, stage_id = teams._find_for_payload(
            agent.id, use_leads, default_team.id
        )
        team = teams.browse(team_id)
        is_lead = use_leads and (not team or team.use_leads)
        return (
            team,
            self.env["crm.stage"].browse(stage_id),
            "lead" if is_lead else "opportunity",
        )

    def _get_payload_warnings(self, payload):
        """Return what is no error in the lead's request, but perhaps not meant.

        :rtype: list[FieldError]
        """
        warnings = [
            FieldError(path, "ignored", IGNORED)
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
        return warnings
