# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.joint_search import JointResult
from ...tools.token_text import TOKEN, Refusal, get_digest

HINT_LENGTH = 4
NO_NEWS = SQL("NULL")
COMPANY_FIELDS = (
    *("active", "name", "parent_id", "parent_path", "partner_id", "currency_id"),
)
USER_FIELDS = ("active", "company_id", "login", "partner_id", "share")


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

    last_used_date = fields.Datetime("Last Used", compute="_compute_last_used")
    last_used_address = fields.Char("From", compute="_compute_last_used")
    is_used_though_replaced = fields.Boolean(
        compute="_compute_is_used_though_replaced",
        help="The token has been used since another token replaced it.",
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

    def _compute_last_used(self):
        requests = self.env["crm.lead.api.request"]
        last = requests._find_last("token_id", self)
        for token in self:
            request = last.get(token, requests)
            token.last_used_date = request.date
            token.last_used_address = request.address

    @api.depends("last_used_date", "replaced_by_id", "state")
    def _compute_is_used_though_replaced(self):
        for token in self:
            token.is_used_though_replaced = (
                token.state == "replaced"
                and bool(token.last_used_date)
                and token.last_used_date > token.replaced_by_id.create_date
            )

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
        """Replace the token with a new token.

        :param token: the new token
        :param expiration_date: the latest end of the old token; naive UTC datetime
        """
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
    def _create_from_text(self, text, client, name, expiration_date, is_test):
        token = self.create(
            {
                "client_id": client.id,
                "name": name,
                "hint": f"…{text[-HINT_LENGTH:]}",
                "digest": get_digest(text),
                "expiration_date": expiration_date,
                "is_test": is_test,
            }
        )
        client.message_post(
            body=self.env._("New token: %(token)s", token=token.display_name)
        )
        return token

    @api.model
    def _find_valid(self, text, primary=None, news=NO_NEWS):
        """Find the token with this text, if it is valid, and the records of its client.

        :param str text: the text as sent by the client
        :param primary: the environment of the primary database, which is asked, if a
            replica serves the request
        :param SQL news: see ``crm.lead.api.horizon._get_news``
        :return: the records that decide about the request, with superuser rights,
            under the names ``token``, ``client``, ``user``, ``companies`` and
            ``attribute``; ``""``, or the reason why there is no token; and the news
        :rtype: tuple[JointResult, str, dict | None]
        """
        # sudo: the request has no user yet
        tokens = self.sudo()
        result = JointResult({"token": tokens})
        if not TOKEN.fullmatch(text):
            return result, Refusal.UNKNOWN, None
        # With SQL of our own, because the tables are ours, and there is no user yet
        # whose rights record rules could restrict.
        tokens.env.flush_all()
        rows = (primary or tokens.env).execute_query(
            SQL(
                """
                SELECT CASE WHEN token.date_revoked IS NOT NULL THEN %(revoked)s
                            WHEN (token.expiration_date >= %(now)s) IS NOT TRUE
                            THEN %(expired)s
                            WHEN (client.active AND users.active) IS NOT TRUE
                            THEN %(archived)s
                            ELSE '' END,
                       to_jsonb(token),
                       to_jsonb(client),
                       %(user)s,
                       (SELECT jsonb_agg(%(company)s)
                          FROM res_company_users_rel AS allowed
                          JOIN res_company AS company ON company.id = allowed.cid
                         WHERE allowed.user_id = users.id),
                       (SELECT jsonb_agg(
                                   to_jsonb(attribute)
                                   ORDER BY attribute.sequence, attribute.id
                               )
                          FROM crm_lead_api_attribute AS attribute
                         WHERE attribute.client_id = client.id),
                       %(news)s
                  FROM crm_lead_api_token AS token
                  JOIN crm_lead_api_client AS client ON client.id = token.client_id
                  JOIN res_users AS users ON users.id = client.user_id
                 WHERE token.digest = %(digest)s
                """,
                revoked=Refusal.REVOKED,
                expired=Refusal.EXPIRED,
                archived=Refusal.ARCHIVED,
                digest=get_digest(text),
                now=fields.Datetime.now(),
                user=_to_jsonb("users", USER_FIELDS),
                company=_to_jsonb("company", COMPANY_FIELDS),
                news=news,
            )
        )
        if not rows:
            return result, Refusal.UNKNOWN, None
        [(refusal, token, client, user, companies, attributes, found_news)] = rows
        if refusal:
            # Only the owner of the whole token gets here, and may know the reason.
            return result, refusal, None
        clients = tokens.env["crm.lead.api.client"]
        own = tokens.env["crm.lead.api.attribute"]
        result.add_records("token", tokens, [_get_values(tokens, token)])
        clients = result.add_records("client", clients, [_get_values(clients, client)])
        attributes = [_get_values(own, each) for each in attributes or ()]
        own = result.add_records("attribute", own, attributes)
        users = result.add_records("user", tokens.env["res.users"], [user])
        # Odoo's record rules read the companies.
        result.add_records("companies", tokens.env["res.company"], companies or ())
        # A client has one user, and the user one client.
        result.add_value(users, "lead_api_client_ids", clients._ids)
        result.add_value(clients, "attribute_ids", own._ids)
        return result, "", found_news


def _get_values(model, row):
    """Return a row's values by field, except translated and company-dependent values.

    :param dict row: values by column
    """
    return {
        name: value
        for name, value in row.items()
        if (field := model._fields.get(name)) and field.store
        if not field.translate and not field.company_dependent
    }


def _to_jsonb(table, names):
    """Return the SQL of a JSON object with the id and some columns of a table.

    :param str table: the table's alias
    :param list[str] names: the names of the columns
    """
    return SQL(
        "jsonb_build_object(%s)",
        SQL(", ").join(
            SQL("%s, %s", name, SQL.identifier(table, name)) for name in ("id", *names)
        ),
    )
