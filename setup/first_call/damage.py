# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tell the story as if a rule had been broken, which the check has to find."""

from copy import copy
from dataclasses import replace
from datetime import timedelta

from first_call.plan import PEOPLE, Person, is_open
from first_call.simulation import Decision, Story


def damage(story: Story, rule: str) -> Story:
    """Return the story with a rule broken."""
    broken = copy(story)
    broken.decisions, broken.calls = [*story.decisions], [*story.calls]
    globals()[f"_break_{rule}"](broken)
    return broken


def _change(story, is_right, **changes):
    """Change the first decision for which a function is true; values may be functions
    of the decision."""
    position = next(n for n, each in enumerate(story.decisions) if is_right(each))
    old = story.decisions[position]
    values = {k: v(old) if callable(v) else v for k, v in changes.items()}
    story.decisions[position] = replace(old, **values)
    story.decisions.sort(key=lambda each: each.date)
    return old


def _is_shared(decision: Decision) -> bool:
    return decision.reason == "share" and decision.former is None


def _is_recall(decision: Decision) -> bool:
    return decision.former is not None


def _find_other(decision, is_right):
    return next(
        number
        for number, person in enumerate(PEOPLE)
        if number not in (decision.user, decision.former) and is_right(person)
    )


def _break_waiting(story):
    """Give a lead out five minutes later."""
    _change(story, _is_shared, date=lambda each: each.date + timedelta(minutes=5))


def _break_owner(story):
    """Give a lead to somebody who does not know the customer."""

    def has_others(decision):
        on_duty = [person.is_on_duty(decision.date) for person in PEOPLE]
        return decision.reason == "owner" and sum(on_duty) > 1

    _change(
        story,
        has_others,
        user=lambda each: _find_other(each, lambda who: who.is_on_duty(each.date)),
        reason="share",
    )


def _break_agent(story):
    """Give a lead to another agent."""
    _change(
        story,
        lambda each: each.reason == "agent",
        user=lambda each: (each.user + 1) % len(PEOPLE),
    )


def _break_skills(story):
    """Give a lead to somebody on duty without the skills."""

    def has_none(decision, person: Person):
        lead = story.arrivals[decision.lead]
        return person.is_on_duty(decision.date) and not person.has_skills(lead)

    def has_others(decision):
        return any(has_none(decision, person) for person in PEOPLE)

    _change(
        story,
        lambda each: _is_shared(each) and has_others(each),
        user=lambda each: _find_other(each, lambda who: has_none(each, who)),
    )


def _break_duty(story):
    """Give a lead to somebody who is not at work."""
    _change(
        story,
        _is_shared,
        user=lambda each: _find_other(each, lambda who: not who.is_on_duty(each.date)),
    )


def _break_share(story):
    """Give all leads to one."""
    story.decisions = [
        replace(each, user=0) if _is_shared(each) else each for each in story.decisions
    ]


def _break_recall(story):
    """Leave the leads that nobody called."""
    story.decisions = [each for each in story.decisions if not _is_recall(each)]


def _break_closed(story):
    """Recall a lead at night."""
    night = next(date for date in story.steps[300:] if not is_open(date))
    _change(story, _is_recall, date=night)


def _break_touched(story):
    """Recall a lead that has been called."""
    recall = next(filter(_is_recall, story.decisions))
    before = max(date for date in story.steps if date < recall.date)
    story.calls.append((before, recall.lead, False))


def _break_former(story):
    """Recall a lead to whom it is taken from."""
    _change(story, _is_recall, user=lambda each: each.former)


def _break_recalls(story):
    """Give a lead to the team leader too early."""
    _change(story, _is_recall, user=-1)


def _break_once(story):
    """Give a lead out twice."""
    story.decisions.append(next(filter(_is_shared, story.decisions)))
    story.decisions.sort(key=lambda each: each.date)
