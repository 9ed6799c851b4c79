# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ...tools.domain import find_last
from ...tools.token_text import TOKEN, Refusal, get_digest

UTC = "%Y-%m-%dT%H:%M:%SZ"
REMINDER_DAYS = (1, 7, 14)  # before a token ends
WARNING_DAYS = 7  # since a token was used after its end


class CrmLeadApiToken(models.Model):
    """Give a client access to the lead API, and to nothing else of Odoo.

    Odoo's own API keys do not fit: they are deleted when they expire, their hash is
    made for passwords and costs milliseconds for each look-up, and their last use is
    not recorded.
    """

    _name = "crm.lead.api.token"
    _description = "Lead API Token"
    _order = "id desc"

    client_id = fields.Many2one(
        "crm.lead.api.client",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    name = fields.Char("Description", required=True)
    hint = fields.Char("Token", readonly=True, help="Its end.")
    is_test = fields.Boolean(
        "Test",
        readonly=True,
        help="The records that requests with the token make are hidden from lists and "
        "figures, and deleted after some days.",
    )
    digest = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    expiration_date = fields.Datetime("Valid until", required=True, readonly=True)
    date_revoked = fields.Datetime("Revoked on", readonly=True)
    replaced_by_id = fields.Many2one("crm.lead.api.token", readonly=True)
    state = fields.Selection(
        [
            ("valid", "Valid"),
            ("replaced", "Replaced, still valid"),
            ("expired", "Expired"),
            ("revoked", "Revoked"),
        ],
        string="Status",
        compute="_compute_state",
    )

    last_used_date = fields.Datetime(
        "Last Used",
        compute="_compute_last_used",
        help="By requests in the log, and look-ups; other reads do not count.",
    )
    last_used_address = fields.Char("From", compute="_compute_last_used")
    is_used_though_replaced = fields.Boolean(
        compute="_compute_last_used",
        help="The token has been used since another token replaced it.",
    )
    refused_date = fields.Datetime(
        "Used after Its End",
        readonly=True,
        help="When a request with the token was refused last, because the token was no "
        "longer valid.",
    )
    reminder_days = fields.Integer(
        readonly=True, help="The owner was told that the token ends in so many days."
    )

    _digest_unique = models.UniqueIndex("(digest)")

    @api.depends("expiration_date", "date_revoked", "replaced_by_id.date_revoked")
    def _compute_state(self):
        now = fields.Datetime.now()
        for token in self:
            if token.date_revoked:
                token.state = "revoked"
            elif token.expiration_date < now:
                token.state = "expired"
            else:
                successor = token.replaced_by_id
                is_replaced = successor and not successor.date_revoked
                token.state = "replaced" if is_replaced else "valid"

    @api.depends("replaced_by_id", "state")
    def _compute_last_used(self):
        requests = self.env["crm.lead.api.request"]
        last = find_last(requests, "token_id", self)
        # sudo: whoever reads a token need not see whom its look-ups showed
        look_ups = self.env["crm.lead.api.look.up"].sudo()
        looked = find_last(look_ups, "token_id", self)
        for token in self:
            request = last[token]
            dates = request.date, looked[token].date
            used = max(filter(None, dates), default=False)
            token.last_used_date = used
            token.last_used_address = used == request.date and request.address
            is_replaced = token.state == "replaced" and bool(used)
            token.is_used_though_replaced = (
                is_replaced and used > token.replaced_by_id.create_date
            )

    def _is_used_though_ended(self):
        """Tell whether a request was refused lately because the token has ended."""
        since = fields.Datetime.now() - timedelta(days=WARNING_DAYS)
        is_recent = bool(self.refused_date) and self.refused_date > since
        return is_recent and self.state in ("expired", "revoked")

    @api.depends("name", "hint")
    def _compute_display_name(self):
        for token in self:
            token.display_name = f"{token.name} ({token.hint})"

    def action_revoke(self):
        """Revoke the tokens at once."""
        self.client_id.check_access("write")
        # sudo: users may only revoke and replace tokens, not write them
        for token in self.sudo().filtered(lambda token: not token.date_revoked):
            token.date_revoked = fields.Datetime.now()
            token.client_id.message_post(
                body=self.env._("Token revoked: %(token)s", token=token.display_name)
            )

    def action_open_revocation(self):
        """Open the dialog that revokes the token: whose it is, and its last use."""
        view = self.env.ref("crm_lead_api.crm_lead_api_token_view_form_revoke")
        return self._get_records_action(
            name=self.env._("Revoke Token"), target="new", views=[(view.id, "form")]
        )

    def action_rotate(self):
        """Open the dialog that replaces the token with a new token."""
        action = self.client_id.action_new_token()
        context = {
            **action["context"],
            "default_replaced_id": self.id,
            "default_name": self.name,
        }
        return {**action, "name": self.env._("Replace Token"), "context": context}

    def _replace(self, token, expiration_date):
        """Let a new token replace this one, which ends by a naive UTC datetime."""
        self.client_id.check_access("write")
        # sudo: users may only revoke and replace tokens, not write them
        self.sudo().write(
            {
                "replaced_by_id": token.id,
                "expiration_date": min(self.expiration_date, expiration_date),
            }
        )
        self.client_id.message_post(
            body=self.env._(
                "Token %(old)s replaced by %(new)s",
                old=self.display_name,
                new=token.display_name,
            )
        )

    @api.model
    def _find_valid(self, text):
        """Return the token with this text, with superuser rights, and ``""``; if it is
        not valid, an empty recordset and the reason."""
        # sudo: the request has no user yet
        tokens = self.sudo()
        if not TOKEN.fullmatch(text):
            return tokens, Refusal.UNKNOWN
        is_sent = Domain("digest", "=", get_digest(text))
        is_valid = (
            Domain("date_revoked", "=", False)
            & Domain("expiration_date", ">=", fields.Datetime.now())
            & Domain("client_id.active", "=", True)
            & Domain("client_id.user_id.active", "=", True)
        )
        if token := tokens.search_fetch(is_sent & is_valid):
            return token, ""
        # Only the owner of the whole token may know the reason.
        if not (token := tokens.search_fetch(is_sent)):
            return tokens, Refusal.UNKNOWN
        if token.date_revoked:
            return tokens, f"{Refusal.REVOKED}: {token.date_revoked:{UTC}}"
        if token.expiration_date < fields.Datetime.now():
            return tokens, f"{Refusal.EXPIRED}: {token.expiration_date:{UTC}}"
        return tokens, Refusal.ARCHIVED

    @api.model
    def _keep_refusal(self, text):
        """Keep when the token with this text was refused, at most once a minute."""
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead_api_token SET refused_date = %s"
                " WHERE digest = %s AND (refused_date < %s) IS NOT FALSE",
                now,
                get_digest(text),
                now - timedelta(minutes=1),
            ),
            log_exceptions=False,
        )

    # ------------------------------------------------------------ reminders

    @api.model
    def _remind_owners(self):
        """Remind owners of ending tokens, once at each of ``REMINDER_DAYS``."""
        now = fields.Datetime.now()
        tokens = self.search(
            Domain("expiration_date", ">", now)
            & Domain("expiration_date", "<=", now + timedelta(days=REMINDER_DAYS[-1]))
            & Domain("client_id.active", "=", True)
        )
        for token in tokens.filtered(lambda token: token.state == "valid"):
            left = token.expiration_date - now
            days = next(days for days in REMINDER_DAYS if left <= timedelta(days=days))
            if not token.reminder_days or days < token.reminder_days:
                token.reminder_days = days
                token._remind_owner()

    def _remind_owner(self):
        # Without Odoo's own mail about the activity: our mail template says more.
        client = self.client_id.with_context(mail_activity_quick_update=True)
        client._schedule_activity(
            "crm_lead_api.mail_activity_type_token",
            lambda env: env._(
                "Token %(token)s ends on %(date)s",
                token=self.display_name,
                date=format_date(env, self.expiration_date, date_format="medium"),
            ),
            is_one_of_many=True,
            date_deadline=fields.Datetime.context_timestamp(
                self.with_context(tz=client.owner_id.tz), self.expiration_date
            ).date(),
        )
        # An administrator may have deleted it; the activity says enough.
        name = "crm_lead_api.mail_template_token"
        if template := self.env.ref(name, raise_if_not_found=False):
            template.with_context(tz=client.owner_id.tz).send_mail(self.id)
