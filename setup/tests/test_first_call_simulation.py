# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Three days of a team of twenty that gives its leads out, by a stepped clock, with two
processes of Odoo: each rule of the team holds for each lead.

The table is printed (``-rP`` shows it). ``CRM_LEAD_API_LEADS`` says how many leads
come.
"""

import os
import shutil
from collections.abc import Callable
from copy import copy
from datetime import timedelta
from pathlib import Path

import pytest
from customers import IS_FULL
from first_call import plan
from first_call.check import RULES, check
from first_call.plan import PEOPLE, is_open
from first_call.simulation import Story, prepare, simulate
from odoo_database import Decision

LEADS = int(os.environ.get("CRM_LEAD_API_LEADS", "300"))
ADDON = Path(__file__).parents[2] / "crm_lead_api_first_call"
FILES = ("tools/choice.py", "models/crm_first_call.py")
# A rule, its code, and code in its place that takes the rule back
BROKEN = [
    ("waiting", "waiting & ", 'waiting & Domain("date", "<", now - 5 * SOON) & '),
    ("owner", "if owner.is_on_duty:", "if False:"),
    ("agent", "if lead.agent and lead.agent not in lead.former:", "if False:"),
    ("skills", "for each in free if each.has_skills(lead)", "for each in free"),
    ("duty", "in by_user.values() if each.is_on_duty", "in by_user.values()"),
    ("duty", "in on_duty if each.has_room", "in on_duty"),
    ("share", "return behind <= 0, next_due, ", "return "),
    ("share", "member.due + member.weight / total - member.given", "-member.given"),
    (
        "recall",
        'check_date": deadlines[call]',
        'check_date": deadlines[call] + 5 * SOON',
    ),
    (
        "recall",
        'check_date": deadlines[call]',
        'check_date": deadlines[call] - 5 * SOON',
    ),
    ("closed", "if not team._is_open(now, lead.company_id):", "if False:"),
    ("touched", "is_moved or not self._needs_somebody()", "is_moved"),
    ("former", "former=lead.former | {former.id}", "former=frozenset()"),
    ("recalls", " and self.recall_count < team.recalls_max:", ":"),
    ("once", 'decision"].create(decisions)', 'decision"].create(2 * decisions)'),
]


# ------------------------------------------------------------ damages


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


# ------------------------------------------------------------ tests


@pytest.fixture(scope="module")
def story(giving, tmp_path_factory):
    database = giving.copy("first_call_simulation")
    ids, arrivals = prepare(database, LEADS)
    return simulate(database, tmp_path_factory.mktemp("logs"), ids, arrivals)


def test_each_rule_holds(story):
    findings = check(story)
    print(findings.format())
    assert findings.wrong == {}
    assert len(story.arrivals) == LEADS
    assert findings.counts.keys() == RULES.keys()


@pytest.mark.parametrize("rule", RULES)
def test_broken_rule_is_found(story, rule):
    assert rule in check(damage(story, rule)).wrong


@pytest.mark.skipif(not IS_FULL, reason="four minutes for each")
@pytest.mark.parametrize(("rule", "old", "new"), BROKEN, ids=[b[0] for b in BROKEN])
def test_each_rule_taken_back_is_found(giving, tmp_path, monkeypatch, rule, old, new):
    """One day is enough to see what is wrong without a rule."""
    monkeypatch.setattr(plan, "DAYS", 1)
    monkeypatch.setattr(plan, "END", plan.START + timedelta(days=1))
    addon = tmp_path / "addons" / ADDON.name
    shutil.copytree(ADDON, addon, ignore=shutil.ignore_patterns("__pycache__"))
    [path] = [addon / file for file in FILES if old in (addon / file).read_text()]
    code = path.read_text()
    assert code.count(old) == 1
    path.write_text(code.replace(old, new))
    database = giving.copy("first_call_broken", addon.parent)
    ids, arrivals = prepare(database, LEADS)
    wrong = check(simulate(database, tmp_path, ids, arrivals)).wrong
    print({name: (len(texts), texts[0]) for name, texts in wrong.items()})
    assert rule in wrong
