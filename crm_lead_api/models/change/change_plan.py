# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass, field

from ...schemas import CustomerPortrait
from ..intake.res_partner import ADDRESS_FIELDS
from ..lead.customer_profile_mixin import PERSONAL_FIELDS, PHONE_FIELDS
from .service_change import ServiceChange

# Fields of the contact, by the lead's fields with the same data
CONTACT_FIELDS = {
    "contact_name": "name",
    "email_from": "email",
    **{name: name for name in (*PHONE_FIELDS, *PERSONAL_FIELDS, *ADDRESS_FIELDS)},
}
# Subjects of proposals for several fields
ADDRESS = "address"
SERVICES = "services"


@dataclass
class ChangePlan:
    """Plan the change of a lead, before anything is written.

    :param services: the change of the services
    :param touched: the subjects of the fields that the request names
    :param values: values to write, by field
    :param written: the values that the client has written by this change, by field
    :param proposed: values that staff have to decide about, by subject and field
    :param portrait: the new portrait, if there is one
    """

    services: ServiceChange
    touched: set[str] = field(default_factory=set)
    values: dict = field(default_factory=dict)
    written: dict = field(default_factory=dict)
    proposed: dict[str, dict] = field(default_factory=dict)
    portrait: CustomerPortrait | None = None


def get_subject(name: str) -> str:
    """Return the subject of a proposal for a field: the fields of an address belong
    together, so that no street ends up in another town."""
    return ADDRESS if name in ADDRESS_FIELDS else name


def get_names(payload) -> dict[str, str]:
    """Return the lead's field of each attribute that is kept in a field."""
    return {
        **payload.get_field_names(),
        **payload.get_fields(),
        "customer_portrait": "portrait_id",
    }
