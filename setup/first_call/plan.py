# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Plan the simulated days by plain data: who works when, which leads come, what the
members do about theirs. Times are in naive UTC."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

ZONE = timedelta(hours=7)  # of Vietnam
START = datetime(2027, 2, 5) - ZONE  # a Friday
DAYS, CLOSED_DAY = 3, 1  # the day of Tết
END = START + timedelta(days=DAYS)
STEP = timedelta(minutes=1)
# Working hours, every day
TEAM = ((7, 21),)
SHIFTS = {
    "early": ((7, 11.5), (12.5, 16)),
    "middle": ((9, 12), (13, 18)),
    "late": ((13, 17), (17.5, 21)),
    "night": ((17, 23),),  # on duty while the team is closed
}
MINUTES, RECALLS = 15, 2  # of the team
# Leads of each day that have to be called by the moment in which the team closes
AT_CLOSING = 6
BRANCHES, LANGUAGES = (0, 1), (0, 1)
# How many leads come in each hour of a day, in proportion
BY_HOUR = (1,) * 7 + (6, 12, 12, 10, 9, 8, 9, 10, 10, 8, 7, 8, 9, 8, 4, 2, 1)


@dataclass(frozen=True)
class Person:
    """Describe a member; without skills of a kind the member has all.

    :param delay: minutes from the shift's beginning until the switch is on
    """

    shift: str
    weight: int
    limit: int = 0
    branches: tuple[int, ...] = ()
    languages: tuple[int, ...] = ()
    categories: tuple[int, ...] = ()
    is_on_leave: bool = False
    delay: int = 0

    def is_on_duty(self, now: datetime) -> bool:
        day, seconds = split(now)
        hours = SHIFTS[self.shift]
        return (
            not self.is_on_leave
            and day != CLOSED_DAY
            and seconds >= 3600 * hours[0][0] + 60 * self.delay
            and is_within(seconds, hours)
        )

    def has_skills(self, lead: "Arrival") -> bool:
        return all(
            not own or wanted in own
            for own, wanted in (
                (self.branches, lead.branch),
                (self.languages, lead.language),
                (self.categories, lead.category),
            )
        )


@dataclass(frozen=True)
class Arrival:
    """Describe a lead that comes.

    :param agent: the number of the member whom the request names
    """

    date: datetime
    customer: int
    branch: int
    language: int
    category: int
    agent: int | None


# Twenty in four shifts; the first of each shift has all skills, and no limit.
PEOPLE = [
    Person(
        shift,
        weight=1 + number % 3,
        limit=(0, 1, 12)[number % 3],
        branches=() if number < 3 else (number % 2,),
        languages=() if number % 3 == 0 else (0,),
        categories=(1,) if number == 4 else (),
        is_on_leave=(shift, number) == ("middle", 5),
        delay=number,
    )
    for shift, count in (("early", 7), ("middle", 7), ("late", 5), ("night", 1))
    for number in range(count)
]


def split(now: datetime) -> tuple[int, float]:
    """Return the day and the second of the day."""
    passed = now - START
    return passed.days, passed.seconds + passed.microseconds / 1e6


def is_within(seconds: float, hours) -> bool:
    return any(3600 * start <= seconds < 3600 * end for start, end in hours)


def is_open(now: datetime) -> bool:
    """Tell whether the team works."""
    day, seconds = split(now)
    return day != CLOSED_DAY and is_within(seconds, TEAM)


def add_minutes(start: datetime, minutes: float) -> datetime:
    """Return the end of some working minutes of the team."""
    left, [(opening, closing)] = timedelta(minutes=minutes), TEAM
    day, _seconds = split(start)
    while True:
        midnight = START + timedelta(days=day)
        begin = max(start, midnight + timedelta(hours=opening))
        end = midnight + timedelta(hours=closing)
        if day != CLOSED_DAY and begin < end:
            if begin + left <= end:
                return begin + left
            left -= end - begin
        day += 1


def plan_arrivals(count: int, choose: random.Random) -> list[Arrival]:
    """Plan leads, 30 % of known customers, 10 % with an agent."""
    arrivals, customers = [], 0
    weights, end = BY_HOUR * DAYS, plan_steps()[-1]
    [(_opening, closing)] = TEAM
    days = [day for day in range(DAYS) if day != CLOSED_DAY] * AT_CLOSING
    last = timedelta(hours=closing, minutes=-MINUTES)
    dates = [START + timedelta(days=day) + last for day in days]
    for hour in choose.choices(range(len(weights)), weights, k=count - len(dates)):
        date = START + timedelta(hours=hour, seconds=choose.randrange(3600))
        dates.append(min(date, end))
    for date in sorted(dates):
        is_known = customers and choose.random() < 0.3
        customer = choose.randrange(customers) if is_known else customers
        customers += not is_known
        agent = choose.randrange(len(PEOPLE)) if choose.random() < 0.1 else None
        language = int(customer % 8 == 0)
        values = choose.choice(BRANCHES), language, int(choose.random() < 0.3)
        arrivals.append(Arrival(date, customer, *values, agent))
    return arrivals


def plan_steps() -> list[datetime]:
    """Return the times of steps: each minute from the opening to the closing, else each
    tenth minute."""
    steps, now = [], START
    while now < END:
        steps.append(now)
        near = is_within(split(now)[1], ((6.5, 21.5),))
        now += STEP if near and split(now)[0] != CLOSED_DAY else 10 * STEP
    return steps


def plan_call(now: datetime, choose: random.Random) -> datetime | None:
    """Return when a member calls about a lead that the member gets now: mostly in
    time, sometimes too late, sometimes never."""
    chance = choose.random()
    if chance < 0.7:
        return now + timedelta(minutes=choose.randrange(1, 12))
    if chance < 0.85:
        return now + timedelta(minutes=choose.randrange(16, 40))
    return None
