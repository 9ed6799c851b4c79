# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.crm_lead_api.schemas.customer_portrait import CustomerPortrait
from odoo.addons.crm_lead_api.schemas.record_list import BY_ATTRIBUTE

from ..schemas import ConnectionLead
from ..tools.place import PlaceError, check_place, find_answer_names, read

PORTRAIT = "customer_portrait"


class CrmLeadApiConnectionField(models.Model):
    """Map a place in the messages of a connection, or a fixed value, to an attribute of
    the lead."""

    _name = "crm.lead.api.connection.field"
    _description = "Mapping of a Connection"
    _order = "connection_id, sequence, id"

    connection_id = fields.Many2one(
        "crm.lead.api.connection", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    attribute = fields.Selection(selection="_select_attribute", required=True)
    place = fields.Char(
        help="Where the value is in a message, such as answers.phone. Click on a value "
        "of the last message to choose its place."
    )
    value = fields.Char(
        "Fixed Value", help="Of all leads, or if a message has nothing at the place."
    )
    model = fields.Char(compute="_compute_model")
    res_id = fields.Many2oneReference(
        "Fixed Record",
        model_field="model",
        help="Of all leads, or if a message has nothing at the place.",
    )
    is_required = fields.Boolean(
        "Required", help="A message without the attribute is refused."
    )

    _attribute_unique = models.UniqueIndex(
        "(connection_id, attribute)", "Each attribute is mapped once."
    )

    @api.model
    def _select_attribute(self):
        schema = self.env["crm.lead.api.client"]._get_schema(ConnectionLead)
        names = [name for name in schema.model_fields if name != "other_answers"]
        names.remove(PORTRAIT)
        names += [f"{PORTRAIT}.{name}" for name in CustomerPortrait.model_fields]
        # sudo: whoever maps messages need not see all clients
        custom = self.env["crm.lead.api.attribute"].sudo().search([])
        names += custom.mapped("name")
        labels = self.env["crm.lead.api.connection"]._get_labels()
        options = {name: labels.get(name, name) for name in names}
        return sorted(options.items(), key=lambda option: option[1].lower())

    @api.depends("attribute")
    def _compute_model(self):
        for line in self:
            reference = BY_ATTRIBUTE.get(line.attribute)
            line.model = reference and reference.model

    @api.constrains("place")
    def _check_place(self):
        for line in self.filtered("place"):
            try:
                check_place(line.place)
            except PlaceError as error:
                raise ValidationError(error.get_message(self.env)) from error

    @api.constrains("attribute", "place", "value", "res_id")
    def _check_something(self):
        for line in self:
            if not (line.place or line.value or line.res_id):
                raise ValidationError(
                    self.env._(
                        "Give %(attribute)s a place in the message, or a fixed value.",
                        attribute=line.attribute,
                    )
                )

    def _read(self, content):
        """Return the value of the attribute in a message, or the fixed value."""
        value = read(self.place, content)
        if value is None or value == "" or value == []:
            return self.res_id or self.value or None
        return value

    def _get_answer_names(self) -> set[str]:
        """Return the names of the answers that are mapped."""
        names = (find_answer_names(line.place) for line in self if line.place)
        return set().union(*names)
