# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from ..schemas import AdvertisedLead

# Key of Odoo's context: a change only fills in what is empty, and proposes the rest.
FILLS_IN = "lead_api_fills_in"
ADVERTISED = tuple(AdvertisedLead.get_fields().values())


class CrmLead(models.Model):
    """Keep what an advertisement says of itself, and the answers to questions without a
    field."""

    _inherit = "crm.lead"

    gclid = fields.Char("Google Click ID", copy=False)
    fbclid = fields.Char("Facebook Click ID", copy=False)
    ttclid = fields.Char("TikTok Click ID", copy=False)
    ad_form = fields.Char("Form of the Advertisement", copy=False)
    ad_ref = fields.Char("Advertisement", copy=False)
    ad_campaign = fields.Char("Campaign of the Advertisement", copy=False)
    other_answers = fields.Json("Answers of the Form", copy=False)
    other_answers_list = fields.Html(
        "Other Answers",
        compute="_compute_other_answers_list",
        search="_search_other_answers_list",
        sanitize=False,
        help="Of the customer, to questions of a form that have no field here.",
    )
    lead_api_message_ids = fields.One2many(
        "crm.lead.api.message", "lead_id", string="Messages of Platforms"
    )
    came_by = fields.Char(compute="_compute_came_by")
    mapped_by = fields.Char(compute="_compute_came_by")
    may_open_messages = fields.Boolean(compute="_compute_came_by")

    @api.depends("other_answers", "lead_api_message_ids")
    def _compute_other_answers_list(self):
        for lead in self:
            if not lead.other_answers:
                lead.other_answers_list = False
                continue
            # sudo: staff may not read messages and questions, but their words
            questions = lead.sudo().lead_api_message_ids.connection_id.question_ids
            labels = {each.name: each.label for each in questions if each.label}
            rows = Markup().join(
                Markup("<dt>%s</dt><dd>%s</dd>")
                % (labels.get(name) or name.replace("_", " "), answer)
                for name, answer in lead.other_answers.items()
            )
            lead.other_answers_list = (
                Markup('<dl class="o_lead_api_answers">%s</dl>') % rows
            )

    @api.model
    def _search_other_answers_list(self, operator, value):
        if operator == "in":  # only whether there are any
            is_set = {bool(each) for each in value}
            return Domain.OR(
                Domain("other_answers", "!=" if each else "=", False) for each in is_set
            )
        if operator not in ("ilike", "like") or not isinstance(value, str):
            return NotImplemented

        def to_sql(_model, alias, _query):
            return SQL(
                """
                EXISTS (
                    SELECT FROM jsonb_each_text(%s) AS answer
                     WHERE answer.key ILIKE %s OR answer.value ILIKE %s
                    )
                """,
                SQL(
                    "CASE WHEN jsonb_typeof(%(column)s) = 'object' THEN %(column)s "
                    "ELSE '{}' END",
                    column=SQL.identifier(alias, "other_answers"),
                ),
                *(f"%{escape_psql(value)}%",) * 2,
            )

        def predicate(lead):
            words = value.lower()
            pairs = (lead.other_answers or {}).items()
            return any(words in text.lower() for pair in pairs for text in pair)

        return Domain.custom(to_sql=to_sql, predicate=predicate)

    def unlink(self):
        # No foreign key empties the link. sudo: no user may write messages
        self.sudo().lead_api_message_ids.lead_id = False
        return super().unlink()

    def _get_custom_values(self):
        """Add what an advertisement says of itself, which clients may only read; if
        leads of several clients were merged, only those that read all leads."""
        # sudo: staff may not read clients
        lead = self.sudo()
        client = self.env.user._get_lead_api_client() or lead.lead_api_client_id
        is_read = client.reads_all_leads or len(lead.lead_api_merged_client_ids) < 2
        own = {
            attribute: self._get_custom_value(name) if is_read else None
            for attribute, name in AdvertisedLead.get_fields().items()
        }
        return {**super()._get_custom_values(), **own}

    # ------------------------------------------------------------ changes

    def _is_of_staff(self, name, present):
        if self.env.context.get(FILLS_IN):
            return bool(present)
        return super()._is_of_staff(name, present)

    def _plan_new_service(self, change, product, count):
        if self.env.context.get(FILLS_IN) and any(
            self.service_ids.mapped("is_of_staff")
        ):
            change.proposed[product] = count
            return None
        return super()._plan_new_service(change, product, count)

    # ------------------------------------------------------------ merging

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), *ADVERTISED]

    def _merge_get_fields_specific(self):
        return {
            **super()._merge_get_fields_specific(),
            "other_answers": lambda _name, leads: leads._merge_other_answers(),
        }

    def _merge_other_answers(self):
        """Return the answers of all leads; different ones to a question follow each
        other."""
        merged = {}
        for lead in self:
            for name, answer in (lead.other_answers or {}).items():
                texts = merged.setdefault(name, [])
                if answer not in texts:
                    texts.append(answer)
        return {name: "; ".join(texts) for name, texts in merged.items()} or False

    def _merge_dependences(self, opportunities):
        # sudo: no user may write messages
        opportunities.sudo().lead_api_message_ids.lead_id = self
        return super()._merge_dependences(opportunities)

    @api.depends("lead_api_message_ids")
    @api.depends_context("lang", "tz", "uid")
    def _compute_came_by(self):
        for lead in self:
            # sudo: whoever sees the lead may know by which form it came
            messages = lead.sudo().lead_api_message_ids.sorted("id")
            seen = messages.with_env(self.env)._filtered_access("read")
            lead.may_open_messages = bool(seen)
            message = messages[:1]
            connection = message.connection_id.with_context(lang=self.env.lang)
            lead.mapped_by = connection.mapped_by
            lead.came_by = bool(message) and self.env._(
                "Came by %(platform)s “%(form)s”",
                platform=connection.platform_id.name,
                form=message.origin or connection.name,
            )

    def action_open_lead_api_messages(self):
        self.ensure_one()
        messages = self.lead_api_message_ids
        name = self.env._("Message as It Came")
        return messages._get_records_action(name=name, context={})
