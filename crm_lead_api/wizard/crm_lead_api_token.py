# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from odoo.addons.base.models.res_users import check_identity

CALLER_GROUP = "crm_lead_api.crm_lead_api_group_user"
SHOW_VIEW = "crm_lead_api.res_users_apikeys_show_view_form"


class CrmLeadApiToken(models.TransientModel):
    """Makes a token for an outside system, and the system's user where it is new."""

    _name = "crm.lead.api.token"
    _description = "New Lead API Token"

    user_id = fields.Many2one(
        "res.users",
        string="Caller",
        domain=lambda self: [
            ("all_group_ids", "in", self.env.ref(CALLER_GROUP).ids),
        ],
        help="The user of the outside system. Leave it empty to make a new one.",
    )
    user_name = fields.Char(
        "Name of the System",
        help="Staff see it as the one who created the leads.",
    )
    login = fields.Char(
        compute="_compute_login", store=True, readonly=False, precompute=True
    )
    company_ids = fields.Many2many(
        "res.company",
        string="Companies",
        default=lambda self: self.env.company,
        help="The companies for which the system may create leads.",
    )
    name = fields.Char(
        "Description", required=True, default=lambda self: self.env._("Lead API")
    )
    expiration_date = fields.Date(
        "Valid until",
        required=True,
        default=lambda self: fields.Date.context_today(self) + timedelta(days=365),
    )

    _user_known = models.Constraint(
        "CHECK(user_id IS NOT NULL OR (user_name IS NOT NULL AND login IS NOT NULL))",
        "Choose a caller, or give the name and the login of a new one.",
    )

    @api.constrains("expiration_date")
    def _check_expiration_date(self):
        for wizard in self:
            if wizard.expiration_date < fields.Date.context_today(wizard):
                raise ValidationError(
                    self.env._("A token cannot end in the past: choose a later date.")
                )

    @api.depends("user_name")
    def _compute_login(self):
        for wizard in self:
            slug = self.env["ir.http"]._slugify(wizard.user_name or "")
            wizard.login = f"lead-api-{slug}" if slug else False

    @check_identity
    def action_make_token(self):
        """Make the token and show it, this once.

        :return: the dialog that shows it
        """
        self.ensure_one()
        user = self.user_id or self._create_user()
        token = self.env["res.users.apikeys"]._generate_lead_api_token(
            user, self.name, datetime.combine(self.expiration_date, time.max)
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.users.apikeys.show",
            "name": self.env._("Lead API Token Ready"),
            "views": [(self.env.ref(SHOW_VIEW).id, "form")],
            "target": "new",
            "context": {"default_key": token},
        }

    def _create_user(self):
        """Make a user that can do nothing but call: it has no password."""
        return (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": self.user_name,
                    "login": self.login,
                    "company_id": self.company_ids[:1].id,
                    "company_ids": [Command.set(self.company_ids.ids)],
                    "group_ids": [Command.set(self.env.ref(CALLER_GROUP).ids)],
                }
            )
        )
