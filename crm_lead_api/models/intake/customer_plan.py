# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass, field
from typing import NamedTuple

from odoo import models

from .customer_directory import CustomerDirectory, CustomerMatch, Identity


class Customer(NamedTuple):
    """Hold the customer of a request, and the differences between the two.

    :param partner: ``res.partner``, found or created
    :param match: how the customer was found
    :param differences: by subject of a proposal, the request's different values for
        the contact, as for ``write``
    """

    partner: models.BaseModel
    match: CustomerMatch
    differences: dict[str, dict]


@dataclass
class CustomerPlan:
    """Plan the customers of requests, before anything is written.

    :param identities: the details by which each request's customer can be found
    :param directory: the contacts that may be the customers
    :param matches: the customer of each request, as far as contacts exist already
    :param values: the values of each request's customer, as for ``write``
    :param late: the positions of requests whose customer may be a contact that an
        earlier request creates or completes
    :param known: the results of :meth:`ResPartner._compare`, by position
    :param lock_keys: the keys to lock while contacts are created or completed
    """

    identities: list[Identity]
    directory: CustomerDirectory
    matches: list[CustomerMatch]
    values: list[dict]
    late: set[int]
    known: dict[int, tuple[dict, dict]] = field(default_factory=dict)
    lock_keys: list[str] = field(default_factory=list)
