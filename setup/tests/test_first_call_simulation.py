# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Three days of a team of twenty that gives its leads out, by a stepped clock, with two
processes of Odoo: each rule of the team holds for each lead.

The table is printed (``-rP`` shows it). ``CRM_LEAD_API_LEADS`` says how many leads
come.
"""

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from customers import IS_FULL
from first_call import plan
from first_call.check import RULES, check
from first_call.damage import damage
from first_call.simulation import prepare, simulate

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
    copy = tmp_path / "addons" / ADDON.name
    shutil.copytree(ADDON, copy, ignore=shutil.ignore_patterns("__pycache__"))
    [path] = [copy / file for file in FILES if old in (copy / file).read_text()]
    code = path.read_text()
    assert code.count(old) == 1
    path.write_text(code.replace(old, new))
    database = giving.copy("first_call_broken", copy.parent)
    ids, arrivals = prepare(database, LEADS)
    wrong = check(simulate(database, tmp_path, ids, arrivals)).wrong
    print({name: (len(texts), texts[0]) for name, texts in wrong.items()})
    assert rule in wrong
