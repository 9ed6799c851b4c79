# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Choose who calls the customer of a lead, by plain data and without Odoo."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

ANY: frozenset[int] = frozenset()  # as skills: all


@dataclass
class Member:
    """Describe a member of a team now.

    :param user: the id
    :param weight: the share of leads, in proportion to the weights of others
    :param room: for so many more first calls; ``None``: without a limit
    :param branches: companies in which the user works; none: all
    :param due: leads that the member should have got today, by weight
    :param given: leads that the member has got today
    :param last_date: of the last lead, if there is one
    :param is_late_for_duty: not on duty though the shift has begun a while ago
    """

    user: int
    is_on_duty: bool
    weight: int = 1
    room: int | None = None
    branches: frozenset[int] = ANY
    companies: frozenset[int] = ANY
    languages: frozenset[int] = ANY
    categories: frozenset[int] = ANY
    due: float = 0
    given: int = 0
    last_date: datetime | None = None
    is_late_for_duty: bool = False

    @property
    def has_room(self) -> bool:
        return self.room is None or self.room > 0

    def may_have(self, lead: "Lead") -> bool:
        """Tell whether the member works in the lead's company, and has not lost the
        lead: Odoo empties the company of a lead with a salesperson of another one."""
        is_foreign = lead.company and lead.company not in self.branches
        return not (self.branches and is_foreign) and self.user not in lead.former

    def has_skills(self, lead: "Lead") -> bool:
        """Tell whether the member may serve company, language and services."""
        return (
            (not self.companies or lead.company in self.companies)
            and (not self.languages or lead.language in (None, *self.languages))
            and (not self.categories or lead.categories <= self.categories)
        )


@dataclass(frozen=True)
class Lead:
    """Describe a lead that nobody has.

    :param company: 0: none
    :param agent: the user whom the request names
    :param owners: users of the customer's other leads: of open ones, then the last
    :param former: users from whom the lead was taken
    """

    company: int
    language: int | None = None
    categories: frozenset[int] = ANY
    agent: int | None = None
    owners: tuple[int, ...] = ()
    former: frozenset[int] = ANY


@dataclass(frozen=True)
class Choice:
    """Hold who gets a lead, and why.

    :param user: ``None``: the lead waits
    :param candidates: users among whom the lead was shared, by their weights
    :param others: how many are on duty without the skills
    """

    user: int | None
    reason: str
    candidates: tuple[int, ...] = field(default=())
    others: int = 0


def choose(lead: Lead, members: Sequence[Member], team: Any) -> Choice:
    """Choose who gets a lead: the agent of the request, who knows the customer, or who
    is furthest behind the own share.

    :param team: ``crm.team``, whose rules count, or anything with its fields
    """
    by_user = {each.user: each for each in members if each.may_have(lead)}
    on_duty = [each for each in by_user.values() if each.is_on_duty]
    free = [each for each in on_duty if each.has_room]
    skilled = [each for each in free if each.has_skills(lead)]
    users = tuple(each.user for each in skilled or free)
    others = len(free) - len(skilled)

    agent = by_user.get(lead.agent)
    if lead.agent and lead.agent not in lead.former:
        if not team.agents_need_duty or (agent and agent.is_on_duty):
            return Choice(lead.agent, "agent", users, others)
    owners = [by_user[user] for user in lead.owners if user in by_user]
    for owner in owners:
        if owner.is_on_duty:
            return Choice(owner.user, "owner", users, others)
    if team.waits_for_owner and not all(each.is_late_for_duty for each in owners):
        return Choice(None, "absent_owner")
    if not free:
        return Choice(None, "full" if on_duty else "nobody")
    total = sum(each.weight for each in skilled or free)

    def rank(member: Member) -> tuple[bool, float, datetime, int]:
        # Whose next lead was due first, of those who are behind with this one: so the
        # shares of a constant team are never more than a lead off.
        behind = round(member.due + member.weight / total - member.given, 9)
        next_due = round((1 - behind) / member.weight, 9)
        return behind <= 0, next_due, member.last_date or datetime.min, member.user

    chosen = min(skilled or free, key=rank)
    return Choice(chosen.user, "share" if skilled else "unskilled", users, others)


def note_choice(
    choice: Choice, members: Sequence[Member], now: datetime, is_called: bool = False
) -> None:
    """Note a lead that was given: each candidate was due a part of the lead, by weight,
    and a member has got it. Whoever got it without being a candidate was due all.

    :param is_called: whoever got it has nobody to call, and room as before
    """
    by_user = {each.user: each for each in members}
    users = choice.candidates
    if choice.user not in users:
        users = [user for user in (choice.user,) if user in by_user]
    total = sum(by_user[user].weight for user in users)
    for user in users:
        by_user[user].due += by_user[user].weight / total
    if member := by_user.get(choice.user):
        member.given += 1
        member.last_date = now
        if member.room is not None and not is_called:
            member.room -= 1
