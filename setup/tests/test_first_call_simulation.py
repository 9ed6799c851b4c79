# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Three days of a team of twenty that gives its leads out, by a stepped clock, with two
processes of Odoo: each rule of the team holds for each lead.

The table is printed (``-rP`` shows it). ``CRM_LEAD_API_LEADS`` says how many leads
come.
"""

import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from customers import IS_FULL
from first_call import plan
from first_call.plan import MINUTES, PEOPLE, RECALLS, add_minutes, is_open, split
from first_call.simulation import Story, prepare, simulate
from odoo_database import Decision

LEADS = int(os.environ.get("CRM_LEAD_API_LEADS", "300"))
ADDON = Path(__file__).parents[2] / "crm_lead_api_first_call"
FILES = ("choice.py", "models/crm_first_call.py")
PATIENCE = timedelta(minutes=1)
# What is counted, by the name in :class:`Findings`; each has to be all right.
RULES = {
    "waiting": "Leads that waited over 60 s while somebody with the skills was on duty "
    "and below the limit",
    "owner": "Leads of known customers that went to the last salesperson, on duty",
    "agent": "Leads that went to the agent of the request",
    "skills": "Leads by weight that went to somebody with the skills, if one was there",
    "duty": "Leads by weight that went to somebody on duty and below the limit",
    "share": "Shares of a member and day within one lead in 100",
    "recall": "Leads that nobody called in time, recalled within 60 s",
    "closed": "Recalls in working hours",
    "touched": "Recalls of leads that nobody had called",
    "former": "Recalls to somebody who did not have the lead before",
    "recalls": f"Leads with at most {RECALLS} recalls, and then the team leader's",
    "once": "Leads with one owner, whom the last decision names, and one first call",
}
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


@dataclass
class Findings:
    """Hold how much was looked at for each rule, and what was wrong, in words."""

    counts: Counter = field(default_factory=Counter)
    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, rule: str, is_right: bool, text: str = "") -> None:
        self.counts[rule] += 1
        if not is_right:
            self.wrong[rule].append(text)

    def format(self) -> str:
        """Return a table of the rules."""
        lines = [f"{'':<96} {'all':>6} {'wrong':>6}"]
        for rule, text in RULES.items():
            count, wrong = self.counts[rule], len(self.wrong.get(rule, ()))
            lines.append(f"{text:<96} {count:>6} {wrong:>6}")
        return "\n".join(lines)


def check(story: Story) -> Findings:
    """Go through the days once more, and compare each decision with the rules."""
    return Replay(story).run()


class Replay:
    """The days, as they went on.

    :ivar users: of leads that were given, by lead; -1: the team leader
    :ivar deadlines: by lead, until it is called
    :ivar since: when somebody could have taken a waiting or late lead, by lead
    """

    def __init__(self, story):
        self.story, self.findings = story, Findings()
        self.waiting: dict[int, None] = {}
        self.users: dict[int, int] = {}
        self.deadlines: dict[int, datetime] = {}
        self.since: dict[int, datetime] = {}
        self.former = defaultdict(set)
        self.recalls, self.decisions = Counter(), defaultdict(list)
        self.customers, self.lost, self.touched = defaultdict(list), set(), set()
        self.due, self.given, self.tied = defaultdict(float), Counter(), Counter()

    def run(self):
        arrivals, calls, decisions = defaultdict(list), defaultdict(list), {}
        for lead, arrival in self.story.arrivals.items():
            arrivals[arrival.date].append(lead)
        for date, *call in self.story.calls:
            calls[date].append(call)
        for decision in self.story.decisions:
            decisions.setdefault(decision.date, []).append(decision)
        for now in self.story.steps:
            for lead in arrivals[now]:
                self.waiting[lead] = None
                self.customers[self.story.arrivals[lead].customer].append(lead)
            for lead, is_lost in calls[now]:
                self._end(lead)
                self.touched.add(lead)
                self.lost |= {lead} if is_lost else set()
            for decision in decisions.pop(now, []):
                self._follow(decision)
            self._check_patience(now)
        for date in decisions:
            self.findings.add("once", False, f"decisions of {date}, which is no step")
        self._check_shares()
        self._check_owners()
        return self.findings

    # ------------------------------------------------------------ who may

    def _find_free(self, now):
        """Return who is on duty and below the limit."""
        counts = Counter(self.users[lead] for lead in self.deadlines)
        return [
            user
            for user, person in enumerate(PEOPLE)
            if person.is_on_duty(now)
            and (not person.limit or counts[user] < person.limit)
        ]

    def _find_skilled(self, lead, now, free=None):
        arrival = self.story.arrivals[lead]
        free = self._find_free(now) if free is None else free
        return [
            user
            for user in free
            if user not in self.former[lead] and PEOPLE[user].has_skills(arrival)
        ]

    def _find_owners(self, lead):
        """Return who has the customer's open leads, else the last one, newest
        first."""
        others = [
            other
            for other in reversed(self.customers[self.story.arrivals[lead].customer])
            if other != lead and other in self.users
        ]
        is_open = [other for other in others if other not in self.lost]
        return [self.users[other] for other in is_open or others[:1]]

    # ------------------------------------------------------------ a decision

    def _end(self, lead):
        self.deadlines.pop(lead, None)
        self.since.pop(lead, None)

    def _follow(self, decision: Decision):
        lead, now, user = decision.lead, decision.date, decision.user
        name = f"lead {lead} to {user} at {now}"
        if decision.former is None:
            self._check_first(decision, name)
        else:
            self._check_recall(decision, name)
        candidates = self._find_skilled(lead, now) or [
            each for each in self._find_free(now) if each not in self.former[lead]
        ]
        if decision.reason in ("share", "unskilled"):
            is_free = user in self._find_free(now)
            self.findings.add("duty", is_free, name)
            self.findings.add("skills", user in candidates, name)
        day, _seconds = split(now)
        if candidates and user != -1:
            total = sum(PEOPLE[each].weight for each in candidates)
            for each in candidates:
                self.due[day, each] += PEOPLE[each].weight / total
            self.given[day, user] += 1
            self.tied[day, user] += decision.reason in ("agent", "owner")
        self._end(lead)
        self.waiting.pop(lead, None)
        self.users[lead] = user
        self.decisions[lead].append(decision)
        if user != -1:
            self.deadlines[lead] = self._get_deadline(lead, now)

    def _get_deadline(self, lead, now):
        deadline = add_minutes(self.story.arrivals[lead].date, MINUTES)
        from_now = add_minutes(now, MINUTES)
        if self.recalls[lead] or from_now - deadline > PATIENCE:
            return from_now
        return deadline

    def _check_first(self, decision, name):
        lead, user = decision.lead, decision.user
        is_first = lead in self.waiting
        self.findings.add("once", is_first, f"{name}, which did not wait")
        agent = self.story.arrivals[lead].agent
        if agent is not None:
            self.findings.add(
                "agent", (user, decision.reason) == (agent, "agent"), name
            )
            return
        owners = [
            each
            for each in self._find_owners(lead)
            if each != -1 and PEOPLE[each].is_on_duty(decision.date)
        ]
        if owners:
            is_right = (user, decision.reason) == (owners[0], "owner")
            self.findings.add("owner", is_right, f"{name}, and not to {owners}")

    def _check_recall(self, decision, name):
        lead, now, former = decision.lead, decision.date, decision.former
        self.recalls[lead] += 1
        is_his = self.users.get(lead) == former
        self.findings.add("once", is_his, f"{name} from {former}, who had not got it")
        self.findings.add("touched", lead not in self.touched, name)
        self.findings.add("closed", is_open(now), name)
        deadline = self.deadlines.get(lead, datetime.max)
        self.findings.add("recall", deadline <= now, f"{name} before {deadline}")
        self.former[lead].add(former)
        is_new = decision.user not in self.former[lead]
        self.findings.add("former", is_new, name)
        is_last = self.recalls[lead] > RECALLS
        self.findings.add("recalls", (decision.user == -1) == is_last, name)

    # ------------------------------------------------------------ patience

    def _check_patience(self, now):
        """Look who could take the leads that wait, and those that nobody called."""
        late = [lead for lead, date in self.deadlines.items() if date <= now]
        free = self._find_free(now)
        for lead in self.waiting:
            self._look_at(lead, now, "waiting", self._find_skilled(lead, now, free))
        for lead in late if is_open(now) else ():
            former = {*self.former[lead], self.users[lead]}
            others = {*free} - former
            is_last = self.recalls[lead] >= RECALLS
            self._look_at(lead, now, "recall", is_last or others)
        for lead in () if is_open(now) else late:
            self.since.pop(lead, None)

    def _look_at(self, lead, now, rule, who):
        if not who:
            self.since.pop(lead, None)
            return
        since = self.since.setdefault(lead, now)
        # Told once for each lead
        if now - since > PATIENCE and since != datetime.min:
            self.findings.wrong[rule].append(f"lead {lead} since {since}: {who}")
            self.since[lead] = datetime.min

    # ------------------------------------------------------------ the end

    def _check_shares(self):
        totals, surplus = Counter(), Counter()
        for (day, user), count in self.given.items():
            totals[day] += count
            # Leads that somebody is tied to may come after those of the share; others
            # get less for them.
            surplus[day] += max(0, self.tied[day, user] - self.due[day, user])
        for (day, user), due in self.due.items():
            given, tied = self.given[day, user], self.tied[day, user]
            least, most = due - surplus[day], due + tied
            within = max(1, totals[day] / 100)
            is_right = least - within <= given <= most + within
            text = f"{user} on day {day}: {given} instead of {due:.1f}, tied {tied}"
            self.findings.add("share", is_right, text)

    def _check_owners(self):
        self.findings.counts["waiting"] = len(self.story.arrivals)
        for lead in self.story.arrivals:
            decisions = self.decisions[lead]
            first = [each for each in decisions if each.former is None]
            user, calls, recalls = self.story.owners[lead]
            last = decisions[-1].user if decisions else None
            self.findings.add(
                "once",
                (user, calls, recalls, len(first))
                == (last, 1, len(decisions) - len(first), bool(decisions)),
                f"lead {lead} is of {user}, {decisions}",
            )


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
