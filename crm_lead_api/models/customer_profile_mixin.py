# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..fields import FloatTime
from ..phone_number import (
    format_dialled,
    format_e164,
    is_filler,
    normalize_text,
    parse_phone,
)

PHONE_FIELDS = ("phone", "phone2", "phone3")
PERSONAL_FIELDS = (
    *("gender", "birthdate_date", "overseas_vietnamese"),
    *("facebook_account", "zalo_account"),
)
PORTRAIT_GROUPS = "sales_team.group_sale_salesman"


class CustomerProfileMixin(models.AbstractModel):
    """What is known of a customer, on the lead (as the caller said it) and on the
    contact (as staff keep it). The model has Odoo's own ``phone``, ``country_id``
    and ``company_id``."""

    _name = "customer.profile.mixin"
    _description = "Customer Profile"

    # Phones
    phone2 = fields.Char("Second Phone")
    phone3 = fields.Char("Third Phone")
    phone_key = fields.Char(
        compute="_compute_phone_keys",
        store=True,
        index="btree_not_null",
        help="The phone in international form (E.164), or as it was written where it "
        "is no phone number: customers are found by it.",
    )
    phone2_key = fields.Char(
        "Second Phone Key",
        compute="_compute_phone_keys",
        store=True,
        index="btree_not_null",
    )
    phone3_key = fields.Char(
        "Third Phone Key",
        compute="_compute_phone_keys",
        store=True,
        index="btree_not_null",
    )

    # Person; the names are those of OCA's partner_contact_gender, _birthdate
    gender = fields.Selection(
        [("male", "Male"), ("female", "Female"), ("other", "Other")]
    )
    birthdate_date = fields.Date("Date of Birth")
    district_id = fields.Many2one(
        "res.country.district",
        index="btree_not_null",
        domain="[('state_id', '=?', state_id)]",
    )
    overseas_vietnamese = fields.Selection(
        [
            ("no", "No"),
            ("marketing", "Marketing - Overseas Vietnamese"),
            ("branch", "Branch - Overseas Vietnamese"),
        ],
    )

    # Channels
    facebook_account = fields.Char(index="btree_not_null")
    zalo_account = fields.Char(index="btree_not_null")

    # Portrait; the model says which one
    portrait_id = fields.Many2one("crm.customer.portrait", string="Customer Portrait")
    portrait_revenue_source = fields.Char(
        related="portrait_id.revenue_source", groups=PORTRAIT_GROUPS
    )
    portrait_term_goals = fields.Text(
        related="portrait_id.term_goals", groups=PORTRAIT_GROUPS
    )
    portrait_social_influence = fields.Text(
        related="portrait_id.social_influence", groups=PORTRAIT_GROUPS
    )
    portrait_behavior_on_the_internet = fields.Text(
        related="portrait_id.behavior_on_the_internet", groups=PORTRAIT_GROUPS
    )
    portrait_affected_by = fields.Selection(
        related="portrait_id.affected_by", groups=PORTRAIT_GROUPS
    )
    portrait_transport = fields.Selection(
        related="portrait_id.transport", groups=PORTRAIT_GROUPS
    )
    portrait_work_start_time = FloatTime(
        related="portrait_id.work_start_time", groups=PORTRAIT_GROUPS
    )
    portrait_work_end_time = FloatTime(
        related="portrait_id.work_end_time", groups=PORTRAIT_GROUPS
    )
    portrait_break_start_time = FloatTime(
        related="portrait_id.break_start_time", groups=PORTRAIT_GROUPS
    )
    portrait_break_end_time = FloatTime(
        related="portrait_id.break_end_time", groups=PORTRAIT_GROUPS
    )
    portrait_hobby_ids = fields.One2many(
        related="portrait_id.hobby_ids", groups=PORTRAIT_GROUPS
    )
    portrait_pain_point_ids = fields.One2many(
        related="portrait_id.pain_point_ids", groups=PORTRAIT_GROUPS
    )
    portrait_desire_ids = fields.One2many(
        related="portrait_id.desire_ids", groups=PORTRAIT_GROUPS
    )

    @api.depends("phone", "phone2", "phone3", "country_id", "company_id")
    def _compute_phone_keys(self):
        for record in self:
            country = record.country_id or record.company_id.country_id
            for name in PHONE_FIELDS:
                record[f"{name}_key"] = self._get_phone_key(record[name], country)

    @api.model
    def _get_phone_key(self, number, country):
        """Return the form of a phone number that equal numbers share.

        :param str number: as anybody writes it
        :param country: ``res.country`` whose numbers need no prefix; after it those of
            the current company's do not either
        :return: the number in E.164 form, or else the text without separators
        """
        if not number:
            return False
        if phone := self._parse_phone(number, country):
            return format_e164(phone)
        return normalize_text(number)

    @api.model
    def _get_phone_search_keys(self, number, country):
        """Return the keys that a contact with that number may have.

        Those are the number in E.164 form, and as it is dialled in its country: the key
        of a contact whose country nobody knew. What is no phone number is compared as
        it was sent, unless it is a filler.

        :param str number: as anybody writes it
        :param country: as for :meth:`_get_phone_key`
        :return: the likeliest first
        """
        if phone := self._parse_phone(number, country):
            return [format_e164(phone), format_dialled(phone)]
        text = normalize_text(number)
        return [] if is_filler(text) else [text]

    def _parse_phone(self, number, country):
        return parse_phone(number, country.code, self.env.company.country_id.code)

    def _phone_get_number_fields(self):
        return [*super()._phone_get_number_fields(), "phone2", "phone3"]
