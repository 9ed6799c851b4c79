# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from contextlib import suppress

from odoo import models
from odoo.exceptions import MissingError
from odoo.tools import format_date

ADDRESS_ORDER = {
    name: position
    for position, name in enumerate(
        ("street", "street2", "district_id", "city", "zip", "state_id", "country_id")
    )
}
LINKS = ("many2one", "many2many")


class CrmLeadProposal(models.Model):
    """Show proposals as texts, in the user's language."""

    _inherit = "crm.lead.proposal"

    def _get_label(self):
        """Return the name of the detail to change, of a lead's detail with a hint."""
        labels = {  # where the lead's own label is another
            "name": self.env._("Name"),
            "phone": self.env._("Phone"),
            "email": self.env._("E-mail"),
            "email_from": self.env._("E-mail"),
            "address": self.env._("Address"),
            "services": self.env._("Services"),
        }
        label = labels.get(self.subject)
        if not label:
            field = self.env["crm.lead"]._fields.get(self.subject)
            label = field._description_string(self.env) if field else self.subject or ""
        if self.partner_id or not label:
            return label
        return self.env._("%s (lead)", label)

    def _browse_linked(self):
        """Return the records that the values name, by model, to be read together."""
        ids = defaultdict(set)
        for proposal in self:
            fields = proposal._get_target()._fields
            for values in filter(None, (proposal.old_values, proposal.new_values)):
                for name, value in values.items():
                    if name in fields and fields[name].type in LINKS and value:
                        linked = value if isinstance(value, list) else [value]
                        ids[fields[name].comodel_name].update(linked)
        return {
            model: self.env[model].browse(sorted(each)) for model, each in ids.items()
        }

    def _format_values(self, values, records):
        """Format values of a contact or lead as one text, in the user's language.

        :param dict records: the result of :meth:`_browse_linked`
        """
        target = self._get_target()
        texts = [
            self._format_value(target._fields[name], value, records)
            for name, value in sorted(
                (values or {}).items(),  # JSON in PostgreSQL has no order
                key=lambda item: ADDRESS_ORDER.get(item[0], 0),
            )
            if value and name in target._fields
        ]
        return ", ".join(filter(None, texts))

    def _format_value(self, field, value, records):
        """Format the value of a field; a record that was deleted has no name."""
        if field.type in LINKS:
            known = records[field.comodel_name]
            name = "name" if field.name in ADDRESS_ORDER else "display_name"
            names = []
            for each in known.browse(value).with_prefetch(known.ids):
                with suppress(MissingError):  # the record was deleted meanwhile
                    names.append(each[name])
            return ", ".join(names)
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value)
        if field.type == "date":
            return format_date(self.env, value)
        if field.type == "boolean":
            return self.env._("Yes")
        return str(value)
