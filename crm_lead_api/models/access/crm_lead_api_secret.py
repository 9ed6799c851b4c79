# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL


class CrmLeadApiSecret(models.Model):
    """Hold the secret that signs a client's events, and keep it out of all logs.

    Odoo logs the values of a statement that PostgreSQL refuses, and PostgreSQL reports
    the whole row that breaks a constraint. So a secret has a row of its own, written by
    a statement that Odoo does not see.
    """

    _name = "crm.lead.api.secret"
    _description = "Lead API Signing Secret"
    _log_access = False

    client_id = fields.Many2one(
        "crm.lead.api.client", required=True, ondelete="cascade"
    )
    secret = fields.Char(required=True)

    _client_unique = models.UniqueIndex("(client_id)")

    @api.model
    def _get(self, clients):
        """Return the secrets of clients, by the id of the client."""
        secrets = self.search_fetch([("client_id", "in", clients.ids)])
        return {secret.client_id.id: secret.secret for secret in secrets}

    @api.model
    def _set(self, client, secret):
        """Save the secret of a client, or delete it, if it is empty."""
        # A conflict with a concurrent change fails here, not in a statement with the
        # secret, which PostgreSQL would log.
        self.env.execute_query(
            SQL(
                "SELECT FROM %s WHERE id = %s FOR NO KEY UPDATE",
                SQL.identifier(client._table),
                client.id,
            )
        )
        existing = self.search([("client_id", "=", client.id)])
        if not secret:
            existing.unlink()
            return
        existing.lock_for_update(allow_referencing=True)
        # Not Odoo's cursor, which logs the values of failing statements, and, when
        # debugging, of all statements.
        with self.env.cr.connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO crm_lead_api_secret (client_id, secret)
                     VALUES (%s, %s)
                ON CONFLICT (client_id) DO UPDATE SET secret = EXCLUDED.secret
                """,
                [client.id, secret],
            )
        self.invalidate_model()
