# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL


class CrmLeadApiSecretMixin(models.AbstractModel):
    """Hold a secret of a record, and keep it out of all logs.

    Odoo logs the values of a statement that PostgreSQL refuses, and PostgreSQL reports
    the whole row that breaks a constraint. So a secret has a row of its own, written by
    a statement that Odoo does not see.
    """

    _name = "crm.lead.api.secret.mixin"
    _description = "Lead API Secret"
    _log_access = False
    _owner = "client_id"  # the field with the record that has the secret

    secret = fields.Char(required=True)

    @api.model
    def _get(self, owners):
        """Return the secrets of records, by the id of the record."""
        secrets = self.search_fetch([(self._owner, "in", owners.ids)])
        return {secret[self._owner].id: secret.secret for secret in secrets}

    @api.model
    def _set(self, owner, secret):
        """Save the secret of a record, or delete it, if it is empty."""
        # A conflict with a concurrent change fails here, not in a statement with the
        # secret, which PostgreSQL would log.
        self.env.execute_query(
            SQL(
                "SELECT FROM %s WHERE id = %s FOR NO KEY UPDATE",
                SQL.identifier(owner._table),
                owner.id,
            )
        )
        existing = self.search([(self._owner, "=", owner.id)])
        if not secret:
            existing.unlink()
            return
        existing.lock_for_update(allow_referencing=True)
        # Not Odoo's cursor, which logs the values of failing statements, and, when
        # debugging, of all statements.
        with self.env.cr.connection.cursor() as cursor:
            cursor.execute(
                f"""
                INSERT INTO {self._table} ({self._owner}, secret)
                     VALUES (%s, %s)
                ON CONFLICT ({self._owner}) DO UPDATE SET secret = EXCLUDED.secret
                """,  # noqa: S608  names of this model
                [owner.id, secret],
            )
        self.invalidate_model()


class CrmLeadApiSecret(models.Model):
    """Hold the secret that signs a client's events."""

    _name = "crm.lead.api.secret"
    _description = "Lead API Signing Secret"
    _inherit = "crm.lead.api.secret.mixin"
    _log_access = False

    client_id = fields.Many2one(
        "crm.lead.api.client", required=True, ondelete="cascade"
    )

    _client_unique = models.UniqueIndex("(client_id)")
