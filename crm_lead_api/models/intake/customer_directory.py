# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who a customer is, as far as it can be told without asking the database again."""

from collections import defaultdict
from typing import Any, NamedTuple

from odoo.fields import Command

from ...tools.text import fold_accents
from ..lead.customer_profile_mixin import PHONE_KEY_FIELDS


class Identity(NamedTuple):
    """What a request says that its customer can be known by.

    :param account: the contact that it names, ``res.partner``, else empty
    :param phone_keys: those that a contact with one of its phones may have, the
        foremost first
    :param sent_email: as it was sent
    :param email: normalized; ``False``: none, or none that counts
    :param name: folded
    """

    account: Any
    phone_keys: list[str]
    sent_email: str | None
    email: str | bool
    name: str

    def get_keys(self) -> set:
        """Return what makes it look like somebody else's, if that has it, too; besides
        the e-mail, which does so with the name."""
        return {*self.phone_keys, *self.account.ids}


class CustomerMatch(NamedTuple):
    """Whom a request is about, and why.

    :param method: what the customer was found by, a choice of ``crm.lead.match_method``
    :param value: that which matched: an id, a phone number, an e-mail address
    :param partner: the customer, ``res.partner``; empty when nobody was found
    :param candidates: all contacts that match, the best first
    """

    method: str
    value: str | bool
    partner: Any
    candidates: Any

    def to_lead_values(self) -> dict:
        """Return what the lead keeps of it."""
        if others := self.candidates - self.partner:
            # A contact is not merged with its company or its addresses.
            others -= self.partner.parent_id | self.partner.child_ids
        return {
            "match_method": self.method,
            "match_value": self.value,
            "match_candidate_ids": [Command.set(others.ids)],
        }


class CustomerDirectory:
    """Contacts by their phones, and by their e-mails with their names.

    :param partners: an empty ``res.partner``
    """

    def __init__(self, partners):
        self._partners = partners
        self._by_phone = defaultdict(set)
        self._by_email = defaultdict(set)
        self._addresses = set()

    def add_phones(self, partners) -> None:
        """Let contacts be found by their phones."""
        for partner in partners:
            for name in PHONE_KEY_FIELDS:
                self._by_phone[partner[name]].add(partner.id)
            if partner.type != "contact":
                self._addresses.add(partner.id)

    def add_emails(self, partners) -> None:
        """Let contacts be found by their e-mails with their names."""
        for partner in partners:
            name = fold_accents(partner.name or "")
            self._by_email[partner.email_normalized, name].add(partner.id)

    def find(self, identity: Identity) -> CustomerMatch:
        """Return who the customer is: by the account, else by any of the phones, else
        by the e-mail together with the name. A contact before an address of one, the
        oldest of equals."""
        ranks = {}
        for rank, key in enumerate(identity.phone_keys):
            for partner_id in self._by_phone.get(key, ()):
                ranks.setdefault(partner_id, rank)
        by_phone = self._partners.browse(
            sorted(ranks, key=lambda each: (ranks[each], each in self._addresses, each))
        )
        if account := identity.account:
            return CustomerMatch("account", str(account.id), account, by_phone)
        if by_phone:
            value = identity.phone_keys[ranks[by_phone[0].id]]
            return CustomerMatch("phone", value, by_phone[0], by_phone)
        if identity.email:
            found = self._by_email.get((identity.email, identity.name), ())
            if by_email := self._partners.browse(sorted(found)):
                value = identity.sent_email
                return CustomerMatch("email", value, by_email[0], by_email)
        return CustomerMatch("none", False, self._partners, self._partners)
