# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain

ADDRESS_FIELDS = ("street", "district_id", "state_id", "country_id")
UNSENT_ADDRESS_FIELDS = ("street2", "city", "zip")


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "customer.profile.mixin"]

    portrait_ids = fields.One2many(
        "crm.customer.portrait",
        "partner_id",
        string="Portraits",
        groups="sales_team.group_sale_salesman",
    )
    portrait_id = fields.Many2one(
        "crm.customer.portrait",
        string="Newest Portrait",
        compute="_compute_portrait_id",
        search="_search_portrait_id",
        groups="sales_team.group_sale_salesman",
    )
    portrait_count = fields.Integer(
        compute="_compute_portrait_id",
        groups="sales_team.group_sale_salesman",
    )

    @api.depends("portrait_ids")
    def _compute_portrait_id(self):
        newest = {
            partner: (portrait_id, count)
            for partner, portrait_id, count in self.env[
                "crm.customer.portrait"
            ]._read_group(
                [("partner_id", "in", self.ids)],
                ["partner_id"],
                ["id:max", "__count"],
            )
        }
        for partner in self:
            portrait_id, count = newest.get(partner._origin, (False, 0))
            partner.portrait_id = portrait_id
            partner.portrait_count = count

    def _search_portrait_id(self, operator, value):
        # A hobby that an older portrait tells of is still worth finding.
        return Domain("portrait_ids", operator, value)

    def action_view_portraits(self):
        """Open all portraits of the contact, the newest first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_api.crm_customer_portrait_action"
        )
        return {
            **action,
            "domain": [("partner_id", "=", self.id)],
            "context": {"default_partner_id": self.id},
        }

    # ------------------------------------------------------------ lead API

    @api.model
    def _find_or_create_from_payload(self, payload, account):
        """Return the customer of a request; a known one gets only its blanks filled.

        :param LeadRequest payload: a checked request
        :param account: the contact that the request names, else empty
        """
        values = payload.to_partner_values()
        partner = account or self._find_by_phones(
            [values[name] for name in ("phone", "phone2", "phone3") if name in values],
            self.env["res.country"].browse(values["country_id"]),
        )
        if not partner:
            return self.create(values)
        partner._fill_blanks(values)
        return partner

    @api.model
    def _find_by_phones(self, numbers, country):
        """Return the contact that has one of the numbers as any of its phones.

        Only contacts of the current company or of none; the oldest of several.

        :param list[str] numbers: as anybody writes them
        :param country: ``res.country`` whose numbers need no prefix
        """
        keys = set()
        for number in numbers:
            keys |= self._get_phone_search_keys(number, country)
        if not keys:
            return self.browse()
        return self.search(
            Domain.OR(
                Domain(name, "in", keys)
                for name in ("phone_key", "phone2_key", "phone3_key")
            )
            & Domain(self._check_company_domain(self.env.company)),
            order="id",
            limit=1,
        )

    def _fill_blanks(self, values):
        """Write those values whose field is empty: staff's own data stay.

        An address is filled up only where what is there agrees with it, so that no
        street of one town ends up in another, and not where Odoo would hand it on to
        the contact's company or its people; a phone that the contact has already is not
        repeated.

        :param dict values: as for ``write``
        """
        self.ensure_one()
        blanks = {name: value for name, value in values.items() if not self[name]}
        address = {name: values[name] for name in ADDRESS_FIELDS if name in values}
        current = self._convert_to_write({name: self[name] for name in address})
        if (
            self.parent_id
            or self.child_ids
            or any(self[name] for name in UNSENT_ADDRESS_FIELDS)
            or any(current[name] not in (False, address[name]) for name in address)
        ):
            for name in address:
                blanks.pop(name, None)
        country = self.env["res.country"].browse(values["country_id"])
        known = {self.phone_key, self.phone2_key, self.phone3_key}
        for name in ("phone", "phone2", "phone3"):
            if name in blanks and self._get_phone_key(blanks[name], country) in known:
                del blanks[name]
        # Odoo lets only user administrators change the contact of a colleague.
        if blanks and self.partner_share:
            self.write(blanks)
