# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta, timezone

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...exceptions import UnknownPathError
from ...schemas.query import DEFAULT_LIMIT

EPOCH = datetime(1970, 1, 1)
LONGEST_WRITE = timedelta(minutes=5)
MAX_TICKET_LEADS = 100


class CrmLeadApiReader(models.AbstractModel):
    """What a client may read of leads: those that it made, or all of its companies."""

    _name = "crm.lead.api.reader"
    _description = "Lead API Reader"

    @api.model
    def _get_lead(self, lead_id):
        """Return a lead.

        :raise UnknownPathError: there is none with this id that the client may read
        """
        leads, domain = self._get_leads()
        lead = leads.search(domain & Domain("id", "=", lead_id))
        if not lead:
            raise UnknownPathError()
        return lead

    @api.model
    def _find_by_ticket(self, ticket_id):
        """Return the leads of a ticket, the newest first."""
        leads, domain = self._get_leads()
        # A merged lead has several tickets.
        found = leads.search(
            domain & Domain("ticket_ref", "like", str(ticket_id)),
            order="id desc",
            limit=MAX_TICKET_LEADS,
        )
        client = self.env.user._get_lead_api_client()
        return found.filtered(lambda lead: ticket_id in lead._get_ticket_ids(client))

    @api.model
    def _get_page(self, query, horizon):
        """Return the leads that have changed, those whose change is oldest first.

        A lead that changes while the pages are read comes again on a later one; none is
        left out.

        :param LeadsQuery query: a checked query
        :param horizon: what :meth:`_find_horizon` returned
        :return: the leads, and the cursor of the next page or ``None``
        """
        leads, domain = self._get_leads()
        limit = query.limit or DEFAULT_LIMIT
        domain &= self._is_changed("<", horizon)
        if query.updated_since:
            since = query.updated_since.astimezone(timezone.utc).replace(tzinfo=None)
            domain &= self._is_changed(">=", since)
        if query.cursor:
            microseconds, last_id = map(int, query.cursor.split("-"))
            date = EPOCH + timedelta(microseconds=microseconds)
            domain &= self._is_changed(">", date, last_id)
        found = leads.search(domain, order="write_date, id", limit=limit + 1)
        page = found[:limit]
        if len(found) <= limit:
            return page, None
        microseconds = (page[-1].write_date - EPOCH) // timedelta(microseconds=1)
        return page, f"{microseconds}-{page[-1].id}"

    @api.model
    def _is_changed(self, operator, date, lead_id=None):
        """Return the domain of leads that changed before or after a moment.

        In SQL: those of Odoo compare whole seconds.

        :param lead_id: of leads that changed at that very moment, those with a greater
            or smaller id
        """

        def to_sql(_model, alias, _query):
            columns = [SQL.identifier(alias, "write_date")]
            values = [SQL("%s", date)]
            if lead_id is not None:
                columns.append(SQL.identifier(alias, "id"))
                values.append(SQL("%s", lead_id))
            return SQL(
                "(%s) %s (%s)",
                SQL(", ").join(columns),
                SQL(operator),
                SQL(", ").join(values),
            )

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _get_leads(self):
        """Return the leads with the rights to read them, and which of them to read."""
        client = self.env.user._get_lead_api_client()
        # sudo: the domain says what may be read. A lead of the client's that was merged
        # into one that staff made is not its user's own, and neither are the reason why
        # it was lost, or the salesperson's data.
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        domain = Domain("company_id", "in", [*self.env.companies.ids, False])
        if not client.reads_all_leads:
            domain &= Domain("lead_api_client_id", "=", client.id) | Domain(
                "lead_api_merged_client_ids", "in", client.ids
            )
        return leads, domain

    @api.model
    def _find_horizon(self):
        """Return since when there may be changes that are not committed yet, and begin
        another transaction, which sees all those before.

        A change has the time when its transaction began. If a later one were read
        first, nobody would ask for it any more. What takes longer than
        ``LONGEST_WRITE`` is not waited for.
        """
        self.env.cr.execute(
            """
            SELECT LEAST(min(xact_start), clock_timestamp()) AT TIME ZONE 'utc'
              FROM pg_stat_activity
             WHERE datname = current_database()
               AND pid <> pg_backend_pid()
               AND backend_type = 'client backend'
               AND xact_start > now() - %s
            """,
            [LONGEST_WRITE],
        )
        horizon = self.env.cr.fetchone()[0]
        self.env.cr.commit()  # pylint: disable=invalid-commit
        return horizon
