# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from psycopg2.errors import ForeignKeyViolation, ReadOnlySqlTransaction

from odoo import api, fields, models
from odoo.fields import Command, Domain

from ...tools.day import format_moment
from ...tools.fields import keep_until
from ...tools.transaction import use_primary
from ..request.crm_lead_api_request import clean

GC_LIMIT = 10_000
METHODS = [("account", "Account"), ("phone", "Phone"), ("email", "E-Mail and Name")]


class CrmLeadApiLookUp(models.Model):
    """Log the look-ups of customers: who looked, and whom the answer showed.

    The entry is written in the transaction of the look-up or, if a replica serves it,
    committed on the primary before the answer: without an entry there is no answer.
    """

    _name = "crm.lead.api.look.up"
    _description = "Lead API Look-Up"
    _order = "id desc"
    _log_access = False
    _has_texts_of_clients = True

    date = fields.Datetime("Time", required=True, index=True)
    kept_until = keep_until()
    client_id = fields.Many2one("crm.lead.api.client", required=True, index=True)
    token_id = fields.Many2one("crm.lead.api.token", index="btree_not_null")
    is_test = fields.Boolean("Test", help="The request had a test token.")
    request_ref = fields.Char(
        "Request ID", index="btree_not_null", help="The answer's X-Request-Id."
    )
    agent_email = fields.Char(
        "Agent", required=True, index=True, help="Who looked, as the client says."
    )
    agent_id = fields.Many2one(
        "res.users",
        string="Agent's User",
        index="btree_not_null",
        help="The user with the agent's e-mail or login, if there is one.",
    )

    # The customer looked for. Odoo's privacy look-up finds people by name and email.
    method = fields.Selection(METHODS, string="Looked Up by", required=True)
    value = fields.Char(
        "Looked for", index="trigram", help="The account, phones and e-mail sent."
    )
    name = fields.Char("Customer's Name", help="As sent with an e-mail.")
    email = fields.Char(index="btree_not_null")

    # The customers found
    contact_ids = fields.One2many(
        "crm.lead.api.look.up.contact", "look_up_id", string="Contacts Shown"
    )
    contact_count = fields.Integer(
        "Number Shown", aggregator="sum", help="Also of contacts erased since."
    )
    contact_names = fields.Char("Shown", compute="_compute_contact_names")

    _token_index = models.Index("(token_id, date) WHERE token_id IS NOT NULL")
    _test_date_index = models.Index("(date) WHERE is_test IS TRUE")

    @api.depends("contact_ids.display_name")
    def _compute_contact_names(self):
        for look_up in self:
            names = look_up.contact_ids.mapped("display_name")
            look_up.contact_names = ", ".join(names)

    @api.depends("agent_email", "date")
    def _compute_display_name(self):
        for look_up in self:
            date = format_moment(self.env, look_up.date)
            look_up.display_name = f"{look_up.agent_email}, {date}"

    @api.model
    def _keep(self, received, query, customers):
        """Keep a look-up, also of nobody, and the customers that the answer shows."""
        [agent] = self.env["crm.lead"]._find_agents(
            [query.agent_email], self.env.companies
        )
        values = {
            "date": fields.Datetime.now(),
            "client_id": received.client.id,
            "token_id": received.token.id,
            "is_test": received.is_test,
            "request_ref": received.request_ref,
            "agent_email": query.agent_email.lower(),  # a group for each agent
            "agent_id": agent.id,
            **self._prepare_searched_values(query),
            "contact_count": len(customers),
            "contact_ids": [
                Command.create(
                    {
                        "partner_id": customer.account_id,
                        "method": customer.matched_by.method,
                        "value": customer.matched_by.value,
                    }
                )
                for customer in customers
            ],
        }
        values = {name: clean(value) for name, value in values.items()}
        try:
            with use_primary(self.env) as primary:
                # sudo: no user may write look-ups
                self.with_env(primary).sudo().create(values)
        except ForeignKeyViolation:
            if not self.env.cr.readonly:
                raise
            # Staff have deleted or merged a contact that the replica still has. Odoo
            # runs the request again, on the primary.
            raise ReadOnlySqlTransaction("A contact shown is gone") from None

    @api.model
    def _prepare_searched_values(self, query):
        """Prepare the details by which a customer was looked for."""
        partners = self.env["res.partner"]
        country = self.env["res.country"].browse(query.country_id)
        sent = {
            "account": [str(query.account_id)] if query.account_id else [],
            "phone": [partners._get_phone_key(p, country) for p in query.get_phones()],
            "email": [query.email] if query.email else [],
        }
        return {
            "method": next(method for method, values in sent.items() if values),
            "value": ", ".join(value for values in sent.values() for value in values),
            "name": query.contact_name,
            "email": query.email,
        }

    def _anonymize(self):
        """Erase the details by which the customer was looked for."""
        self.write(dict.fromkeys(("value", "name", "email"), False))

    @api.model
    def _anonymize_partners(self, partners):
        """Erase contacts, and the details by which they are found, from look-ups."""
        live = partners.filtered(lambda each: not each.is_lead_api_test)
        details = set(filter(None, live.mapped("email_normalized")))
        details |= live._get_phone_digits()
        of_partners = Domain("contact_ids.partner_id", "in", partners.ids)
        self.search(
            Domain.OR([of_partners, *(Domain("value", "ilike", d) for d in details)])
        )._anonymize()
        contacts = self.env["crm.lead.api.look.up.contact"].with_env(self.env)
        contacts.search([("partner_id", "in", partners.ids)]).unlink()

    @api.autovacuum
    def _gc_old(self):
        """Delete look-ups as old as the entries of the log whose content is erased."""
        days = self.env["ir.config_parameter"]._get_lead_api_int("payload_days")
        oldest = fields.Datetime.now() - timedelta(days=days)
        old = self.search([("date", "<", oldest)], limit=GC_LIMIT, order="id")
        old.unlink()
        return len(old), len(old) == GC_LIMIT


class CrmLeadApiLookUpContact(models.Model):
    """Name a contact that a look-up showed."""

    _name = "crm.lead.api.look.up.contact"
    _description = "Lead API Contact Shown"
    _order = "id"
    _log_access = False
    _has_texts_of_clients = True

    look_up_id = fields.Many2one(
        "crm.lead.api.look.up", required=True, index=True, ondelete="cascade"
    )
    # Not "cascade": Odoo's privacy look-up does not find records that the database
    # deletes with the contact.
    partner_id = fields.Many2one(
        "res.partner", string="Contact", index="btree_not_null", ondelete="set null"
    )
    method = fields.Selection(METHODS, string="Found by", required=True)
    value = fields.Char("Found by Value")

    @api.depends("partner_id.display_name")
    def _compute_display_name(self):
        # sudo: an administrator may see whom a look-up showed, in any company
        for contact in self.sudo():
            contact.display_name = contact.partner_id.name or ""

    @api.ondelete(at_uninstall=False)
    def _anonymize_look_up(self):
        """Erase also the details by which the contact was looked for."""
        # Odoo's privacy look-up also deletes what was deleted with another record.
        self.exists().look_up_id._anonymize()
