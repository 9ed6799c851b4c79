# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The requests of a client for a lead, its changes and a note."""

from collections.abc import Iterator

from faults.request import Request, Work

PATH = "/lead"
NOTE = "Khách hẹn gọi lại."  # of each lead: equal notes of two leads are two


class LeadWork(Work):
    """Make a lead, change it, and write a note on it."""

    @property
    def changes(self) -> list[Request]:
        return self.get_requests("change")

    @property
    def notes(self) -> list[Request]:
        return self.get_requests("note")

    @property
    def wanted(self) -> dict:
        """The payload that makes the lead as it is after the changes."""
        wanted = self.ticket.payload
        for change in self.changes:
            portrait = wanted["customer_portrait"] | change.payload["customer_portrait"]
            services = change.payload.get("add_crm_line_ids", [])
            wanted = {
                **wanted,
                "street": change.payload.get("street", wanted["street"]),
                "crm_line_ids": wanted["crm_line_ids"] + services,
                "customer_portrait": portrait,
            }
        return wanted

    def make(self, kind: str = "create") -> Request:
        """Return the request for the lead; every third has a key.

        :param kind: ``create`` or ``upsert``
        """
        return self.add(kind, self.ticket.payload, PATH, self.ticket.number % 3 == 0)

    def make_later_requests(self) -> Iterator[Request]:
        """Make changes of the lead and a note."""
        number = self.ticket.number
        path = f"{PATH}/{self.ticket.lead_id}" if number % 2 else PATH
        query = "" if number % 2 else f"?ticket_id={self.ticket.id}"
        has_keys = self.ticket.has_keys
        # Without a key, a late attempt at the first change would undo the second.
        for position in range(1 + has_keys):
            payload = self._make_change(position)
            yield self.add("change", payload, f"{path}{query}", has_keys)
        payload = {"text": NOTE, "agent_email": self.ticket.payload["agent_email"]}
        yield self.add("note", payload, f"{path}/notes{query}", has_keys)

    def _make_change(self, position):
        number, customer = self.ticket.number, self.ticket.customer
        words = [f"nỗi lo {customer}", f"nỗi lo {number}.{position}"]
        change = {"customer_portrait": {"pain_point": words}}
        # A late attempt at a PUT without a key writes its own values once more: only
        # what it leaves out stays changed.
        if all(request.is_done_once for request in self.get_requests("upsert")):
            change["street"] = f"{number}.{position} Hai Bà Trưng"
            if self.ticket.has_keys:
                services = self.ticket.payload["crm_line_ids"][:1]
                change["add_crm_line_ids"] = services
        return change
