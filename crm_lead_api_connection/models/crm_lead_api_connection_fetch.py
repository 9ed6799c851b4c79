# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import retrying
from odoo.tools import format_date

from ..tools.graph import TOKEN, Graph, GraphError
from .res_config_settings import get_graph_version

REMINDER = timedelta(days=7)  # before the end of a token


class CrmLeadApiConnection(models.Model):
    """Fetch leads with an access token, and watch over the token."""

    _inherit = "crm.lead.api.connection"

    access_token_date = fields.Datetime(
        "Access Token until", readonly=True, copy=False, help="Empty: it has no end."
    )
    access_token_reminded = fields.Datetime(
        readonly=True, copy=False, help="The end of which the owner was reminded."
    )
    is_fetching_stopped = fields.Boolean(
        readonly=True,
        copy=False,
        help="The access token is not valid: leads wait until a new one is entered.",
    )
    fetch_date = fields.Datetime("Fetching Pauses until", readonly=True, copy=False)
    fetch_error = fields.Char(
        "Last Error of Fetching",
        readonly=True,
        copy=False,
        help="Why leads could not be fetched, until it works again.",
    )
    form_names = fields.Json(copy=False, help="The names of forms by their ids.")

    def _write_secret(self, name):
        entered = self.filtered(name)
        result = super()._write_secret(name)
        if name == "access_token":
            entered._restart_fetching()
        return result

    def _get_graph(self):
        """Return Meta's Graph API with the connection's token; ``None`` without one."""
        known = self._read_secrets()[self.id]
        token, secret = known.get("access_token"), known.get("secret")
        app = f"{self.app_ref}|{secret}" if self.app_ref and secret else ""
        return Graph(token, get_graph_version(self.env), app) if token else None

    def _restart_fetching(self):
        """Fetch the leads that wait for a new access token."""
        self.activity_unlink(["crm_lead_api.mail_activity_type_token"])
        names = ["access_token_date", "access_token_reminded", "is_fetching_stopped"]
        self.write(dict.fromkeys([*names, "fetch_date", "fetch_error"], False))
        # sudo: users may not write messages
        messages = self.env["crm.lead.api.message"].sudo()
        waiting = messages.search(
            [("connection_id", "in", self.ids), ("state", "=", "fetching")]
        )
        waiting.retries = False
        if self:
            messages._trigger("ir_cron_fetch_leads")
            messages._trigger("ir_cron_check_tokens")

    def _stop_fetching(self, reason, token=None):
        """Fetch nothing until a new access token is entered, and tell the owner.

        :param token: that was refused; if there is another by now, that is tried
        """
        graph = self._get_graph()
        if token and graph and graph.token != token:
            return
        # sudo: the owner may be of another company
        lang = self.client_id.sudo().owner_id.lang or "en_US"
        self.write(
            {"is_fetching_stopped": True, "fetch_error": reason._translate(lang)}
        )
        self._alarm_fetching(reason)

    def _alarm_fetching(self, reason):
        """Tell the owner of the client that leads cannot be fetched."""
        self._alert_owner(
            "crm_lead_api.mail_activity_type_refusals",
            lambda env: env._(
                "%(connection)s: leads cannot be fetched. %(reason)s",
                connection=self.name,
                reason=reason._translate(env.lang or "en_US"),
            ),
        )

    # ------------------------------------------------------------ tokens

    @api.model
    def _cron_check_tokens(self):
        """Ask when access tokens end, and remind the owners of their clients."""
        connections = self.search(
            Domain("platform_id.fetches", "=", "meta")
            & Domain("is_fetching_stopped", "=", False)
        )
        for connection in connections:
            if graph := retrying(connection._get_graph, self.env):
                try:
                    end, error = graph.get_token_end(), None
                except GraphError as failure:
                    end, error = None, failure
                save = partial(connection._save_token_end, graph.token, end, error)
                retrying(save, self.env)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _save_token_end(self, token, end, error):
        if error:
            # An absent Graph says nothing about the token.
            if error.kind == TOKEN:
                self._stop_fetching(error.reason, token)
            return
        graph = self._get_graph()
        if not graph or graph.token != token:  # replaced meanwhile
            return
        self.access_token_date = end
        if not end or end > fields.Datetime.now() + REMINDER:
            return
        if self.access_token_reminded != end:
            self.access_token_reminded = end
            self._remind_owner()

    def _remind_owner(self):
        self._alert_owner(
            "crm_lead_api.mail_activity_type_token",
            lambda env: env._(
                "%(connection)s: the access token ends on %(date)s. Enter a new one.",
                connection=self.name,
                date=format_date(env, self.access_token_date, date_format="medium"),
            ),
            date_deadline=self.access_token_date.date(),
        )
