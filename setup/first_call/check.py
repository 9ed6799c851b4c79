# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Compare what has happened in the simulated days with the team's rules, by the plan
alone: neither by Odoo's working hours nor by the addon's own choice."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from first_call.plan import MINUTES, PEOPLE, RECALLS, add_minutes, is_open, split
from first_call.simulation import Story
from odoo_database import Decision

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
