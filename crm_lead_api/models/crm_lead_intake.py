# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter, defaultdict
from datetime import timezone

from psycopg2 import IntegrityError, InterfaceError, OperationalError

from odoo import api, models
from odoo.exceptions import ConcurrencyError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL, LazyTranslate, email_normalize

from ..exceptions import FieldError, PayloadError
from ..phone_number import is_e164
from ..reference import get_unknown
from ..savepoint import savepoint
from ..schemas import LeadRequest
from .crm_lead_follow_up import PUT_OFF, UNFINISHED
from .customer_profile_mixin import PHONE_ATTRIBUTES, PHONE_FIELDS

_lt = LazyTranslate(__name__, default_lang="en_US")

ARCHIVED = _lt("The record with this id is archived: send another one.")
NOT_INTERNAL = _lt("Send the id of an internal user, not of a portal user.")
NOT_IN_COUNTRY = _lt("Send a state of the country in country_id.")
NOT_IN_STATE = _lt("Send a district of the state in state_id.")
NOT_IN_GROUP = _lt("Send a source of the group in category_source_id.")
NOT_SELLABLE = _lt("This product is not for sale: send another one.")
NOT_OF_COMPANY = _lt("Send one that the company in company_id may use.")
IGNORED = _lt("This attribute means nothing here, and is ignored.")
NO_AGENT = _lt("No user of the company has this e-mail: the team assigns the lead.")
NO_PHONE = _lt("This does not look like a phone number; it is kept as it is.")
SEVERAL_CONTACTS = _lt("Other contacts match, too: staff would look at them.")
# What is asked of the records that a request names, where they have it
ASKED_FIELDS = (
    *("active", "share", "company_id", "country_id", "state_id", "group_id"),
    *("currency_id", "code", "partner_id"),
)


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
        results, by_company = {}, defaultdict(list)
        for position, (records, error) in enumerate(self._find_all_records(payloads)):
            if error:
                results[position] = error
            else:
                by_company[records["company_id"]].append((position, records))
        # In one order, so that no two calls wait for each other.
        for company, checked in sorted(by_company.items(), key=lambda each: each[0].id):
            leads = self.with_company(company).with_context(
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
        leads._subscribe_together(vals_list)
        leads._log_creation(
            self.env["res.partner"].union(
                *(
                    customer.partner
                    for customer in customers
                    if customer.match.method == "none"
                )
            )
        )
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

    def _get_custom_values(self):
        """Return the lead's values of attributes that are not the contract's.

        Another addon that takes more attributes overrides it where one is not simply
        read from a field; see ``crm.lead.api.client._get_schema``.

        :return: by attribute, what pydantic makes JSON of: texts, numbers, dates,
            lists; ``None`` for what is empty
        :rtype: dict
        """
        self.ensure_one()
        # The attributes that the reader knows; where it is no client, the sender's.
        client = self.env.user._get_lead_api_client() or self.sudo().lead_api_client_id
        sent = self._get_sent(client)
        return {
            attribute: self._get_custom_value(name)
            for attribute, name in client._get_schema().get_fields().items()
            # What Odoo computes, it may have from the contact.
            if not self._fields[name].compute or sent is None or attribute in sent
        }

    def _get_sent(self, client):
        """Return the attributes about the customer that a client may read, as it sent
        them: what Odoo has filled in from the contact, it need not know.

        :return: names; ``None``: all
        """
        if client.reads_all_leads:
            return None
        if self.lead_api_client_id != client:
            return []  # it was merged with another client's
        if self.lead_api_sent is False:  # it is older than the field
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
                return value.replace(tzinfo=timezone.utc) if value else None
            case "boolean" | "integer" | "float" | "monetary":
                return value
        return value or None

    def _get_staff_url(self):
        """Return the address of the lead's form in the CRM app."""
        self.ensure_one()
        action = (
            "crm.crm_lead_all_leads"
            if self.type == "lead"
            else "crm.crm_lead_action_pipeline"
        )
        get_id = self.env["ir.model.data"]._xmlid_to_res_id
        return (
            f"{self.get_base_url()}/web#id={self.id}&model={self._name}&view_type=form"
            f"&action={get_id(action)}&menu_id={get_id('crm.crm_menu_root')}"
        )

    # ------------------------------------------------------------ checking a payload

    @api.model
    def _find_payload_records(self, payload):
        """Return the records that a request names, by attribute.

        Searched with the user's rights, so that what it may not see does not exist.

        :param LeadRequest payload: with or without errors
        :raise PayloadError: with all that is wrong in the payload
        """
        [(records, error)] = self._find_all_records([payload])
        if error:
            raise error
        return records

    @api.model
    def _find_all_records(self, payloads):
        """Return for each payload the records that it names, by attribute, and the
        :class:`PayloadError` with all that is wrong in it, or ``None``."""
        wanted = defaultdict(set)
        for payload in payloads:
            for name, ids in payload.get_references().items():
                wanted[name].update(ids)
        models = payloads[0].get_models() if payloads else {}
        found = self._search_together(
            {
                **{n: (self.env[models[n]], list(ids)) for n, ids in wanted.items()},
                # Who writes the notes
                "": (self.env["res.users"], self.env.user.ids),
            }
        )
        usable = {
            name: set(
                (each.filtered("active") if "active" in each._fields else each).ids
            )
            for name, each in found.items()
        }
        all_records = []
        for payload in payloads:
            errors = payload.get_errors()
            records = {name: self.env[model] for name, model in models.items()}
            for name, ids in payload.get_references().items():
                for path, record_id in payload.get_reference_paths(name):
                    if record_id in usable[name]:
                        continue
                    if record_id in found[name]._ids:
                        errors.append(FieldError(path, "archived", ARCHIVED))
                    else:
                        errors.append(FieldError(path, "unknown", get_unknown(name)))
                # In the caller's order; only once each.
                records[name] = (
                    records[name]
                    .browse(each for each in dict.fromkeys(ids) if each in usable[name])
                    .with_prefetch(found[name].ids)
                )
            errors += self._check_payload_records(payload, records)
            error = PayloadError(payload.sort_errors(errors)) if errors else None
            all_records.append((records, error))
        return all_records

    @api.model
    def _search_together(self, wanted):
        """Search records of many models by one statement, archived ones too.

        What is about to be asked of them comes along, and stays in the cache.

        :param dict wanted: (model, ids) by name
        :return: the records that the user may see, by name
        """
        if not wanted:
            return {}
        queries = []
        for name, (model, ids) in wanted.items():
            query = model._search([("id", "in", ids)], active_test=False)
            values = [
                SQL("%s, %s", field, model._field_to_sql(query.table, field, query))
                for field in ASKED_FIELDS
                if field in model._fields and model._fields[field].column_type
                if model._fields[field].store and not model._fields[field].translate
            ]
            queries.append(
                query.subselect(
                    SQL("%s", name),
                    SQL.identifier(query.table, "id"),
                    SQL("jsonb_build_object(%s)", SQL(", ").join(values)),
                )
            )
        found = {name: [] for name in wanted}
        rows = self.env.execute_query(SQL(" UNION ALL ").join(queries))
        for name, record_id, values in rows:
            record = wanted[name][0].browse(record_id)
            for field, value in values.items():
                record._fields[field]._insert_cache(record, [value])
            found[name].append(record_id)
        return {name: wanted[name][0].browse(ids) for name, ids in found.items()}

    @api.model
    def _check_payload_records(self, payload, records):
        """Return an error for each record that does not go with the others.

        Another addon overrides it to refuse what else is wrong with a request; all
        errors are answered at once, in the order of the schema's attributes.

        :param LeadRequest payload: with or without errors; what was wrong is ``None``
        :param dict records: by attribute, empty where there is none that can be used
        :rtype: list[FieldError]
        """
        errors = []

        def check(name, wrong, message):
            errors.extend(
                FieldError(path, "mismatch", message)
                for path, record_id in payload.get_reference_paths(name)
                if record_id in wrong.ids
            )

        def differs(name, parent_name, parent_field):
            record, parent = records[name], records[parent_name]
            return record.filtered(lambda r: parent and r[parent_field] != parent)

        check("user_id", records["user_id"].filtered("share"), NOT_INTERNAL)
        check(
            "state_id", differs("state_id", "country_id", "country_id"), NOT_IN_COUNTRY
        )
        check(
            "district_id", differs("district_id", "state_id", "state_id"), NOT_IN_STATE
        )
        check(
            "source_id",
            differs("source_id", "category_source_id", "group_id"),
            NOT_IN_GROUP,
        )
        services = records["crm_line_ids"]
        check("crm_line_ids", services.filtered(lambda s: not s.sale_ok), NOT_SELLABLE)
        if company := records["company_id"]:
            custom = payload.get_fields().keys() & records.keys()
            for name in ("account_id", "price_list_id", "crm_line_ids", *custom):
                if "company_id" not in records[name]._fields:
                    continue
                domain = records[name]._check_company_domain(company)
                wrong = records[name] - records[name].filtered_domain(domain)
                check(name, wrong, NOT_OF_COMPANY)
        return errors
