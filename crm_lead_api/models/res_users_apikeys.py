# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import models
from odoo.tools import SQL

from odoo.addons.base.models.res_users import (
    API_KEY_SIZE,
    INDEX_SIZE,
    KEY_CRYPT_CONTEXT,
)

LEAD_API_SCOPE = "crm_lead_api"
TOKEN = re.compile(rf"[0-9a-f]{{{2 * API_KEY_SIZE}}}")


class ResUsersApikeys(models.Model):
    _inherit = "res.users.apikeys"

    def _check_lead_api_token(self, token):
        """Return the id of the active user whose token this is, or ``None``.

        Odoo's own ``_check_credentials`` also takes keys without a scope, which open
        all of Odoo and may lie in any integration; here only keys made for the lead
        API do.

        :param str token: as the caller sent it
        """
        # What cannot be one of Odoo's keys upsets PostgreSQL and the hash: NUL, length.
        if not TOKEN.fullmatch(token):
            return None
        self.env.cr.execute(
            SQL(
                """
                SELECT apikey.user_id, apikey.key
                  FROM res_users_apikeys apikey
                  JOIN res_users u ON u.id = apikey.user_id
                 WHERE u.active
                   AND apikey.index = %s
                   AND apikey.scope = %s
                   AND (apikey.expiration_date IS NULL
                        OR apikey.expiration_date >= now() AT TIME ZONE 'utc')
                """,
                token[:INDEX_SIZE],
                LEAD_API_SCOPE,
            )
        )
        for user_id, key in self.env.cr.fetchall():
            if KEY_CRYPT_CONTEXT.verify(token, key):
                return user_id
        return None

    def _generate_lead_api_token(self, user, name, expiration_date):
        """Make a token for a caller's user.

        :param user: ``res.users``
        :param str name: what the token is for, shown in the list of tokens
        :param expiration_date: naive UTC datetime
        :return: the token, which cannot be read again
        :rtype: str
        """
        # sudo: a key is made for env.user, whose own rights allow one day only.
        keys = self.with_user(user).sudo()
        return keys._generate(LEAD_API_SCOPE, name, expiration_date)
