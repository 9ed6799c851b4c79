# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL


class CrmLeadApiSecret(models.Model):
    """Keeps the secret that a client's events are signed with out of all logs.

    Odoo logs a statement that PostgreSQL refuses together with its values, and
    PostgreSQL tells the whole row that breaks a constraint. So a secret has a row of
    its own, which is written by a statement that Odoo does not see.
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
        """Save the secret of a client, or delete it.

        :param str secret: ``False`` or empty to delete it
        """
        # Whatever others have changed meanwhile shows here, not in a statement with the
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
        # Not by Odoo's cursor: it logs the values of what fails, and all if it is to.
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
