# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..schemas import ConnectionLead
from ..tools.message_values import is_empty
from ..tools.place import check_place, find_answer_names, read

PORTRAIT = "customer_portrait"
OTHERS = "other_answers"


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
        names = get_attributes(schema)
        # sudo: whoever maps messages need not see all clients
        custom = self.env["crm.lead.api.attribute"].sudo().search(Domain.TRUE)
        names += custom.mapped("name")
        labels = self.env["crm.lead.api.connection"]._get_labels()
        options = {name: labels.get(name, name) for name in names}
        return sorted(options.items(), key=lambda option: option[1].lower())

    @api.depends("attribute", "connection_id.client_id")
    def _compute_model(self):
        for line in self:
            models_ = line._get_schema().get_models()
            line.model = models_.get(line.attribute, False)

    @api.constrains("attribute", "connection_id")
    def _check_attribute(self):
        for line in self:
            if line.attribute not in get_attributes(line._get_schema()):
                raise ValidationError(
                    self.env._(
                        "%(attribute)s is an attribute of another client.",
                        attribute=line.attribute,
                    )
                )

    @api.constrains("place")
    def _check_place(self):
        for line in self.filtered("place"):
            check_place(self.env, line.place)

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

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._update_messages()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if "connection_id" in vals:
            # The new connection, too, must be of companies of the user.
            self.check_access("write")
        if not vals.keys().isdisjoint(("attribute", "place")):
            self._update_messages()
        return result

    def _update_messages(self):
        """Let messages go on by the new mapping, and their leads be filled by it."""
        # sudo: no user may write questions and messages
        connections = self.connection_id.sudo()
        for connection in connections:
            names = connection.field_ids._get_answer_names()
            is_mapped = Domain("name", "in", list(names))
            connection.question_ids.filtered_domain(is_mapped).unlink()
        messages = self.env["crm.lead.api.message"].sudo()
        if live := connections.filtered("is_live"):
            messages._update_customer_keys(live)
            messages._trigger("ir_cron_heal_leads")

    def _get_schema(self):
        """Return the schema of the connection's leads."""
        # sudo: whoever maps messages need not see the client's attributes
        return self.connection_id.client_id.sudo()._get_schema(ConnectionLead)

    def _read(self, content):
        """Return the value of the attribute in a message, or the fixed value."""
        value = read(self.place, content)
        return (self.res_id or self.value or None) if is_empty(value) else value

    def _get_answer_names(self) -> set[str]:
        """Return the names of the answers that are mapped."""
        platforms = self.connection_id.platform_id
        is_whole = platforms.answers_place in (False, "@")
        names = (find_answer_names(line.place, is_whole) for line in self if line.place)
        return set().union(*names)


def get_attributes(schema) -> list[str]:
    """Return the attributes of a lead, of its portrait each part, by path."""
    portrait = schema._get_schema(PORTRAIT)
    names = [name for name in schema.model_fields if name not in (PORTRAIT, OTHERS)]
    return names + [f"{PORTRAIT}.{name}" for name in portrait.model_fields]
