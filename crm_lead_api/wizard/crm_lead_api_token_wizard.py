# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.res_users import check_identity

from ..tools.day import get_end_of_day
from ..tools.fields import PROPOSED

SHOW_VIEW = "crm_lead_api.res_users_apikeys_show_view_form"


class CrmLeadApiTokenWizard(models.TransientModel):
    """Create a token for a client, and show it once."""

    _name = "crm.lead.api.token.wizard"
    _description = "New Lead API Token"

    client_id = fields.Many2one("crm.lead.api.client", required=True)
    name = fields.Char(
        "Description",
        required=True,
        compute="_compute_name",
        **PROPOSED,
        help="The purpose of the token: it tells several tokens of a client apart.",
    )
    is_test = fields.Boolean(
        "For Tests",
        compute="_compute_is_test",
        **PROPOSED,
        help="What the outside system makes with the token is marked as a test: it is "
        "in no list or figure of staff, nobody is notified, and it is deleted after "
        "some days.",
    )
    expiration_date = fields.Date(
        "Valid until",
        required=True,
        default=lambda self: fields.Date.context_today(self) + timedelta(days=365),
    )
    replaced_id = fields.Many2one(
        "crm.lead.api.token",
        string="In Place of",
        domain="[('client_id', '=', client_id), ('date_revoked', '=', False)]",
        help="Both tokens are valid until the day below, so that the outside system "
        "can change to the new token without a pause.",
    )
    replaced_expiration_date = fields.Date(
        "The Old One Ends on",
        default=lambda self: fields.Date.context_today(self) + timedelta(days=7),
    )

    @api.depends("is_test")
    def _compute_name(self):
        test, live = self.env._("Test"), self.env._("Production")
        for wizard in self:
            if not wizard.name or wizard.name in (test, live):
                wizard.name = test if wizard.is_test else live

    @api.depends("replaced_id")
    def _compute_is_test(self):
        for wizard in self:
            if wizard.replaced_id:
                wizard.is_test = wizard.replaced_id.is_test

    @api.constrains("expiration_date")
    def _check_expiration_date(self):
        for wizard in self:
            if wizard.expiration_date < fields.Date.context_today(wizard):
                raise ValidationError(
                    self.env._("A token cannot end in the past: choose a later date.")
                )

    @api.constrains("replaced_id", "client_id", "replaced_expiration_date")
    def _check_replaced_id(self):
        for wizard in self.filtered("replaced_id"):
            if wizard.replaced_id.client_id != wizard.client_id:
                raise ValidationError(
                    self.env._("Choose a token of the same client to be replaced.")
                )
            if not wizard.replaced_expiration_date:
                raise ValidationError(self.env._("Say when the old token ends."))

    @check_identity
    def action_make_token(self):
        """Create the token, and show it once."""
        self.ensure_one()
        text = self.client_id._generate_token(
            self.name, get_end_of_day(self.expiration_date, self.env.tz), self.is_test
        )
        if self.replaced_id:
            self.replaced_id._replace(
                self.client_id.token_ids.sorted("id")[-1:],
                get_end_of_day(self.replaced_expiration_date, self.env.tz),
            )
        return self.env["res.users.apikeys.show"]._get_records_action(
            name=self.env._("Lead API Token Ready"),
            views=[(self.env.ref(SHOW_VIEW).id, "form")],
            target="new",
            context={"default_key": text},
        )
