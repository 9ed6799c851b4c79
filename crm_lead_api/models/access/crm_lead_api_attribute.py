# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from typing import Annotated

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...schemas import LeadChange, LeadLabel, StoredLead, UpsertedLead
from ...schemas import value as types
from ...schemas.base import Attribute, extend
from ...schemas.lead import FIELDS
from ...schemas.query import Moment
from ...tools.fields import PROPOSED

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
VIETNAMESE = "vi_VN"
TAKEN_FIELDS = {
    *FIELDS.values(),
    # Filled by the lead API itself
    *("name", "type", "user_id", "team_id", "partner_id", "portrait_id"),
    *("service_ids", "lead_api_client_id", "lead_api_merged_client_ids"),
    *("lead_api_sent", "lead_api_values", "lead_api_tickets"),
    *("lead_api_known_ids", "has_text_ticket"),
    *("match_method", "match_value", "match_candidate_ids"),
    # Filled by the work of staff, or of Odoo, on the lead
    *("active", "stage_id", "probability", "date_closed", "lost_reason_id"),
    *("automated_probability", "message_bounce"),
    *("iap_enrich_done", "reveal_id", "lead_mining_request_id"),
}

EXAMPLE = "ABC123"
# Schema type and example by type of field; char and selection depend on the field
TYPES = {
    "text": (types.Text, EXAMPLE),
    "integer": (types.WholeNumber, 3),
    "float": (types.Amount, 1.5),
    "monetary": (types.Amount, 1500000),
    "boolean": (types.Boolean, True),
    "date": (types.Date, "2026-11-25"),
    "datetime": (Moment, "2026-11-25T08:00:00+07:00"),
    # The ids depend on the database.
    "many2one": (types.Id, None),
    "many2many": (Annotated[list[types.Id], types.MaxItems], None),
}


class CrmLeadApiAttribute(models.Model):
    """Add an attribute to the contract for a client: its value goes to a field of the
    lead that another addon or an administrator has made."""

    _name = "crm.lead.api.attribute"
    _description = "Custom Attribute"
    _order = "client_id, sequence, id"

    client_id = fields.Many2one(
        "crm.lead.api.client", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    field_id = fields.Many2one(
        "ir.model.fields",
        required=True,
        ondelete="cascade",
        domain=[("model", "=", "crm.lead")],
    )
    # Lead API administrators may not read the model of fields, but this selection.
    field_name = fields.Selection(
        selection="_select_field_name",
        string="Field of the Lead",
        compute="_compute_field_name",
        inverse="_inverse_field_name",
        required=True,
        help="Fields that neither the lead API nor Odoo fills by itself.",
    )
    name = fields.Char(
        "Attribute",
        compute="_compute_name",
        **PROPOSED,
        required=True,
        help="The name in the client's payload: small letters, digits and underscores.",
    )
    is_required = fields.Boolean(
        "Required", help="A request without this attribute is refused (422)."
    )
    description = fields.Char(
        help="For integrators: the meaning of the attribute. Without a text here they "
        "read the field's help, or its label."
    )

    _name_unique = models.UniqueIndex(
        "(client_id, name)", "The client has an attribute of this name already."
    )
    _field_unique = models.UniqueIndex(
        "(client_id, field_id)", "The client has an attribute for this field already."
    )

    @api.model
    def _select_field_name(self):
        options = [
            (name, f"{field._description_string(self.env)} ({name})")
            for name, field in self._get_free_fields().items()
        ]
        return sorted(options, key=lambda option: option[1].lower())

    @api.depends("field_id")
    def _compute_field_name(self):
        free = self._get_free_fields()
        for attribute in self:
            field = attribute._get_field(free)
            attribute.field_name = field and field.name

    def _inverse_field_name(self):
        lead_fields = self.env["ir.model.fields"]
        for attribute in self:
            attribute.field_id = lead_fields._get("crm.lead", attribute.field_name).id

    @api.depends("field_name")
    def _compute_name(self):
        taken = self._get_taken_names()
        for attribute in self:
            field_name = attribute.field_name or ""
            name = re.sub("^x_(studio_)?", "", field_name)
            is_good = NAME.fullmatch(name) and name not in taken
            attribute.name = attribute.name or (name if is_good else field_name)

    @api.constrains("name")
    def _check_name(self):
        taken = self._get_taken_names()
        for attribute in self:
            if not NAME.fullmatch(attribute.name):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” cannot be an attribute: begin with a small letter "
                        "from a to z, and go on with such letters, digits and "
                        "underscores, 63 in all.",
                        name=attribute.name,
                    )
                )
            if attribute.name in taken:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” means something else in the lead API already: "
                        "choose another name.",
                        name=attribute.name,
                    )
                )

    @api.constrains("field_id", "client_id")
    def _check_field(self):
        free = self._get_free_fields()
        for attribute in self:
            # sudo: a Lead API administrator may not read the model of fields
            label = attribute.field_id.sudo().display_name
            user = attribute.client_id.user_id
            field = attribute._get_field(free)
            if not field:
                raise ValidationError(
                    self.env._(
                        "A client cannot send “%(field)s”. Choose a stored field of "
                        "the lead that people fill: not one that the lead API or Odoo "
                        "fills itself, or that says what staff have done with the "
                        "lead.",
                        field=label,
                    )
                )
            leads = self.env["crm.lead"].with_user(user)
            if not leads._has_field_access(field, "write"):
                raise ValidationError(
                    self.env._(
                        "The client's user, %(user)s, may not fill “%(field)s”: it is "
                        "for certain groups only. Choose another field, or have the "
                        "user put into one of these groups.",
                        user=user.name,
                        field=label,
                    )
                )
            if field.relational and not leads.env[field.comodel_name].has_access(
                "read"
            ):
                raise ValidationError(
                    self.env._(
                        "The client's user, %(user)s, may not read what “%(field)s” "
                        "names, %(model)s. Choose another field, or have the user put "
                        "into a group that may.",
                        user=user.name,
                        field=label,
                        model=self.env[field.comodel_name]._description,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if name := vals.get("field_name"):
                # The column is required, and the inverse would fill it too late.
                lead_fields = self.env["ir.model.fields"]
                vals["field_id"] = lead_fields._get("crm.lead", name).id
        return super().create(vals_list)

    @api.model
    def _get_free_fields(self):
        """Return the fields of the lead that a client may fill, by name: stored in the
        lead, of a type that JSON has, and filled by people. An addon that fills a field
        itself names it in its schema, or overrides this method to leave it out."""
        schema = self.env["crm.lead.api.client"]._get_schema(StoredLead)
        taken = TAKEN_FIELDS.union(schema.get_fields().values())
        return {
            name: field
            for name, field in self.env["crm.lead"]._fields.items()
            if field.store
            and field.type in ("char", "selection", *TYPES)
            and name not in taken
            and not field.company_dependent
            and not field.inverse  # it writes to another record
            # A field that an administrator made may be read-only for staff.
            and not (field.readonly and (field.compute or not field.manual))
        }

    @api.model
    def _get_taken_names(self):
        """Return the names that the lead API, or its schema classes, use already."""
        # The schema without a client: attributes common to all, also of other addons.
        schema = self.env["crm.lead.api.client"]._get_schema(StoredLead)
        classes = (schema, LeadLabel, LeadChange, UpsertedLead)
        return {*dir(schema), *(name for each in classes for name in each.model_fields)}

    def _get_field(self, free):
        """Return the lead's field among the free ones; ``None`` if there is none."""
        # sudo: a Lead API administrator may not read the model of fields
        definition = self.field_id.sudo()
        if definition.model != "crm.lead":
            return None
        return free.get(definition.name)

    # ------------------------------------------------------------ requests

    def _add_to_schema(self, schema):
        """Return a schema of leads, extended by the attributes if there are any."""
        if not self:
            return schema
        free = self._get_free_fields()
        definitions = tuple(
            attribute._define(field)
            for attribute in self
            if (field := attribute._get_field(free))
        )
        return extend(schema, *definitions) if definitions else schema

    def _define(self, field):
        """Return the :class:`Attribute` for a field of the lead."""
        if field.type == "char":
            size = field.size or types.MAX_LINE
            type_, example = types.line(size), EXAMPLE[:size]
        elif field.type == "selection":
            values = tuple(field.get_values(self.env))
            type_, example = types.choice(values), next(iter(values), None)
        else:
            type_, example = TYPES[field.type]
        text = self.description or self._get_field_text(field)
        record = (field.comodel_name, field.name)
        return Attribute(self.name, type_, text, example, self.is_required, *record)

    def _get_field_text(self, field):
        """Return the field's help, or label, in English and in Vietnamese."""
        langs = [None]  # English, even if it is not installed
        if VIETNAMESE in dict(self.env["res.lang"].get_installed()):
            langs.append(VIETNAMESE)
        envs = [self.with_context(lang=lang).env for lang in langs]
        texts = [
            field._description_help(env) or field._description_string(env)
            for env in envs
        ]
        return tuple(dict.fromkeys(texts))
