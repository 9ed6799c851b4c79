# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter

from odoo import models
from odoo.fields import Command
from odoo.tools import LazyTranslate

from ...exceptions import FieldError
from ...schemas.error import field_error
from ...schemas.lead_change import REMOVE, WHOLE_LIST
from .service_change import ServiceChange

_lt = LazyTranslate(__name__, default_lang="en_US")

NOT_THERE = _lt("The lead does not have this service.")


class CrmLead(models.Model):
    """Change the services of a lead, without losing the work of staff.

    A service that staff wrote last, or added, belongs to staff: a request may raise its
    quantity, and only proposes to remove it. A service that the client asked for and
    staff removed comes back as a proposal only.
    """

    _inherit = "crm.lead"

    def _plan_services(self, payload):
        """Plan the change of the lead's services.

        :param LeadChange payload: a payload without errors
        :rtype: ServiceChange
        """
        known = self._get_written_values().get("service_ids") or {}
        written = {int(product): quantity for product, quantity in known.items()}
        change = ServiceChange(removed=self.service_ids.browse(), written=written)
        lines = self.service_ids.grouped(lambda line: line.product_id.id)
        if payload.crm_line_ids:
            self._plan_whole_list(change, lines, Counter(payload.crm_line_ids))
        for product, count in Counter(payload.add_crm_line_ids).items():
            if product in lines:
                line = lines[product][0]
                change.quantities[line] = line.quantity + count
                if product in written:
                    written[product] += count
            else:
                self._plan_new_service(change, product, count)
        for product in payload.remove_crm_line_ids or ():
            self._plan_removal(change, lines[product])
        return change

    def _plan_whole_list(self, change, lines, wanted):
        """Plan to have the wanted services, and the services that staff added.

        A service that stays keeps its quantity, unless it was sent more than once. One
        service stays in any case.

        :param dict lines: the present services, by id of the product
        :param Counter wanted: the number of times that each product was sent
        """
        for product, count in wanted.items():
            if product not in lines:
                self._plan_new_service(change, product, count)
                continue
            line = lines[product][0]
            if count > 1 and count != line.quantity:
                if line._is_of_staff():
                    change.proposed[product] = count
                    continue
                change.quantities[line] = count
            change.written[product] = change.quantities.get(line, line.quantity)
        dropped = change.written.keys() - wanted.keys()
        # If staff have removed all wanted services, the lead keeps its services until
        # staff decide.
        stays = bool(change.added) or not lines.keys() <= dropped
        for product in dropped:
            if product not in lines:
                del change.written[product]
            elif stays:
                self._plan_removal(change, lines[product])
            else:
                change.proposed[product] = 0

    def _plan_new_service(self, change, product, count):
        if product in change.written:  # staff have removed the service
            change.proposed[product] = count
        else:
            change.added[product] = change.written[product] = count

    def _plan_removal(self, change, lines):
        product = lines.product_id.id
        # Staff's service stays staff's, even if the client has raised its quantity
        # since. Before version 19.0.8.0.0 the values of clients were not kept.
        known = (self.lead_api_values or {}).get("service_ids")
        is_asked_for = self._is_of_own_client() and (
            known is None or str(product) in known
        )
        if not is_asked_for or any(line._is_of_staff() for line in lines):
            change.proposed[product] = 0
        else:
            change.removed |= lines
            change.written.pop(product, None)

    def _check_services(self, payload):
        """Return an error for each service to remove that the lead does not have, and
        an error if no service would stay.

        :rtype: list[FieldError]
        """
        products = self.service_ids.product_id
        errors = [
            FieldError(path, "unknown", NOT_THERE)
            for path, service in payload.get_reference_paths(REMOVE)
            if service not in products.ids
        ]
        if errors or not payload.remove_crm_line_ids:
            return errors
        change = self._plan_services(payload)
        if change.removed == self.service_ids and not change.added:
            errors.append(field_error({"type": "missing", "loc": (WHOLE_LIST,)}))
        return errors

    def _apply_services(self, change):
        """Write the planned change of the lead's services."""
        # sudo: the client's user may not delete services, but may drop its own wishes
        change.removed.sudo().unlink()
        last = max(self.service_ids.mapped("sequence"), default=-1)
        self.service_ids = [
            *(
                Command.update(line.id, {"quantity": quantity})
                for line, quantity in change.quantities.items()
            ),
            *(
                Command.create(
                    {
                        "sequence": last + number,
                        "product_id": product,
                        "quantity": count,
                    }
                )
                for number, (product, count) in enumerate(change.added.items(), 1)
            ),
        ]

    def _read_for_write(self, names):
        """Return also the ids of the products that the lead has as services."""
        values = super()._read_for_write([n for n in names if n != "service_ids"])
        if "service_ids" in names:
            values["service_ids"] = self.service_ids.product_id.ids
        return values

    def _accept_services(self, quantities):
        """Change the services as a client proposed.

        :param dict quantities: by id of the product, as a text; 0 removes the service
        :return: the values of the client, for ``lead_api_values``
        """
        written = dict(self.lead_api_values or {})
        services = dict(written.get("service_ids") or {})
        commands = []
        for product, quantity in quantities.items():
            lines = self.service_ids.filtered(
                lambda line, product=product: line.product_id.id == int(product)
            )
            if not quantity:
                commands += [Command.delete(line.id) for line in lines]
                services.pop(product, None)
                continue
            services[product] = quantity
            if lines:
                commands.append(Command.update(lines[0].id, {"quantity": quantity}))
            else:
                values = {"product_id": int(product), "quantity": quantity}
                commands.append(Command.create(values))
        self.service_ids = commands
        return {**written, "service_ids": services}
