# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Let members of a team go on duty, and look who gets its leads and who loses them."""

from collections import Counter, namedtuple
from datetime import datetime, timedelta, timezone

from combinations.scene import MEMBERS, STAFF
from combinations.steps import step
from combinations.world import Done, World, wrong
from odoo_database import READ_DECISIONS, Decision

MEMBER = "crm.team.member"
HOLIDAY = timedelta(days=3)  # before and after now
RECALLS = 2  # at most, then the lead is the leader's
LEADER = "chi"
RUNS = ("give_out", "wait_minutes", "clean_up")  # in which the scheduled action runs
NOW = "(now() AT TIME ZONE 'utc')"
# A lead with its first call, if it has one: who has it, and who is to call; whether the
# scheduled action looks at it, it is neither won nor lost, nobody has called then, who
# is to call has edited it a moment ago; from whom it was taken; how many calls are
# planned
FirstCall = namedtuple(
    "FirstCall",
    "lead id state user owner company team agent recalls deadline"
    " is_due is_pending is_open is_edited formers planned",
)
READ_FIRST_CALLS = f"""
    SELECT lead.id, call.id, call.state, call.user_id, lead.user_id, lead.company_id,
           lead.team_id, call.agent_id, COALESCE(call.recall_count, 0), call.deadline,
           call.check_date <= {NOW},
           lead.active AND lead.won_status = 'pending',
           lead.active AND lead.won_status = 'pending'
               AND lead.first_contact_date IS NULL
               AND NOT EXISTS (SELECT FROM crm_booking booking
                                WHERE booking.lead_id = lead.id
                                      AND booking.state <> 'cancelled'),
           lead.write_uid = call.user_id
               AND lead.write_date > {NOW} - interval '1 minute',
           ARRAY(SELECT former_user_id FROM crm_first_call_decision line
                  WHERE line.first_call_id = call.id AND former_user_id IS NOT NULL),
           (SELECT count(*) FROM mail_activity activity
             WHERE activity.res_model = 'crm.lead' AND activity.res_id = lead.id
                   AND activity.active AND activity.automated
                   AND activity.call_reason = 'new_lead')
      FROM crm_lead lead LEFT JOIN crm_first_call call ON call.lead_id = lead.id
     WHERE lead.id > %s
"""  # noqa: S608
# The field by which a model is of a first call
READABLE = {
    "crm.first.call": "id",
    "report.crm.first.call": "id",
    "crm.first.call.decision": "first_call_id",
}


# ------------------------------------------------------------ steps


def get_now() -> datetime:
    """Return the time as Odoo keeps it: UTC, without microseconds."""
    return datetime.now(timezone.utc).replace(tzinfo=None, microsecond=0)


def _let(world, who, model, method, ids=(), **arguments):
    """Let a member of staff do what nothing is against."""
    if world.call(who, model, method, ids, **arguments) is None:
        wrong("Refused", f"{who}: {model}.{method}: {world.message}")


@step("leads")
def give_out(world: World):
    """Let the scheduled action give leads out, and take them back; again, if there was
    not the time for all."""
    for _round in range(5):
        world.run_cron(world.scene.team["cron"])
        states = {"given", "waiting"} if _find_on_duty(world) else {"given"}
        calls = _read_first_calls(world).values()
        if not any(call.is_due and call.state in states for call in calls):
            break
    return Done(world.leads)


@step("leads", minutes=(1, 20, 40))
def wait_minutes(world: World, minutes):
    """Let minutes pass, in which the scheduled action runs once or twice."""
    for _round in range(0, minutes, 20):
        world.age(minutes=min(minutes, 20))
        world.first_calls = _read_first_calls(world)
        give_out(world)
        check_duty(world)
    return Done(world.leads)


@step(member=MEMBERS, on=(0, 1))
def switch_duty(world: World, member, on):
    """Let a member go on or off duty; Mai is told by the team leader."""
    state = world.members[member]
    if member not in STAFF:
        ids = [world.scene.team["members"][member]]
        _let(world, LEADER, MEMBER, "write", ids, vals={"is_on_duty": bool(on)})
    else:
        method = "switch_first_call_duty"
        _let(world, member, "res.users", method, is_on_duty=bool(on))
        if not state.is_active or "gives_leads_out" not in world.rules:
            return  # there is nothing to switch
        if on and world.is_closed:
            return  # the day's work is over
    state.is_on_duty = bool(on)


@step(
    member=MEMBERS,
    weight=(None, 1, 3),
    limit=(None, 0, 1),
    place=(None, "all", "east", "west"),
)
def set_member(world: World, member, weight=None, limit=None, place=None):
    """Change weight, limit or skills of a member."""
    state, values = world.members[member], {}
    if weight:
        values["first_call_weight"] = weight
    if limit is not None:
        values["first_calls_max"] = state.limit = limit
    if place:
        state.place = place if place != "all" else ""
        ids = [world.scene.companies[state.place]] if state.place else []
        values["skill_company_ids"] = [[6, 0, ids]]
    ids = [world.scene.team["members"][member]]
    _let(world, LEADER, MEMBER, "write", ids, vals=values)


@step(member=MEMBERS, how=("archive", "unarchive"))
def employ(world: World, member, how):
    """Archive a member, of Mai also the user, or let the member come back."""
    if member not in STAFF:
        ids = [world.scene.users[member]]
        _let(world, "boss", "res.users", f"action_{how}", ids)
    ids = [world.scene.team["members"][member]]
    _let(world, LEADER, MEMBER, f"action_{how}", ids)
    world.members[member].is_active = how == "unarchive"


@step(rule=("gives_leads_out", "agents_need_duty", "waits_for_owner"), on=(0, 1))
def set_team(world: World, rule, on):
    """Switch the giving out of leads on or off, or another rule of the team."""
    ids = [world.scene.team["id"]]
    _let(world, LEADER, "crm.team", "write", ids, vals={rule: bool(on)})
    (world.rules.add if on else world.rules.discard)(rule)


@step(on=(0, 1))
def close_team(world: World, on):
    """Close the team for a holiday, or end the holiday."""
    model, hours = "resource.calendar.leaves", world.scene.team["hours"]
    if on and not world.is_closed:
        dates = {"date_from": -HOLIDAY, "date_to": HOLIDAY}
        values = {name: str(get_now() + days) for name, days in dates.items()}
        values |= {"name": "Tết", "calendar_id": hours}
        _let(world, "boss", model, "create", vals_list=[values])
    elif world.is_closed and not on:
        query = "SELECT id FROM resource_calendar_leaves WHERE calendar_id = %s"
        _let(world, "boss", model, "unlink", world.query(query, hours)[0])
    world.is_closed = bool(on)


@step("leads", who=("lan", "tam", "huy", "chi"))
def take(world: World, who):
    """Take the oldest lead that waits."""
    waiting = [each for each in world.first_calls.values() if each.state == "waiting"]
    if not waiting:
        return None
    call = min(waiting, key=lambda each: each.id)
    lead = world.find_lead(call.lead)
    result = world.call(who, "crm.lead", "action_take", [call.lead])
    may_take = not call.owner and world.sees(who, lead)
    if (result is not None) != may_take:
        wrong("Taken", f"{who} took {call}: {result}, {world.reason}")
    return Done([lead])


# ------------------------------------------------------------ invariants


def check_duty(world: World) -> None:
    """Check that leads are with whom they should be, once."""
    before, after = world.first_calls, _read_first_calls(world)
    world.first_calls = after
    lines = [Decision(*row) for row in world.query(READ_DECISIONS, world.last_decision)]
    world.last_decision = max([world.last_decision, *(line.id for line in lines)])
    counts = Counter(line.lead for line in lines)
    last = {line.user: line for line in lines}
    is_run = world.said[-1].split()[0] in RUNS
    for line in lines:
        if counts[line.lead] > 1 or (line.reason == "hand") == is_run:
            wrong("Decided", f"{line} of {lines}")
        elif is_run:
            _check_decision(world, before.get(line.lead), line)
            if line == last[line.user] and line.reason in ("share", "unskilled"):
                _check_limit(world, line)
    for lead in world.leads:
        old, call = before.get(lead.id), after.get(lead.last.id)
        if old and old.id and call and not call.id:
            wrong("FirstCallLost", f"{old}, now {call}")
    for call in after.values():
        _check_first_call(world, before.get(call.lead), call, is_run)
        if is_run and call.id and call.lead not in counts:
            _check_left(world, before.get(call.lead), call)


def _read_first_calls(world):
    """Return the first call of each lead, by lead; there is but one."""
    rows = world.query(READ_FIRST_CALLS, world.newest["crm_lead"])
    calls = {row[0]: FirstCall(*row) for row in rows}
    if len(rows) > len(calls):
        wrong("TwoFirstCalls", rows)
    return calls


def _is_of_team(world, call):
    """Tell whether the lead is of the team, which gives its leads out now."""
    is_of_team = call.team == world.scene.team["id"]
    return is_of_team and "gives_leads_out" in world.rules


def _needs_somebody(call):
    """Tell whether a lead needs a first call, or a salesperson."""
    return call.is_pending and (call.is_open or not call.owner)


def _find_on_duty(world):
    """Return the members on duty, with or without room for more calls."""
    return {
        world.scene.users[name]: member
        for name, member in world.members.items()
        if member.is_on_duty and member.is_active and not world.is_closed
    }


def _count_given(world):
    """Count the leads of the team that each user is to call."""
    calls, team = world.first_calls.values(), world.scene.team["id"]
    return Counter(c.user for c in calls if (c.state, c.team) == ("given", team))


def _find_free(world, call):
    """Return the members who could get a lead now."""
    counts = _count_given(world)
    return {
        user
        for user, member in _find_on_duty(world).items()
        if user not in (call.user, *call.formers)
        and not 0 < member.limit <= counts[user]
        and _may_have(world, user, call)
    }


def _is_last(world, call):
    """Tell whether the next recall is to the leader."""
    former = (call.user, *call.formers)
    return call.recalls >= RECALLS or not any(
        member.is_active
        and world.scene.users[name] not in former
        and _may_have(world, world.scene.users[name], call)
        for name, member in world.members.items()
    )


def _may_have(world, user, call):
    """Tell whether a user is of the branch of a lead."""
    name = next(name for name, each in world.scene.users.items() if each == user)
    places = STAFF[name][0] if name in STAFF else world.scene.companies
    return call.company in (None, *world.get_company_ids(places))


def _check_first_call(world, old, call, is_run):
    """Check a first call by itself."""
    if not old and not call.id and _is_of_team(world, call):
        if world.find_lead(call.lead).client:
            wrong("NoFirstCall", call)
    if call.state == "given" and call.user != call.owner:
        wrong("TwoOwners", call)
    # Until it runs, who is named by the request has the lead already.
    if call.state == "waiting" and call.owner and is_run:
        wrong("Waits", f"{call}, which has an owner")
    is_nobodys = call.is_pending and not call.owner and _is_of_team(world, call)
    was_nobodys = not old or (old.state == "waiting" and not old.owner)
    if call.state == "ended" and is_nobodys and was_nobodys:
        wrong("Nobodys", f"{old}, now {call}")
    is_over = not call.is_open or (call.state == "waiting" and not call.owner)
    if call.id and call.planned > (not is_over):
        wrong("LeftOver", f"{call.planned} planned first calls of {call}")


def _check_decision(world, old, line):
    """Check who got a lead when the scheduled action ran.

    :param old: the first call before, if it was there
    """
    call, member = world.first_calls[line.lead], _find_on_duty(world).get(line.user)
    text = f"{line} of {old}, now {call}"
    if line.reason == "leader":
        if line.user != world.scene.users[LEADER]:
            wrong("NotTheLeader", text)
    elif line.reason == "agent":
        needs_duty = "agents_need_duty" in world.rules and not (old and old.owner)
        if line.user != call.agent or (needs_duty and not member):
            wrong("NotTheAgent", text)
    elif not member:
        wrong("NotOnDuty", text)
    elif line.reason == "share" and member.place:
        if call.company != world.scene.companies[member.place]:
            wrong("Unskilled", text)
    if call.owner != line.user or not _is_of_team(world, call):
        wrong("NotGiven", text)
    if not _may_have(world, line.user, call):
        wrong("GivenBlindly", text)
    if not old or not old.id:
        return
    if old.company not in (None, call.company):
        wrong("Moved", text)
    is_needed = old.is_open if line.former else _needs_somebody(old)
    if not is_needed or old.state != ("given" if line.former else "waiting"):
        wrong("Touched", text)
    if line.former and (
        (line.former != old.user or line.user in (old.user, *old.formers))
        or (old.deadline > get_now() or old.is_edited or world.is_closed)
        or (line.reason == "leader") != _is_last(world, old)
        or call.recalls != old.recalls + 1
    ):
        wrong("Recalled", text)


def _check_limit(world, line):
    """Check that nobody has too many leads after the last one, which came by share."""
    member = _find_on_duty(world).get(line.user)
    if member and 0 < member.limit < _count_given(world)[line.user]:
        wrong("OverLimit", f"{line} of {member}")


def _check_left(world, old, call):
    """Check a first call about which the scheduled action has decided nothing."""
    text = f"{old}, now {call}"
    if call.state != "ended" and not _is_of_team(world, call):
        wrong("NotEnded", text)
    if not old or not old.id:
        return
    if call.owner != old.owner:
        wrong("ChangedOwner", text)
    if call.state == "ended" or not (old.is_due and _needs_somebody(old)):
        return
    free = _find_free(world, call)
    if call.state == "waiting":
        if free and "waits_for_owner" not in world.rules:
            wrong("StillWaits", f"{text}; {free} are free")
    elif not (old.is_edited or world.is_closed) and (free or _is_last(world, call)):
        wrong("NotRecalled", f"{text}; {free} are free")


def check_readers(world: World, who: str) -> None:
    """Check that a person reads no first call of a lead that the person may not see."""
    unseen = [
        call.id
        for lead, call in world.first_calls.items()
        if call.id and not world.sees(who, world.find_lead(lead))
    ]
    for model, name in READABLE.items():
        domain = [[name, "in", unseen]]
        found = world.call(who, model, "search_read", domain=domain, fields=[name])
        if found != []:
            wrong("Reads", f"{who} reads {found} in {model}: {world.reason}")
