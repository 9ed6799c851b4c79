# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Command

from .change_plan import SERVICES


class CrmLeadProposal(models.Model):
    """Propose a client's changes of values that staff have changed."""

    _inherit = "crm.lead.proposal"

    @api.model
    def _replace(self, lead, partner, wanted, touched):
        """Create the wanted proposals of a request, and drop proposals of earlier
        requests about the same subjects.

        A value that staff have refused for the present value is not proposed again.

        :param partner: the contact to change, or empty: the lead itself is to change
        :param dict wanted: the proposed values, by subject and field
        :param set touched: the subjects of the request
        :return: the proposals that wait for staff
        """
        # sudo: a client's user may neither change nor delete proposals
        known = lead.proposal_ids.sudo().filtered(lambda p: p.partner_id == partner)
        target, pending, vals_list = partner or lead, self.browse(), []
        for subject, new_values in wanted.items():
            values = {
                "old_values": target._read_for_write(new_values),
                "new_values": _to_json(new_values),
            }
            same = known.filtered(lambda p, subject=subject: p.subject == subject)
            if open_ := same.filtered(lambda p: p.state == "pending"):
                if not open_[0]._has_values(values):
                    open_[0].write(values)
                pending |= open_[0]
            elif not same.filtered(lambda p, values=values: p._was_refused(values)):
                vals_list.append(
                    {
                        "lead_id": lead.id,
                        "partner_id": partner.id,
                        "subject": subject,
                        **values,
                    }
                )
        known.filtered(
            lambda p: p.state == "pending" and p.subject in touched and p not in pending
        ).unlink()
        return pending.sudo(False) | self.create(vals_list)

    def _was_refused(self, values):
        """Tell whether staff have refused these values."""
        return self.state == "refused" and self._has_values(values)

    def _has_values(self, values):
        return all(self[name] == value for name, value in values.items())

    def _apply(self, target, values):
        if self.partner_id:
            return super()._apply(target, values)
        if self.subject == SERVICES:
            written = target._accept_services(values["service_ids"])
        else:
            # Without a phone of staff that only moves to another place
            written = {**(target.lead_api_values or {}), **self.new_values}
            super()._apply(
                target,
                {
                    # write() takes an empty list for no change
                    name: [Command.set(value)] if isinstance(value, list) else value
                    for name, value in values.items()
                },
            )
        # sudo: only the lead API fills this field. The client's value is there now.
        target.sudo().lead_api_values = written
        return None

    def _get_proposer(self):
        if self.partner_id:
            return super()._get_proposer()
        # sudo: staff may not read clients
        return self.lead_id.sudo().lead_api_client_id.name or ""

    def _format_value(self, field, value, records):
        if field.name != "service_ids":
            return super()._format_value(field, value, records)
        if isinstance(value, list):  # the present services
            return ", ".join(self._browse_services(value).mapped("display_name"))
        services = self._browse_services([int(product) for product in value])
        return ", ".join(
            f"{'+' if value[str(service.id)] else '−'} {service.display_name}"
            for service in services
        )

    def _browse_services(self, ids):
        # sudo: whoever may see the lead may see the names of its services
        return self.env["product.product"].sudo().browse(ids).exists()


def _to_json(values):
    """Return values with texts as keys of objects, as JSON has them."""
    return {
        name: {str(key): each for key, each in value.items()}
        if isinstance(value, dict)
        else value
        for name, value in values.items()
    }
