# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import format_date, format_duration

from ...tools.fields import FloatTime
from ...tools.mode import ALL, MODE
from ...tools.text import fold_accents

TEXT_FIELDS = (
    *("term_goals", "revenue_source", "transport", "affected_by"),
    *("social_influence", "behavior_on_the_internet"),
)
HOUR_FIELDS = (
    *("work_start_time", "work_end_time", "break_start_time", "break_end_time"),
)
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
    """Describe a customer as of one lead; later portraits never change earlier ones."""

    _name = "crm.customer.portrait"
    _description = "Customer Portrait"
    _order = "id desc"
    _has_texts_of_clients = True

    # Portraits are deleted with the contact, but by its ``unlink``: Odoo's privacy
    # look-up does not find records that the database deletes by a cascade.
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company
    )
    lead_ids = fields.One2many(
        "crm.lead", "portrait_id", string="Leads", context={MODE: ALL}
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
    item_ids = fields.One2many("crm.customer.portrait.item", "portrait_id")
    hobby_ids = _items("Hobbies", "hobby")
    pain_point_ids = _items("Pain Points", "pain_point")
    desire_ids = _items("Desires", "desire")

    card = fields.Html(
        compute="_compute_card",
        sanitize=False,
        help="The content of the portrait, and the differences from the one before.",
    )

    def unlink(self):
        # When a person is erased, no word of the person stays.
        # sudo: a user who may delete a portrait may delete its words, too
        tags = self.sudo().item_ids.tag_id
        self.env["crm.lead.api.answer"].sudo()._forget_portraits(self.sudo().exists())
        result = super().unlink()
        tags.filtered(lambda tag: not tag.item_ids).unlink()
        return result

    @api.depends("partner_id.name", "create_date")
    def _compute_display_name(self):
        for portrait in self:
            date = format_date(self.env, portrait.create_date)
            name = portrait.partner_id.name or ""
            portrait.display_name = f"{name} ({date})" if date else name

    @api.depends_context("lang", "tz", "uid", "allowed_company_ids")
    @api.depends(
        *("partner_id", "item_ids.name", "item_ids.tag_id"), *TEXT_FIELDS, *HOUR_FIELDS
    )
    def _compute_card(self):
        history = self._get_history(self.partner_id)
        for portrait in self:
            portrait.card = portrait in history and portrait._render_card(
                *history[portrait]
            )

    @api.model
    def _get_history(self, partners):
        """Return customers' portraits, each with its content and the content before it.

        Only portraits that the user may see count, the oldest first.

        :rtype: dict[portrait, tuple[dict, dict]]
        """
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
            hours[portrait.partner_id] |= {
                name: portrait[name]
                for name in HOUR_FIELDS
                if portrait[name] is not False
            }
            said = portrait._get_said(
                items.get(portrait, ()), hours[portrait.partner_id]
            )
            history[portrait] = said, known[portrait.partner_id]
            # A subject that a portrait does not mention has not changed.
            known[portrait.partner_id] = {**known[portrait.partner_id], **said}
        return history

    def _get_said(self, items, hours):
        """Return the texts of the portrait, by subject and key.

        Two portraits agree on a text if its key is the same: the tag of a word, which
        has any spelling, or the text itself.

        :param items: the items of the portrait
        :param dict hours: the hours known so far; a portrait that has only the end of
            work does not change its start
        """
        said = {}
        for item in items:
            said.setdefault(f"{item.kind}_ids", {})[item.tag_id] = item.name
        for name in TEXT_FIELDS:
            if self[name]:
                text = self._fields[name].convert_to_export(self[name], self)
                said[name] = {text: text}
        for subject, names in (
            ("working_day", HOUR_FIELDS[:2]),
            ("lunch_break", HOUR_FIELDS[2:]),
        ):
            if text := _format_hours(*(self[name] for name in names)):
                known = _format_hours(*(hours.get(name, False) for name in names))
                said[subject] = {known: text}
        return said

    def _render_card(self, said, known):
        """Render the portrait as HTML.

        :param dict said: the portrait's content, as of :meth:`_get_said`
        :param dict known: the content of earlier portraits, in the same form
        """
        labels = self._get_labels()
        subjects = [subject for subject in labels if subject in said]
        work = _get_spans(self.work_start_time, self.work_end_time)
        lunch = _get_spans(self.break_start_time, self.break_end_time)
        return self.env["ir.qweb"]._render(
            "crm_lead_api.portrait_card",
            {
                "date": format_date(self.env, self.create_date),
                "labels": labels,
                "said": {subject: said[subject].values() for subject in subjects},
                "lists": LIST_FIELDS,
                "spans": [
                    *(("work", *span) for span in work),
                    *(("lunch", *span) for span in lunch),
                ],
                "changes": {
                    subject: _compare(known.get(subject, {}), said[subject])
                    for subject in subjects
                    if known and known.get(subject, {}).keys() != said[subject].keys()
                },
            },
        )

    @api.model
    def _get_labels(self):
        """Return the name of each subject of a portrait, in the order of subjects.

        :rtype: dict[str, str]
        """
        labels = {
            name: self._fields[name]._description_string(self.env)
            for name in (*LIST_FIELDS, *TEXT_FIELDS)
        }
        labels["working_day"] = self.env._("Working Day")
        labels["lunch_break"] = self.env._("Lunch Break")
        return labels

    @api.model
    def _get_changes(self, said, known):
        """Return the subjects whose content has changed, as (label, old texts, new
        texts).

        :param dict said: a portrait's content, as of :meth:`_get_said`
        :param dict known: the content of earlier portraits, in the same form
        """
        return [
            (label, *_compare(known.get(subject, {}), said[subject]))
            for subject, label in self._get_labels().items()
            if subject in said and known.get(subject, {}).keys() != said[subject].keys()
        ]

    @api.model
    def _create_from_portraits(self, portraits, partners, tags):
        """Create the portraits that came with requests.

        :param portraits: the :class:`CustomerPortrait` of each request, or ``None``
        :param partners: the customer of each request, ``res.partner``
        :param dict tags: the tags of all words in the portraits, as of
            ``crm.customer.portrait.tag._find_by_texts``
        :return: list of a portrait for each request, empty if the request has none
        """
        vals_list, positions = [], []
        for position, (portrait, partner) in enumerate(
            zip(portraits, partners, strict=True)
        ):
            if not (portrait and (values := portrait.to_portrait_values())):
                continue
            for _command, _id, item in values.get("item_ids", ()):
                item["tag_id"] = tags[item["kind"], fold_accents(item["name"])].id
            values["partner_id"] = partner.id
            values["company_id"] = self.env.company.id
            vals_list.append(values)
            positions.append(position)
        made = dict(zip(positions, self.create(vals_list), strict=True))
        return [made.get(position, self.browse()) for position in range(len(portraits))]


def _compare(before, now):
    """Return the texts that are gone, and the texts that are new."""
    gone = [text for key, text in before.items() if key not in now]
    new = [text for key, text in now.items() if key not in before]
    return gone, new


def _format_hours(start, end):
    """Format two hours of the day as text; ``False`` is an unknown hour."""
    hours = ["…" if hour is False else format_duration(hour) for hour in (start, end)]
    return "" if hours == ["…", "…"] else " – ".join(hours)


def _get_spans(start, end):
    """Return (begin, length) of the parts of a day, in percent of the day: two parts if
    the hours go past midnight."""
    if start is False or end is False:
        return []
    spans = [(start, end)] if start <= end else [(0, end), (start, 24)]
    return [(100 * a / 24, 100 * (b - a) / 24) for a, b in spans]
