# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, format_duration

from ...tools.domain import count_of
from ...tools.fields import PROPOSED, FloatTime
from ...tools.mode import ALL, MODE, is_in_test_mode
from ...tools.text import fold_accents

KINDS = [("hobby", "Hobby"), ("pain_point", "Pain Point"), ("desire", "Desire")]
TEXT_FIELDS = (
    *("term_goals", "revenue_source", "transport", "affected_by"),
    *("social_influence", "behavior_on_the_internet"),
)
HOUR_FIELDS = (
    *("work_start_time", "work_end_time", "break_start_time", "break_end_time"),
)
# The kind of bar for each part of the day, and its fields
DAY_PARTS = {
    "working_day": ("work", HOUR_FIELDS[:2]),
    "lunch_break": ("lunch", HOUR_FIELDS[2:]),
}
LIST_FIELDS = ("pain_point_ids", "desire_ids", "hobby_ids")


def _items(label, kind):
    return fields.One2many(
        "crm.customer.portrait.item",
        "portrait_id",
        string=label,
        domain=[("kind", "=", kind)],
        context={"default_kind": kind},
    )


class CrmCustomerPortrait(models.Model):
    """Describe a customer as of one lead; later portraits never change earlier ones.

    Who may see the lead may see its portraits, also those that others replaced. When
    the lead is deleted, they are for those who see all leads.
    """

    _name = "crm.customer.portrait"
    _inherit = ["crm.lead.api.test.mixin"]
    _description = "Customer Portrait"
    _order = "id desc"
    _has_texts_of_clients = True

    # Portraits are deleted with the contact, but by its ``unlink``: Odoo's privacy
    # look-up does not find records that the database deletes by a cascade.
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        index=True,
        default=lambda self: self.env.company,
    )
    lead_ids = fields.One2many(
        "crm.lead",
        "portrait_id",
        string="Leads",
        context={MODE: ALL, "active_test": False},  # lost leads, too
    )
    former_lead_id = fields.Many2one(
        "crm.lead",
        index="btree_not_null",
        readonly=True,
        help="The lead whose portrait this was, before another took its place.",
    )
    is_shared = fields.Boolean(
        "For All Salespeople",
        compute="_compute_is_shared",
        **PROPOSED,  # if it were read-only, the mark of a copy would be computed
        copy=True,
        help="Made by hand, and never of a lead. Other portraits are for those who may "
        "see the lead.",
    )

    # Circumstances
    revenue_source = fields.Char(
        "Finances / Income", help="The customer's income and means."
    )
    term_goals = fields.Text("Goals", help="The customer's goals.")
    social_influence = fields.Text(
        help="Groups and people whose opinion counts for the customer."
    )
    behavior_on_the_internet = fields.Text(
        "Behavior on the Internet", help="Where and when the customer is online."
    )
    affected_by = fields.Selection(
        [
            ("family", "Family"),
            ("friend", "Friend"),
            ("co_worker", "Co-Worker"),
            ("community", "Community"),
            ("electronic_media", "Electronic media"),
            ("other", "Other"),
        ],
        string="Influenced By",
        help="Who has the most weight in the customer's decision.",
    )
    transport = fields.Selection(
        [
            ("bicycle", "Bicycle"),
            ("scooter", "Scooter"),
            ("bus", "Bus"),
            ("car", "Car"),
            ("other", "Other"),
        ],
        string="Means of Transport",
        help="How the customer comes to you.",
    )

    # Working day, in hours: 8.5 is 08:30
    work_start_time = FloatTime("Work Starts")
    work_end_time = FloatTime("Work Ends")
    break_start_time = FloatTime("Lunch Break Starts")
    break_end_time = FloatTime("Lunch Break Ends")

    # Lists
    item_ids = fields.One2many("crm.customer.portrait.item", "portrait_id", copy=True)
    hobby_ids = _items("Hobbies", "hobby")
    pain_point_ids = _items("Pain Points", "pain_point")
    desire_ids = _items("Desires", "desire")

    card = fields.Html(
        compute="_compute_card",
        sanitize=False,
        help="The content of the portrait, and the differences from the one before.",
    )

    @api.depends("lead_ids.company_id", "former_lead_id.company_id")
    def _compute_company_id(self):
        for portrait in self:
            lead = portrait.lead_ids[:1] or portrait.former_lead_id
            portrait.company_id = lead.company_id or portrait.company_id

    @api.depends("lead_ids")
    def _compute_is_shared(self):
        is_by_hand = not self.env.user._get_lead_api_client()
        for portrait in self:
            before = portrait._origin
            is_free = before.is_shared if before else is_by_hand
            portrait.is_shared = is_free and not portrait.lead_ids

    @api.depends("partner_id.name", "create_date")
    def _compute_display_name(self):
        for portrait in self:
            date = format_date(self.env, portrait.create_date, date_format="medium")
            name = portrait.partner_id.name or ""
            portrait.display_name = f"{name} ({date})" if date else name

    @api.depends_context("lang", "tz", "uid", "allowed_company_ids")
    @api.depends(
        *("partner_id", "item_ids.name", "item_ids.tag_id"), *TEXT_FIELDS, *HOUR_FIELDS
    )
    def _compute_card(self):
        history, labels = self._get_history(self.partner_id), self._get_labels()
        for portrait in self:
            said, known = history.get(portrait, (None, None))
            date = format_date(self.env, portrait.create_date, date_format="medium")
            portrait.card = said is not None and self.env["ir.qweb"]._render(
                "crm_lead_api.portrait_card",
                {
                    "date": date,
                    "labels": labels,
                    "said": {
                        name: said[name].values() for name in labels if name in said
                    },
                    "lists": LIST_FIELDS,
                    "spans": _get_spans(portrait),
                    "changes": known and portrait._get_changes(said, known),
                },
            )

    @api.model_create_multi
    def create(self, vals_list):
        portraits = super().create(vals_list)
        # Its words are no change of a lead; the link to the lead is one by itself.
        self.env["crm.lead"]._drop_change("portrait_id", portraits.ids)
        return portraits

    def unlink(self):
        # When a person is erased, no word of the person stays.
        # sudo: a user who may delete a portrait may delete its words, too
        tags = self.sudo().item_ids.tag_id
        self.env["crm.lead.api.answer"].sudo()._anonymize_portraits(
            self.sudo().exists()
        )
        result = super().unlink()
        tags.filtered(lambda tag: not tag.item_ids).unlink()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for portrait, vals in zip(self, vals_list, strict=True):
            # A copy has no lead of its own, but the words of one.
            lead = portrait.lead_ids[:1]
            vals["former_lead_id"] = lead.id or vals["former_lead_id"]
        return vals_list

    @api.model
    def _create_from_portraits(self, portraits, partners):
        """Create the portraits of requests, each a :class:`CustomerPortrait` or
        ``None``; return a portrait for each, which may be empty."""
        all_values = [
            {**values, "partner_id": partner.id, "company_id": self.env.company.id}
            if portrait and (values := portrait.to_portrait_values())
            else None
            for portrait, partner in zip(portraits, partners, strict=True)
        ]
        made = iter(self.create(list(filter(None, all_values))))
        return [next(made) if values else self.browse() for values in all_values]

    @api.model
    def _get_history(self, partners):
        """Return customers' portraits, the oldest first, as far as the user may see
        them, each with its content and the content before it, as dictionaries."""
        portraits = self._with_tests_of(partners).search_fetch(
            [("partner_id", "in", partners.ids)],
            ["partner_id", "create_date", *TEXT_FIELDS, *HOUR_FIELDS],
            order="id",
        )
        items = (
            self.env["crm.customer.portrait.item"]
            .search_fetch(
                [("portrait_id", "in", portraits.ids)],
                ["portrait_id", "kind", "tag_id", "name"],
            )
            .grouped("portrait_id")
        )
        history, known, hours = {}, defaultdict(dict), defaultdict(dict)
        for portrait in portraits:
            partner = portrait.partner_id
            hours[partner] |= {
                name: portrait[name]
                for name in HOUR_FIELDS
                if portrait[name] is not False
            }
            said = portrait._get_said(items.get(portrait, ()), hours[partner])
            history[portrait] = said, known[partner]
            # A subject that a portrait does not mention has not changed.
            known[partner] = known[partner] | said
        return history

    def _get_said(self, items, hours):
        """Return the texts of the portrait, by subject and key. Two portraits agree on
        a text if its key is the same: the tag of a word, which has any spelling, or the
        text itself. A portrait that has only the end of work does not change its start,
        which is among the hours known so far."""
        said = {}
        for item in items:
            said.setdefault(f"{item.kind}_ids", {})[item.tag_id] = item.name
        for name in TEXT_FIELDS:
            if self[name]:
                text = self._fields[name].convert_to_export(self[name], self)
                said[name] = {text: text}
        for subject, (_kind, names) in DAY_PARTS.items():
            if text := _format_hours(*(self[name] for name in names)):
                known = _format_hours(*(hours.get(name, False) for name in names))
                said[subject] = {known: text}
        return said

    @api.model
    def _render_summary(self, history):
        """Render what is known of a customer as HTML: the last value of each subject,
        when it was said, and the value before it.

        :param dict history: of the customer alone, as of :meth:`_get_history`
        """
        labels, summary = self._get_labels(), {}
        for portrait, (said, known) in history.items():
            changes = portrait._get_changes(said, known)
            date = format_date(self.env, portrait.create_date, date_format="medium")
            for subject, texts in said.items():
                gone = summary[subject][2] if subject in summary else []
                gone, _new = changes.get(subject, (gone, []))
                # Of a part of the day the key has both hours.
                texts = texts if subject in DAY_PARTS else texts.values()
                summary[subject] = [*texts], date, gone
        return self.env["ir.qweb"]._render(
            "crm_lead_api.portrait_summary",
            {
                "labels": labels,
                "summary": {name: summary[name] for name in labels if name in summary},
                "dates": {date for _texts, date, _gone in summary.values()},
                "lists": LIST_FIELDS,
                "spans": _get_spans(self._get_last_values(history, HOUR_FIELDS)),
            },
        )

    @api.model
    def _get_last_values(self, portraits, names):
        """Return each field's last value among portraits, the oldest first."""
        values = {}
        for name in names:
            said = [portrait[name] for portrait in portraits]
            # 0.0 is an hour, midnight
            known = [value for value in said if value or isinstance(value, float)]
            values[name] = known[-1] if known else False
        return values

    @api.model
    def _get_labels(self) -> dict[str, str]:
        """Return the name of each subject of a portrait, in the order of subjects."""
        labels = {
            name: self._fields[name]._description_string(self.env)
            for name in (*LIST_FIELDS, *TEXT_FIELDS)
        }
        labels["working_day"] = self.env._("Working Day")
        labels["lunch_break"] = self.env._("Lunch Break")
        return labels

    @api.model
    def _get_changes(self, said, known) -> dict[str, tuple[list[str], list[str]]]:
        """Return the old texts that are gone, and the new ones, by changed subject."""
        changes = {}
        for subject in self._get_labels():
            before, now = known.get(subject, {}), said.get(subject)
            if now is not None and before.keys() != now.keys():
                gone = [text for key, text in before.items() if key not in now]
                new = [text for key, text in now.items() if key not in before]
                changes[subject] = gone, new
        return changes


def _format_hours(start, end):
    """Format two hours of the day as text; ``False`` is an unknown hour."""
    hours = ["…" if hour is False else format_duration(hour) for hour in (start, end)]
    return "" if hours == ["…", "…"] else " – ".join(hours)


def _get_spans(hours):
    """Return (kind, begin, length) of the parts of a day, in percent of the day: two
    parts if the hours go past midnight."""
    spans = []
    for kind, names in DAY_PARTS.values():
        start, end = (hours[name] for name in names)
        if start is not False and end is not False:
            parts = [(start, end)] if start <= end else [(0, end), (start, 24)]
            spans += [(kind, 100 * a / 24, 100 * (b - a) / 24) for a, b in parts]
    return spans


class CrmCustomerPortraitTag(models.Model):
    """Unite the spellings of a hobby, pain point or desire that customers share."""

    _name = "crm.customer.portrait.tag"
    _inherit = ["folded.name.mixin", "crm.lead.api.test.mixin"]
    _description = "Customer Portrait Tag"
    _order = "kind, name, id"
    _has_texts_of_clients = True

    kind = fields.Selection(KINDS, required=True)
    name = fields.Char(required=True)
    item_ids = fields.One2many("crm.customer.portrait.item", "tag_id")
    portrait_count = fields.Integer("Portraits", compute="_compute_portrait_count")

    # A hash, because a text may be longer than an index can hold.
    _name_unique = models.UniqueIndex(
        "(kind, md5(folded_name))", "There is already a tag with this name."
    )

    @api.depends("item_ids.portrait_id")
    def _compute_portrait_count(self):
        items = self.env["crm.customer.portrait.item"]
        is_live = Domain("portrait_id.is_lead_api_test", "=", False)
        portraits = "portrait_id:count_distinct"
        for tag, count in count_of(items, self, "tag_id", is_live, portraits).items():
            tag.portrait_count = count

    @api.model_create_multi
    def create(self, vals_list):
        # Whoever makes the same tag at the same instant waits, and finds it: see _lock.
        texts = [(vals.get("kind") or "", vals.get("name") or "") for vals in vals_list]
        keys = [f"{kind} {fold_accents(text)}" for kind, text in texts]
        self.env["crm.lead.api.lock"]._lock(keys)
        return super().create(vals_list)

    @api.model
    def name_create(self, name):
        kind = self.env.context.get("default_kind")
        if not kind:
            return super().name_create(name)  # raises that the kind is missing
        tag = self._get_by_texts([(kind, name)])
        return tag.id, tag.display_name

    @api.model
    def _get_by_texts(self, texts):
        """Return a tag for each text, and create missing tags.

        :param texts: pairs of a kind and a text
        :raise SerializationFailure: another transaction made one of the tags in the
            same instant; Odoo runs the request again
        """
        keys = [(kind, fold_accents(text)) for kind, text in texts]
        # A word has one tag, for tests and customers alike.
        found = self.with_context(**{MODE: ALL}).search_fetch(
            [
                ("kind", "in", [kind for kind, _name in keys]),
                ("folded_name", "in", [name for _kind, name in keys]),
            ],
            ["kind", "folded_name", "is_lead_api_test"],
        )
        # sudo: a user who may write a portrait may use new words
        tags = self.sudo()
        if not is_in_test_mode(self.env):
            found.filtered("is_lead_api_test").with_env(
                tags.env
            ).is_lead_api_test = False
        known = {(tag.kind, tag.folded_name): tag.id for tag in found}
        new = {}  # of equal texts the first
        for key, (kind, name) in zip(keys, texts, strict=True):
            if key not in known:
                new.setdefault(key, {"kind": kind, "name": name})
        made = tags.create(list(new.values()))
        known |= zip(new, made.ids, strict=True)
        return self.browse(known[key] for key in keys)

    @api.autovacuum
    def _gc_unused(self):
        """Delete tags that no portrait uses any more: they are words of a person. Keep
        new tags for a day: their portrait may not be saved yet."""
        tags = self.with_context(**{MODE: ALL})
        tags.search([("item_ids", "=", False), ("create_date", "<", "-1d")]).unlink()


class CrmCustomerPortraitItem(models.Model):
    """Keep a hobby, pain point or desire in the customer's words and order."""

    _name = "crm.customer.portrait.item"
    _description = "Customer Portrait Item"
    _order = "sequence, id"
    _has_texts_of_clients = True

    portrait_id = fields.Many2one(
        "crm.customer.portrait", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(KINDS, required=True)
    sequence = fields.Integer(default=10)
    tag_id = fields.Many2one(
        "crm.customer.portrait.tag",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('kind', '=', kind)]",
        help="A search for this text ignores case and accents.",
    )
    name = fields.Char(
        "Said",
        compute="_compute_name",
        **PROPOSED,
        required=True,
        help="In the words of the customer, or of the person who phoned.",
    )

    @api.depends("tag_id")
    def _compute_name(self):
        for item in self:
            before = item._origin
            item.name = before.name if before._is_own() else item.tag_id.name

    @api.model_create_multi
    def create(self, vals_list):
        """Find, or create, the tags of items that have a name but no tag."""
        vals_list = [dict(vals) for vals in vals_list]
        said = []
        for vals in vals_list:
            kind = vals.get("kind", self.env.context.get("default_kind"))
            if not vals.get("name"):
                vals.pop("name", None)  # computed from the tag
            elif kind and not vals.get("tag_id"):
                said.append((kind, vals))
        tags = self.env["crm.customer.portrait.tag"]._get_by_texts(
            [(kind, vals["name"]) for kind, vals in said]
        )
        for (_kind, vals), tag in zip(said, tags, strict=True):
            vals["tag_id"] = tag.id
        items = super().create(vals_list)
        items._note_change()
        return items

    def write(self, vals):
        """Keep words and tag in step, but preserve the customer's own words."""
        self._note_change()
        if not vals.keys() & {"name", "tag_id"}:
            return super().write(vals)
        tags = self.env["crm.customer.portrait.tag"]
        for item in self:
            tag = tags.browse(vals.get("tag_id", item.tag_id.id))
            name = vals.get("name", item._is_own() and item.name)
            if name and "tag_id" not in vals and not item._is_own():
                tag = tags._get_by_texts([(item.kind, name)])
            super(CrmCustomerPortraitItem, item).write(
                {**vals, "tag_id": tag.id, "name": name or tag.name}
            )
        return True

    def unlink(self):
        self._note_change()
        return super().unlink()

    def _is_own(self):
        """Tell whether the words differ from the tag's name."""
        return bool(self.name) and fold_accents(self.name) != self.tag_id.folded_name

    def _note_change(self):
        # sudo: portraits of leads that the user may not see
        portraits = self.sudo().portrait_id
        self.env["crm.lead"]._note_change("portrait_id", portraits.ids)
