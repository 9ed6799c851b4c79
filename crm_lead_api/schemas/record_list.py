# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Define the records that a lead can name: their lists, codes and names."""

from dataclasses import dataclass, field

from odoo.fields import Domain
from odoo.tools.translate import LazyGettext

from ..translate import _lt

UNKNOWN = _lt("This token may use no record with this id.")


def get_list_attribute(attribute: str) -> str:
    """Return the attribute whose records and codes an attribute has, too."""
    is_same = attribute in ("add_crm_line_ids", "remove_crm_line_ids")
    return "crm_line_ids" if is_same else attribute


def get_unknown(attribute: str) -> LazyGettext:
    """Return the message for an unknown id, with the address of the valid ids."""
    reference = BY_ATTRIBUTE.get(get_list_attribute(attribute))
    if not (reference and reference.path):
        return UNKNOWN
    return _lt(
        "This token may use no record with this id: /api/v1/ref/%(list)s lists the "
        "records that it may use.",
        list=reference.path,
    )


def get_not_an_id(attribute: str) -> LazyGettext:
    """Return the message for a text of a client that may send ids only."""
    if path := BY_ATTRIBUTE[attribute].path:
        return _lt(
            "Send an id, such as 241: /api/v1/ref/%(list)s lists the ids. An "
            "administrator of Odoo can allow codes and names for your client.",
            list=path,
        )
    return _lt(
        "Send an id, such as 241. An administrator of Odoo can allow codes for your "
        "client."
    )


@dataclass(frozen=True)
class Reference:
    """Define the records that an attribute of a lead can name."""

    attribute: str  # of the payload; its value is the id of a record
    model: str  # of Odoo: res.country
    label: LazyGettext  # of the records, for people
    path: str = ""  # of /api/v1/ref/<list>; "": no list, for the records are personal
    # Fields that identify a record; an answer's code is the first field
    codes: tuple[str, ...] = ()
    name: str = "name"  # the field that has the name
    # Fields with the parents of a record, by attribute
    parents: dict[str, str] = field(default_factory=dict)
    domain: Domain = Domain.TRUE  # of the model's records that a lead can name

    def get_filters(self) -> list[str]:
        others = {"res.users": "company_id", "product.product": "price_list_id"}
        filters = [*self.parents, others.get(self.model)]
        return ["q", *filter(None, filters), "limit", "cursor"]


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
CHOICES = "choices"  # the list with the values of all closed lists
