# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL


class CrmLeadApiMergedAccount(models.Model):
    """Remember which contact stayed when a contact was merged into it, so that clients
    may go on sending the id that they know.

    The next merge moves ``partner_id`` on, as it does with each link to a contact; the
    deletion of the contact that stayed deletes the record.
    """

    _name = "crm.lead.api.merged.account"
    _description = "Lead API Merged Account"
    _log_access = False

    merged_id = fields.Integer(
        "Former Id", required=True, help="Of a contact that does not exist any more."
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact That Stayed",
        required=True,
        index=True,
        ondelete="cascade",
    )

    _merged_id_unique = models.UniqueIndex("(merged_id)")

    @api.model
    def _get_models(self) -> list[str]:
        """Return the models, besides leads, whose records answers show with the id of
        their contact, a field ``partner_id``: a merge changes these answers. An addon
        adds a model that does not inherit ``crm.lead.api.record.mixin``."""
        models = self.env["crm.lead.api.record.mixin"]._get_record_models()
        return [model._name for model in models]

    @api.model
    def _keep(self, gone, stayed):
        """Keep which contact stays in a merge that is about to be done."""
        # sudo: no user may write these records; Odoo has checked who merges
        self.sudo().create(
            [{"merged_id": each.id, "partner_id": stayed.id} for each in gone]
        )
        for name in self._get_models():
            model = self.env[name]
            model.flush_model(["partner_id", "write_date"])
            # As Odoo changes the links: by SQL, because nobody has written the
            # records. Clients that poll find them.
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET write_date = %s WHERE partner_id = ANY(%s)",
                    SQL.identifier(model._table),
                    self.env.cr.now(),
                    gone.ids,
                )
            )

    @api.model
    def _follow(self, account_ids) -> dict[int, int]:
        """Return the id of the contact that stayed for each id that a client has sent:
        the id itself if the contact was not merged, or never existed."""
        account_ids = list(account_ids)
        # sudo: no user may read these records; whoever asks then needs the right to
        # read the contact
        found = self.sudo().search_fetch(
            [("merged_id", "in", account_ids)], ["merged_id", "partner_id"]
        )
        stayed = {each.merged_id: each.partner_id.id for each in found}
        return {each: stayed.get(each, each) for each in account_ids}
