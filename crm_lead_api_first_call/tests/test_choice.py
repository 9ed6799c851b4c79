# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test who gets a lead, by plain data, against slow rules written from their text."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from hypothesis import example, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..choice import Choice, Lead, Member, choose, note_choice

MORNING = datetime(2026, 11, 26, 2)
STRANGER = 99  # a user who is not a member
SEARCH = settings(max_examples=200, deadline=None, derandomize=True, database=None)


class Rules(NamedTuple):
    """Hold the fields of a team that have its rules."""

    agents_need_duty: bool = False
    waits_for_owner: bool = False


skills = st.frozensets(st.integers(1, 3), max_size=2)
users = st.integers(1, 6)
members = st.builds(
    Member,
    user=users,
    is_on_duty=st.booleans(),
    is_late_for_duty=st.booleans(),
    weight=st.integers(1, 10),
    room=st.none() | st.integers(0, 3),
    branches=skills,
    companies=skills,
    languages=skills,
    categories=skills,
)
teams = st.lists(members, max_size=6, unique_by=lambda each: each.user)
leads = st.builds(
    Lead,
    company=st.integers(0, 3),
    language=st.none() | st.integers(1, 3),
    categories=skills,
    agent=st.none() | users | st.just(STRANGER),
    owners=st.lists(users | st.just(STRANGER), max_size=2).map(tuple),
    former=st.just(frozenset()) | st.frozensets(users, max_size=2),
)
rules = st.builds(Rules, st.booleans(), st.booleans())
days = st.lists(st.tuples(leads, users, st.booleans()), max_size=10)


class Day:
    """Give the leads of a day by slow rules: all shares are counted anew for each."""

    def __init__(self):
        self.given = []  # (chosen user, weights by user among whom it was shared)

    def choose(self, lead, team, team_rules):
        """Return the user, ``None``: the lead waits, and the reason's code."""
        others = self.find_others(lead, team)
        present = [member for member in others if member.is_on_duty]
        # 1. The agent of the request
        if lead.agent is not None and lead.agent not in lead.former:
            if not team_rules.agents_need_duty:
                return lead.agent, "agent"
            if lead.agent in [member.user for member in present]:
                return lead.agent, "agent"
        # 2. Who knows the customer
        for user in lead.owners:
            for member in present:
                if member.user == user:
                    return user, "owner"
        if team_rules.waits_for_owner:
            for member in others:
                if member.user in lead.owners and not member.is_late_for_duty:
                    return None, "absent_owner"
        # 3. Whose lead was due first, of those with the skills; 4. of all
        reason, candidates = "share", self.find_candidates(lead, present)
        if not candidates:
            reason = "unskilled"
            candidates = [m for m in present if m.room is None or m.room > 0]
        if not candidates:
            return None, "full" if present else "nobody"
        total = sum(member.weight for member in candidates)
        best = None
        for member in candidates:
            behind = self.get_debt(member.user) + Fraction(member.weight, total)
            next_due = (1 - behind) / member.weight
            rank = (behind <= 0, next_due, self.get_last(member.user), member.user)
            if best is None or rank < best[0]:
                best = rank, member.user
        return best[1], reason

    def find_others(self, lead, team):
        found = []
        for member in team:
            if member.user in lead.former:
                continue
            if lead.company and member.branches:
                if lead.company not in member.branches:
                    continue
            found.append(member)
        return found

    def find_candidates(self, lead, present):
        found = []
        for member in present:
            if member.room is not None and member.room <= 0:
                continue
            if member.companies and lead.company not in member.companies:
                continue
            if member.languages and lead.language is not None:
                if lead.language not in member.languages:
                    continue
            if member.categories:
                if any(each not in member.categories for each in lead.categories):
                    continue
            found.append(member)
        return found

    def get_debt(self, user):
        """Return how many leads a user is behind the own share."""
        debt = Fraction(0)
        for chosen, weights in self.given:
            if chosen in weights:
                if user in weights:
                    debt += Fraction(weights[user], sum(weights.values()))
                if user == chosen:
                    debt -= 1
        return debt

    def get_last(self, user):
        """Return the number of the user's last lead; 0: none yet."""
        last = 0
        for number, (chosen, _weights) in enumerate(self.given, 1):
            if chosen == user:
                last = number
        return last


class TestChoice(BaseCase):
    @SEARCH
    @given(teams, days, rules)
    def test_like_slow_rules(self, team, day, team_rules):
        by_user, slow = {each.user: each for each in team}, Day()
        for number, (lead, user, is_on_duty) in enumerate(day, 1):
            if user in by_user:
                by_user[user].is_on_duty = is_on_duty
            choice = choose(lead, team, team_rules)
            expected = slow.choose(lead, team, team_rules)
            self.assertEqual((choice.user, choice.reason), expected)
            if choice.user is None:
                continue
            weights = {each: by_user[each].weight for each in choice.candidates}
            slow.given.append((choice.user, weights))
            note_choice(choice, team, MORNING + timedelta(seconds=number))
            for member in team:
                debt = float(slow.get_debt(member.user))
                self.assertAlmostEqual(member.due - member.given, debt)

    @SEARCH
    @given(teams, leads, rules)
    def test_who_may_get_it(self, team, lead, team_rules):
        choice = choose(lead, team, team_rules)
        by_user = {each.user: each for each in team}
        self.assertNotIn(choice.user, lead.former)
        own = [each for each in team if each.may_have(lead)]
        present = {each.user for each in own if each.is_on_duty}
        if choice.reason in ("share", "unskilled"):
            member = by_user[choice.user]
            self.assertTrue(member.is_on_duty)
            self.assertNotEqual(member.room, 0)
            self.assertEqual(member.has_skills(lead), choice.reason == "share")
        elif choice.reason != "agent" and not present.isdisjoint(lead.owners):
            self.assertEqual(choice.reason, "owner")
        if choice.user is None and choice.reason != "absent_owner":
            with_room = {each.user for each in team if each.room != 0}
            self.assertFalse(present & with_room, "the lead waits without need")
        if choice.reason == "agent" and team_rules.agents_need_duty:
            self.assertIn(choice.user, present)

    @SEARCH
    @example([1, 1, 1, 5, 5, 5])  # more than a lead off where the most behind is next
    @given(st.lists(st.integers(1, 10), min_size=1, max_size=10))
    def test_shares(self, weights):
        """At each moment of a day a constant team has got its shares, less or more a
        lead."""
        team = [Member(user, True, weight) for user, weight in enumerate(weights)]
        for number in range(1, 61):
            now = MORNING + timedelta(seconds=number)
            note_choice(choose(Lead(1), team, Rules()), team, now)
            off = [each.given - number * each.weight / sum(weights) for each in team]
            self.assertLessEqual(max(map(abs, off)), 1 + 1e-9)

    @SEARCH
    @given(st.lists(st.integers(1, 10), min_size=2, max_size=5), st.integers(1, 50))
    def test_leads_of_others_change_no_share(self, weights, count):
        """Leads of agents who are not in the team, and of a member who is full, leave
        the shares of the rest."""
        team = [Member(user, True, weight) for user, weight in enumerate(weights)]
        full = Member(50, True, room=0)
        for number in range(count):
            lead = Lead(1, agent=STRANGER) if number % 2 else Lead(1, owners=(50,))
            note_choice(choose(lead, [*team, full], Rules()), [*team, full], MORNING)
        self.assertEqual([each.due - each.given for each in team], [0] * len(team))
        self.assertEqual(full.due, full.given)

    def test_longest_wait(self):
        """Of two with the same share who has waited longer is next."""
        team = [Member(1, True, last_date=MORNING), Member(2, True)]
        self.assertEqual(choose(Lead(1), team, Rules()).user, 2)
        team[1].last_date = MORNING + timedelta(minutes=1)
        self.assertEqual(choose(Lead(1), team, Rules()).user, 1)

    def test_counts(self):
        """The line of the decision says among how many, and without whom."""
        team = [
            Member(1, True, languages=frozenset({2})),
            Member(2, True),
            Member(3, True, room=0),
            Member(4, False),
        ]
        choice = choose(Lead(1, language=1), team, Rules())
        self.assertEqual(choice, Choice(2, "share", (2,), others=1))
