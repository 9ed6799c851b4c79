# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from ...tools.search_path import search_path
from .crm_customer_portrait_tag import KINDS

TAG_FIELDS = {f"{kind}_tag_ids": kind for kind, _label in KINDS}
PORTRAIT_GROUPS = "sales_team.group_sale_salesman"


def _tags(label, kind):
    def search(self, operator, value):
        return search_path(f"portrait_id.{kind}_ids.tag_id", operator, value)

    return fields.Many2many(
        "crm.customer.portrait.tag",
        string=label,
        compute="_compute_portrait_tags",
        search=search,
        groups=PORTRAIT_GROUPS,
    )


class CrmLead(models.Model):
    """Show the customer's portrait on the lead, and find leads by its words."""

    _inherit = "crm.lead"

    portrait_id = fields.Many2one(
        "crm.customer.portrait",
        string="Customer Portrait",
        index="btree_not_null",
        copy=False,
        domain="[('partner_id', '=', partner_id)]",
    )
    portrait_card = fields.Html(
        "Portrait",
        compute="_compute_portrait_card",
        sanitize=False,
        groups=PORTRAIT_GROUPS,
        help="The portrait of the lead, otherwise the customer's newest portrait.",
    )
    hobby_tag_ids = _tags("Hobbies", "hobby")
    pain_point_tag_ids = _tags("Pain Points", "pain_point")
    desire_tag_ids = _tags("Desires", "desire")

    @api.depends_context("lang", "tz", "uid", "allowed_company_ids")
    @api.depends("portrait_id", "partner_id")
    def _compute_portrait_card(self):
        history = self.env["crm.customer.portrait"]._get_history(self.partner_id)
        newest = {portrait.partner_id: portrait for portrait in history}
        for lead in self:
            portrait = lead.portrait_id
            if portrait not in history:
                portrait = newest.get(lead.partner_id, portrait.browse())
            lead.portrait_card = bool(portrait) and portrait._render_card(
                *history[portrait]
            )

    @api.depends("portrait_id.item_ids.tag_id")
    def _compute_portrait_tags(self):
        for lead in self:
            for name, kind in TAG_FIELDS.items():
                lead[name] = lead.portrait_id[f"{kind}_ids"].tag_id

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Put a lead into the group of each of its services and tags, once."""
        if groupby_spec in TAG_FIELDS:
            lines = self.env["crm.customer.portrait.item"]
            parent, value, kind = "portrait_id", "tag_id", TAG_FIELDS[groupby_spec]
            key = self._field_to_sql(alias, parent, query)
        elif groupby_spec == "service_product_ids":
            lines = self.env["crm.lead.service"]
            parent, value, kind = "lead_id", "product_id", None
            key = SQL.identifier(alias, "id")
        else:
            return super()._read_group_groupby(alias, groupby_spec, query)
        self._check_field_access(self._fields[groupby_spec], "read")
        values = SQL(
            "(SELECT DISTINCT %s AS key, %s AS value FROM %s WHERE %s IN %s%s)",
            SQL.identifier(parent),
            SQL.identifier(value, to_flush=lines._fields[value]),
            SQL.identifier(lines._table),
            SQL.identifier(parent),
            query.subselect(key),
            SQL(" AND kind = %s", kind) if kind else SQL(),
        )
        values_alias = query.make_alias(alias, groupby_spec)
        condition = SQL("%s = %s", key, SQL.identifier(values_alias, "key"))
        query.add_join("LEFT JOIN", values_alias, values, condition)
        return SQL.identifier(values_alias, "value")

    def action_open_portrait(self):
        """Open the portrait that the lead came with."""
        return self.portrait_id.get_formview_action()

    def action_add_portrait(self):
        """Open an empty portrait of the lead's customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add a Portrait"),
            "res_model": "crm.customer.portrait",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
                "default_lead_ids": [Command.link(self.id)],
            },
        }
