# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command

from .crm_lead_api_client import CLIENT_GROUP


class CrmLeadApiClient(models.Model):
    """Make a client's user, and keep the user's name and companies with the client."""

    _inherit = "crm.lead.api.client"

    @api.depends("user_id.company_ids")
    def _compute_company_ids(self):
        for client in self:
            client.company_ids = client.user_id.company_ids

    def _inverse_company_ids(self):
        for client in self:
            client._check_own_companies(client.company_ids)
            # sudo: a Lead API administrator may not change other users' rights
            client.user_id.sudo().write(self._prepare_company_values(client))

    @api.constrains("user_id")
    def _check_user(self):
        for client in self:
            # sudo: a Lead API administrator may not read other users' groups
            if not client.user_id.sudo().has_group(CLIENT_GROUP):
                raise ValidationError(
                    self.env._("Choose a user of the group Lead API / Client.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("user_id"):
                # sudo: a Lead API administrator may not read other users' rights
                user = self.env["res.users"].sudo().browse(vals["user_id"])
                self._check_own_companies(user.company_ids)
                vals.setdefault("company_ids", [Command.set(user.company_ids.ids)])
            else:
                vals["user_id"] = self._create_user(vals).id
        return super().create(vals_list)

    def write(self, vals):
        if "user_id" in vals and self.user_id.ids not in ([], [vals["user_id"]]):
            raise ValidationError(
                self.env._("A client keeps its user: make another client instead.")
            )
        result = super().write(vals)
        if "name" in vals:
            # sudo: a Lead API administrator may not change users
            self.user_id.sudo().name = vals["name"]
        return result

    def _create_user(self, vals):
        """Create a user that can only use the lead API: it has no password.

        :param dict vals: the values of the new client
        :rtype: res.users
        """
        client = self.new(vals)
        companies = client.company_ids._origin or self.env.company
        # sudo: the new user has the rights of a client, and no others
        users = self.env["res.users"].sudo().with_context(no_reset_password=True)
        return users.create(
            {
                "name": client.name,
                "login": self._get_free_login(client.name),
                "group_ids": [Command.set(self.env.ref(CLIENT_GROUP).ids)],
                "company_id": (client.company_id or companies[:1]).id,
                "company_ids": [Command.set(companies.ids)],
            }
        )

    @api.model
    def _prepare_company_values(self, client):
        """Prepare the values that give the client's user the client's companies."""
        # sudo: a Lead API administrator may not read other users' companies
        companies, user = client.company_ids, client.user_id.sudo()
        values = {"company_ids": [Command.set(companies.ids)]}
        if user.company_id not in companies:
            values["company_id"] = companies[:1].id
        return values

    @api.model
    def _check_own_companies(self, companies):
        """Check that the current user belongs to all companies of a client."""
        if not companies:
            raise ValidationError(self.env._("A client needs a company."))
        if not self.env.su and companies - self.env.user.company_ids:
            raise AccessError(
                self.env._("Choose companies that you belong to yourself.")
            )

    @api.model
    def _get_free_login(self, name):
        slug = self.env["ir.http"]._slugify(name or "") or "client"
        # sudo: a Lead API administrator may not see all logins
        users = self.env["res.users"].sudo().with_context(active_test=False)
        login, number = f"lead-api-{slug}", 1
        while users.search_count([("login", "=", login)], limit=1):
            number += 1
            login = f"lead-api-{slug}-{number}"
        return login
