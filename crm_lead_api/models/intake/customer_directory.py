# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Match customers with contacts, without asking the database again."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from odoo.fields import Command

from ...tools.text import fold_accents
from ..lead.customer_profile_mixin import PHONE_KEY_FIELDS


class Identity(NamedTuple):
    """Hold the details of a request by which its customer can be found."""

    account: Any  # the contact that the request names, res.partner, else empty
    # The keys that a contact with one of the phones may have, the foremost first
    phone_keys: list[str]
    sent_email: str | None
    email: str | bool  # normalized; False: no valid e-mail
    name: str  # folded


class CustomerMatch(NamedTuple):
    """Hold the customer of a request, and how the customer was found."""

    method: str  # a choice of crm.lead.match_method
    value: str | bool  # what matched: an id, the key of a phone, an e-mail address
    partner: Any  # res.partner; empty: nobody was found
    candidates: Any = None  # all contacts that match, the best first
    # By subject of a proposal, the different values for the contact, as for ``write``
    differences: dict[str, dict] = {}

    def to_lead_values(self) -> dict:
        """Return the values of the match for the lead."""
        if others := self.candidates - self.partner:
            # A contact is not merged with its company or its addresses.
            others -= self.partner.parent_id | self.partner.child_ids
        return {
            "match_method": self.method,
            "match_value": self.value,
            "match_candidate_ids": [Command.set(others.ids)],
        }


class CustomerDirectory:
    """Index contacts by their phones, and by their e-mails with their names."""

    def __init__(self, partners, own):
        self._partners = partners  # no contacts, res.partner
        # Those of companies of the database are nobody's.
        self._own_keys = {each[name] for each in own for name in PHONE_KEY_FIELDS}
        self._by_phone = defaultdict(set)
        self._by_email = defaultdict(set)
        self._addresses = set()

    def add(self, partners) -> None:
        """Index contacts, also anew after their phones or e-mails have changed."""
        for partner in partners:
            keys = {partner[name] for name in PHONE_KEY_FIELDS}
            for key in keys - self._own_keys:
                self._by_phone[key].add(partner.id)
            if partner.type != "contact":
                self._addresses.add(partner.id)
            name = fold_accents(partner.name or "")
            self._by_email[partner.email_normalized, name].add(partner.id)

    def find(self, identity: Identity) -> CustomerMatch:
        """Find the customer: the best of :meth:`find_all`."""
        matches = self.find_all(identity)
        candidates = self._partners.browse(each.partner.id for each in matches)
        best, *_others = *matches, CustomerMatch("none", False, self._partners)
        return best._replace(candidates=candidates)

    def find_all(self, identity: Identity) -> list[CustomerMatch]:
        """Find the contacts that match, the best first: the account, then contacts with
        any of the phones, else contacts with the e-mail together with the name. A
        contact comes before an address of a contact; of equals, the oldest comes first.
        Of contacts that staff call different persons, the one with the name is taken.
        """
        matches = []
        if account := identity.account:
            matches.append(CustomerMatch("account", str(account.id), account))
        ranks = {}
        for rank, key in enumerate(identity.phone_keys):
            for partner_id in self._by_phone.get(key, ()):
                ranks.setdefault(partner_id, rank)
        by_phone = sorted(ranks, key=lambda each: (ranks[each], self._get_rank(each)))
        for partner in self._prefer_namesake(by_phone, identity.name) - account:
            value = identity.phone_keys[ranks[partner.id]]
            matches.append(CustomerMatch("phone", value, partner))
        if not matches and identity.email:
            found = self._by_email.get((identity.email, identity.name), ())
            by_email = self._partners.browse(sorted(found, key=self._get_rank))
            matches += [
                CustomerMatch("email", identity.sent_email, each) for each in by_email
            ]
        return matches

    def _prefer_namesake(self, partner_ids, name):
        """Return contacts with a phone of the request, the best first: before the best
        comes the one with the name, if staff call the two different persons."""
        partners = self._partners.browse(partner_ids)
        if len(partners) > 1 and not _has_name(partners[0], name):
            namesakes = partners.filtered(lambda each: _has_name(each, name))
            if namesakes:
                # sudo: a request's user may not read which contacts differ
                different = partners[0].sudo().different_partner_ids
                partners = (namesakes & different)[:1] | partners
        return partners

    def _get_rank(self, partner_id):
        return partner_id in self._addresses, partner_id


def _has_name(partner, name):
    return fold_accents(partner.name or "") == name


@dataclass
class CustomerPlan:
    """Plan the customers of requests, before anything is written."""

    identities: list[Identity]
    directory: CustomerDirectory  # of the contacts that may be the customers
    matches: list[CustomerMatch]  # as far as contacts exist already
    values: list[dict]  # of each request's customer, as for ``write``
    # The positions of requests whose customer may be a contact that an earlier request
    # creates or completes
    dependent: set[int]
    # The results of :meth:`ResPartner._compare`, by position
    known: dict[int, tuple[dict, dict]] = field(default_factory=dict)
    # To lock while contacts are created or completed
    lock_keys: list[str] = field(default_factory=list)
