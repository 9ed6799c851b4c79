# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class ServiceChange:
    """Plan the change of a lead's services, before anything is written.

    :param quantities: new quantities of present services, ``crm.lead.service``
    :param added: quantities of new services, by id of the product
    :param removed: services to delete, ``crm.lead.service``
    :param proposed: quantities that staff have to decide about, by id of the product;
        0 proposes to remove the service
    :param written: quantities that the client has asked for, by id of the product
    """

    removed: Any
    quantities: dict[Any, float] = field(default_factory=dict)
    added: Counter = field(default_factory=Counter)
    proposed: dict[int, float] = field(default_factory=dict)
    written: dict[int, float] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.quantities or self.added or self.removed)
