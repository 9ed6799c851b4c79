# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta, timezone

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from ...exceptions import FORBIDDEN, UNKNOWN_LEAD, AnswerError
from ...schemas.query import DEFAULT_LIMIT
from ...schemas.ticket import get_pattern
from ...translate import _lt

NOT_OWN = _lt("This client may read the lead, but only change leads that it made.")
EPOCH = datetime(1970, 1, 1)
MAX_TICKET_LEADS = 100


class CrmLeadApiReader(models.AbstractModel):
    """Find the leads that a client may read: its own, or all leads of its companies."""

    _name = "crm.lead.api.reader"
    _description = "Lead API Reader"

    def _get_lead(self, lead_id):
        """Return a lead; one that the client may not read is a 404."""
        leads, domain = self._get_leads()
        lead = leads.search(domain & Domain("id", "=", lead_id))
        if not lead:
            raise AnswerError(*UNKNOWN_LEAD)
        return lead

    def _get_own_lead(self, lead_id):
        """Return a lead that the client may change, with superuser rights; one that it
        may not read is a 404, one of another client, or of staff, a 403."""
        lead = self._get_lead(lead_id)
        if not lead.filtered_domain(self._get_own_domain()):
            raise AnswerError(*FORBIDDEN, NOT_OWN)
        return lead

    def _find_merged(self, lead_id):
        """Return the lead that a lead was merged into, if the client may read it."""

        def to_sql(_model, alias, _query):
            column = SQL.identifier(alias, "lead_api_merged_ids")
            return SQL("%s @> %s::jsonb", column, f"[{lead_id}]")

        leads, domain = self._get_leads()
        return leads.search(domain & Domain.custom(to_sql=to_sql), limit=1)

    def _find_own_by_ticket(self, ticket_id):
        """Return the leads of a ticket that the client may change, the newest first."""
        leads = self._find_by_ticket(ticket_id)
        return leads.filtered_domain(self._get_own_domain())

    def _find_by_ticket(self, ticket_id):
        """Return the leads of a ticket, the newest first. It is as the client's schema
        has it: a number or, for a client with *Tickets Are Texts*, a text."""
        leads, domain = self._get_leads()
        found = leads.search(
            domain & self._has_ticket(ticket_id),
            order="id desc",
            limit=MAX_TICKET_LEADS,
        )
        client = self.env.user._get_lead_api_client()
        return found.filtered(lambda lead: ticket_id in lead._get_ticket_ids(client))

    def _find_own_by_tickets(self, requests) -> dict:
        """Return the leads that the client may change, the newest first, by the ticket
        of each request whose answer has warnings."""
        tickets = {each.payload.ticket_id for each in requests if each.tells_warnings}
        # Another addon's lead need not have a ticket.
        found = {ticket_id: [] for ticket_id in tickets - {None}}
        if found:
            leads, domain = self._get_leads()
            has_ticket = Domain.OR(map(self._has_ticket, found))
            domain &= self._get_own_domain() & has_ticket
            client = self.env.user._get_lead_api_client()
            for lead in leads.search(domain, order="id desc"):
                for ticket_id in found.keys() & set(lead._get_ticket_ids(client)):
                    found[ticket_id].append(lead)
        return found

    def _has_ticket(self, ticket_id):
        """Return the domain of leads with a ticket; a merged lead has several. The
        trigram index serves ``like``. The pattern leaves out the leads of tickets that
        only contain the wanted ticket, before the leads are counted."""

        def to_sql(_model, alias, _query):
            column = SQL.identifier(alias, "ticket_ref")
            return SQL("%s ~ %s", column, get_pattern(ticket_id))

        contains = Domain("ticket_ref", "like", escape_psql(str(ticket_id)))
        return contains & Domain.custom(to_sql=to_sql)

    def _get_page_of(self, records, domain, query, horizon):
        """Return the records that have changed, the oldest change first, and the cursor
        of the next page or ``None``. A record that changes while the pages are read
        appears again on a later page; no record is left out.

        :param records: of a model with an index of ``(write_date, id)``
        :param domain: of the records that the client may read
        :param query: a checked query with ``updated_since``, ``limit`` and ``cursor``
        """
        limit = query.limit or DEFAULT_LIMIT
        domain &= self._is_changed("<", horizon)
        if query.updated_since:
            since = query.updated_since.astimezone(timezone.utc).replace(tzinfo=None)
            domain &= self._is_changed(">=", since)
        if query.cursor:
            microseconds, last_id = map(int, query.cursor.split("-"))
            date = EPOCH + timedelta(microseconds=microseconds)
            domain &= self._is_changed(">", date, last_id)
        found = records.search(domain, order="write_date, id", limit=limit + 1)
        page = found[:limit]
        if len(found) <= limit:
            return page, None
        microseconds = (page[-1].write_date - EPOCH) // timedelta(microseconds=1)
        return page, f"{microseconds}-{page[-1].id}"

    def _is_changed(self, operator, date, record_id=0):
        """Return the domain of records that changed before or after a moment, or at it
        with a smaller or greater id; in SQL, as domains compare whole seconds."""

        def to_sql(_model, alias, _query):
            return SQL(
                "(%s, %s) %s (%s, %s)",
                SQL.identifier(alias, "write_date"),
                SQL.identifier(alias, "id"),
                SQL(operator),
                date,
                record_id,
            )

        return Domain.custom(to_sql=to_sql)

    def _get_leads(self):
        """Return the model of leads, and the domain of the leads to read."""
        client = self.env.user._get_lead_api_client()
        # sudo: the domain limits the leads. The client's user has no rights on a lead
        # of staff that the client's lead was merged into, on lost reasons, and on the
        # salesperson's data.
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        domain = Domain("company_id", "in", [*self.env.companies.ids, False])
        if not client.reads_all_leads:
            domain &= self._get_own_domain()
        return leads, domain

    def _get_own_domain(self):
        """Return the domain of the leads that the client made, or that one of its leads
        was merged into."""
        client = self.env.user._get_lead_api_client()
        merged = self.env["crm.lead"]._fields["lead_api_merged_client_ids"]

        def to_sql(_model, alias, _query):
            # An array: PostgreSQL takes a subquery for half of the leads, and would
            # read all leads to find those of a client that has few.
            return SQL(
                "%s = ANY(ARRAY(SELECT %s FROM %s WHERE %s = %s))",
                SQL.identifier(alias, "id"),
                SQL.identifier(merged.column1),
                SQL.identifier(merged.relation),
                SQL.identifier(merged.column2),
                client.id,
            )

        return Domain("lead_api_client_id", "=", client.id) | Domain.custom(
            to_sql=to_sql,
            predicate=lambda lead: client in lead.lead_api_merged_client_ids,
        )

    def _find_horizon(self):
        """Return the time before which all changes are committed, and begin another
        transaction, which sees these changes. On a replica, return the horizon that the
        replica shows. A change has the time at which its transaction began: if a later
        change were read first, no client would ask for the earlier change any more."""
        horizons = self.env["crm.lead.api.horizon"]
        if self.env.cr.readonly:
            return horizons._read_arrived()[0]
        [[horizon]] = self.env.execute_query(horizons._find())
        self.env.cr.commit()  # pylint: disable=invalid-commit
        return horizon
