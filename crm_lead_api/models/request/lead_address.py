# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from typing_extensions import Self


class LeadAddress(NamedTuple):
    """Hold the part of an address that names a lead: the lead's id, or a ticket.

    :param lead_id: as in ``/lead/12``
    :param ticket_id: as in ``/lead?ticket_id=100234``
    """

    lead_id: int | None = None
    ticket_id: int | str | None = None

    @classmethod
    def parse(cls, route: str, schema: type) -> Self:
        """Return the address in a route of the log.

        :param route: method and address, ``PATCH /lead/12``
        :param schema: of the ticket, subclass of :class:`TicketQuery`
        """
        url = urlsplit(route.partition(" ")[2])
        if found := re.match(r"/lead/(\d+)", url.path):
            return cls(lead_id=int(found[1]))
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        return cls(ticket_id=schema.parse(query).ticket_id)
