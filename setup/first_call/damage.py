# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tell the story as if a rule had been broken, which the check has to find."""

from collections.abc import Callable
from copy import copy
from datetime import timedelta

from odoo_database import Decision

from first_call.plan import PEOPLE, is_open
from first_call.simulation import Story


def _is_shared(decision: Decision) -> bool:
    return decision.reason == "share" and decision.former is None


def _is_recall(decision: Decision) -> bool:
    return decision.former is not None


def _give_to(is_wanted: Callable, **changes) -> Callable:
    """Return a change of the first decision that may be given to another member.

    :param is_wanted: tells whether a person may, by the decision and the story
    """

    def change(story, decision):
        others = {*range(len(PEOPLE))} - {decision.user, decision.former}
        found = [n for n in sorted(others) if is_wanted(PEOPLE[n], decision, story)]
        return {"user": found[0], **changes} if found else None

    return change


def _is_on_duty(person, decision, _story):
    return person.is_on_duty(decision.date)


def _is_unskilled(person, decision, story):
    skilled = person.has_skills(story.arrivals[decision.lead])
    return person.is_on_duty(decision.date) and not skilled


# By rule: which decisions may be changed, and how the first that can is
CHANGES: dict[str, tuple[Callable, Callable]] = {
    "waiting": (_is_shared, lambda _, each: {"date": each.date + timedelta(minutes=5)}),
    "owner": (
        lambda each: each.reason == "owner",
        _give_to(_is_on_duty, reason="share"),
    ),
    "agent": (
        lambda each: each.reason == "agent",
        lambda _, each: {"user": (each.user + 1) % len(PEOPLE)},
    ),
    "skills": (_is_shared, _give_to(_is_unskilled)),
    "duty": (_is_shared, _give_to(lambda *given: not _is_on_duty(*given))),
    "closed": (
        _is_recall,  # at night
        lambda story, _: {"date": next(d for d in story.steps[300:] if not is_open(d))},
    ),
    "former": (_is_recall, lambda _, each: {"user": each.former}),
    "recalls": (_is_recall, lambda *_: {"user": -1}),  # the team leader, too early
}


def damage(story: Story, rule: str) -> Story:
    """Return the story with a rule broken."""
    broken = copy(story)
    decisions = broken.decisions = [*story.decisions]
    recall = next(filter(_is_recall, decisions))
    if rule == "share":  # all leads to one
        broken.decisions = [
            each._replace(user=0) if _is_shared(each) else each for each in decisions
        ]
    elif rule == "recall":  # the leads that nobody called stay
        broken.decisions = [each for each in decisions if not _is_recall(each)]
    elif rule == "touched":  # somebody has called before
        before = max(date for date in story.steps if date < recall.date)
        broken.calls = [*story.calls, (before, recall.lead, False)]
    elif rule == "once":  # a lead is given out twice
        decisions.append(next(filter(_is_shared, decisions)))
    else:
        is_right, change = CHANGES[rule]
        for position, each in enumerate(decisions):
            if is_right(each) and (values := change(story, each)):
                decisions[position] = each._replace(**values)
                break
    broken.decisions.sort(key=lambda each: each.date)
    return broken
