# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter
from datetime import timezone

from odoo import api, models
from odoo.fields import Command, Domain
from odoo.tools import SQL, LazyTranslate, email_normalize

from ...exceptions import FieldError
from ...schemas.resemblance import find_meant
from ...tools.joint_search import Search, search_together
from ...tools.phone_number import is_e164
from ..lead.customer_profile_mixin import PHONE_ATTRIBUTES, PHONE_FIELDS

_lt = LazyTranslate(__name__, default_lang="en_US")

IGNORED = _lt("This attribute means nothing here, and is ignored.")
NO_AGENT = _lt("No user of the company has this e-mail: the team assigns the lead.")
NO_PHONE = _lt("This does not look like a phone number; it is kept as it is.")
SEVERAL_CONTACTS = _lt("Other contacts match, too: staff would check them.")
AGENT_FIELDS = ("login", "active", "share", "partner_id", "company_id")


class CrmLead(models.Model):
    """Prepare the values of a request's lead: its agent, team and fields."""

    _inherit = "crm.lead"

    @api.model
    def _prepare_all_payload_values(self, payloads, all_records):
        agents = self._find_agents([payload.agent_email for payload in payloads])
        teams = {agent: self._find_payload_team(agent) for agent in set(agents)}
        return [
            self._prepare_payload_values(
                payload, {**records, "agent_email": agent, "team": teams[agent]}
            )
            for payload, records, agent in zip(
                payloads, all_records, agents, strict=True
            )
        ]

    @api.model
    def _prepare_payload_values(self, payload, records):
        """Prepare the values of a request's lead, without the links to customer and
        portrait.

        An addon overrides this method for attributes that are not simply written to a
        field; see ``crm.lead.api.client._get_schema``.

        :param LeadRequest payload: a checked request
        :param dict records: the records of :meth:`_find_payload_records`, the agent,
            and under ``team`` the result of :meth:`_find_payload_team`
        """
        agent = records["agent_email"]
        team, stage, lead_type = records["team"]
        services = records["crm_line_ids"].with_env(self.env)
        quantities = Counter(payload.crm_line_ids)
        values = {**self._prepare_custom_values(payload), **payload.to_lead_values()}
        return {
            **values,
            "lead_api_sent": sorted(payload.get_sent_fields()),
            "lead_api_values": self._prepare_written_values(
                {**values, "user_id": agent.id}, payload, quantities
            ),
            "name": self._format_title(payload.contact_name, services),
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
    def _prepare_written_values(self, values, payload, quantities):
        """Prepare the values of a request by which later changes of staff show.

        :param dict values: by field, as for ``create``
        :param quantities: of the services, by id of the product
        """
        written = {name: self._to_json(name, value) for name, value in values.items()}
        if payload.account_id:
            written["partner_id"] = payload.account_id
        written["service_ids"] = {str(key): value for key, value in quantities.items()}
        return written

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
                utc = value.astimezone(timezone.utc)
                values[name] = utc.replace(tzinfo=None, microsecond=0)
        return values

    @api.model
    def _find_agents(self, emails, companies=None):
        """Find the user with each login or e-mail, if any.

        :param companies: ``res.company``, of which the user has one; without them the
            current company
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
        is_agent = (
            Domain("id", "in", known)
            & Domain("active", "=", True)
            & Domain("share", "=", False)
            & Domain("company_ids", "in", (companies or self.env.company).ids)
        )
        # sudo: an agent's e-mail is on a contact that the client may not see
        partners = self.env["res.partner"].sudo()
        found = search_together(
            {
                "users": Search(users, is_agent, AGENT_FIELDS),
                "partners": Search(
                    partners, Domain("user_ids", "any", is_agent), ["email_normalized"]
                ),
            }
        ).records["users"]
        found = found.sorted("id")
        # Of users with the same login or e-mail the oldest
        by_login = {user.login.lower(): user.id for user in reversed(found)}
        by_email = {
            user.partner_id.email_normalized: user.id for user in reversed(found)
        }
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
        """Return (team, stage, type) for a lead of an agent in the current company.

        The team is the agent's, else the client's, else the first team.

        The type follows the Leads feature, so that staff find the lead: the feature is
        on or off for the whole database, and then for each team.
        """
        use_leads = self.env.user.has_group("crm.group_use_lead")
        default_team = self.env.user._get_lead_api_client().team_id.filtered(
            lambda team: team.active and team.company_id <= self.env.company
        )
        team, stage = self.env["crm.team"]._find_for_payload(
            agent, use_leads, default_team
        )
        is_lead = use_leads and (not team or team.use_leads)
        return team, stage, "lead" if is_lead else "opportunity"

    def _get_payload_warnings(self, payload):
        """Return warnings of likely mistakes in the sent attributes that are no errors.

        :rtype: list[FieldError]
        """
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
