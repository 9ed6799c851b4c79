# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The records that a lead can name: which list they are in, what they are known by."""

from dataclasses import dataclass, field

from odoo.fields import Domain
from odoo.tools.translate import LazyGettext, LazyTranslate

_lt = LazyTranslate(__name__, default_lang="en_US")

UNKNOWN = _lt("There is no record with this id that this token may use.")


def get_unknown(attribute: str) -> LazyGettext:
    """Return the message for an id that there is not, with where to find those that
    there are."""
    reference = BY_ATTRIBUTE.get(attribute)
    if not (reference and reference.path):
        return UNKNOWN
    return _lt(
        "There is no record with this id that this token may use: "
        "/api/v1/ref/%(list)s lists those that it may.",
        list=reference.path,
    )


@dataclass(frozen=True)
class Reference:
    """What an attribute of a lead names.

    :param attribute: of the payload, whose value is the id of one of the records
    :param model: the Odoo model, ``res.country``
    :param label: what the records are, for people
    :param path: the list's name in ``/api/v1/ref/<list>``; ``""``: there is no list,
        for the records are personal
    :param codes: the fields that identify a record, the first is the answered code
    :param name: the field that has the name
    :param parents: fields that name what a record belongs to, by attribute
    :param domain: what a lead can name of the model
    """

    attribute: str
    model: str
    label: LazyGettext
    path: str = ""
    codes: tuple[str, ...] = ()
    name: str = "name"
    parents: dict[str, str] = field(default_factory=dict)
    domain: Domain = Domain.TRUE

    def get_filters(self) -> list[str]:
        """Return the parameters that narrow the list down."""
        filters = list(self.parents)
        if self.model == "res.users":
            filters.append("company_id")
        if self.model == "product.product":
            filters.append("price_list_id")
        return ["q", *filters, "limit", "cursor"]


REFERENCES = (
    Reference("account_id", "res.partner", _lt("Customer"), codes=("ref",)),
    Reference(
        "user_id",
        "res.users",
        _lt("Agents"),
        "agents",
        codes=("login", "email"),
        domain=Domain("share", "=", False),
    ),
    Reference("country_id", "res.country", _lt("Countries"), "countries", ("code",)),
    Reference(
        "state_id",
        "res.country.state",
        _lt("Provinces and Cities"),
        "states",
        codes=("code",),
        parents={"country_id": "country_id"},
    ),
    Reference(
        "district_id",
        "res.country.district",
        _lt("Districts"),
        "districts",
        codes=("code",),
        parents={"state_id": "state_id"},
    ),
    Reference("company_id", "res.company", _lt("Companies"), "companies"),
    Reference(
        "price_list_id",
        "product.pricelist",
        _lt("Price Lists"),
        "price-lists",
        parents={"company_id": "company_id"},
    ),
    Reference(
        "category_source_id", "utm.source.group", _lt("Source Groups"), "source-groups"
    ),
    Reference(
        "source_id",
        "utm.source",
        _lt("Sources"),
        "sources",
        parents={"category_source_id": "group_id"},
        domain=Domain("group_id", "!=", False),
    ),
    Reference(
        "campaign_id",
        "utm.campaign",
        _lt("Campaigns"),
        "campaigns",
        codes=("name",),
        name="title",
    ),
    Reference(
        "crm_line_ids",
        "product.product",
        _lt("Services"),
        "services",
        codes=("default_code", "barcode"),
        parents={"company_id": "company_id"},
        domain=Domain("sale_ok", "=", True),
    ),
)
BY_ATTRIBUTE = {reference.attribute: reference for reference in REFERENCES}
BY_PATH = {reference.path: reference for reference in REFERENCES if reference.path}
CHOICES = "choices"  # the list of the closed lists
