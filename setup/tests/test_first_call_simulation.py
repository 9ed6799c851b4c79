# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Three days of a team of twenty that gives its leads out, by a stepped clock, with two
processes of Odoo: each rule of the team holds for each lead.

The table is printed (``-rP`` shows it). ``CRM_LEAD_API_LEADS`` says how many leads
come.
"""

import os

import pytest
from first_call.check import RULES, check
from first_call.damage import damage
from first_call.simulation import prepare, simulate

LEADS = int(os.environ.get("CRM_LEAD_API_LEADS", "300"))


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
