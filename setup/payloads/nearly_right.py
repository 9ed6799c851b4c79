# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Payloads of which some attributes are wrong, and what is wrong for each."""

from datetime import date, timedelta

from hypothesis import strategies as st

from payloads.contract import (
    CHOICES,
    HOURS,
    IDS,
    LINES,
    LISTS,
    MAX_ITEMS,
    PORTRAIT_CHOICES,
    PORTRAIT_TEXTS,
    REQUIRED,
)
from payloads.right import NOT_SENT, payloads, portrait

UNSTORABLE = ["\0", "Lan\0", "\ud83d", "a\udfffb"]
NOT_INTEGERS = [True, 1.5, "1.5", "x", "1e3", "٣x", [], [1], {}, {"id": 1}, 0, -1, "-7"]
NOT_IDS = [*NOT_INTEGERS, 2**31 - 1, 2**31, str(2**31), 2**63, 10**30]
NOT_LINES = [0, 1.5, True, [], ["x"], {}, "x" * 256, *UNSTORABLE]
NOT_CHOICES = ["x", "Male", " no", 0, True, [], {}, "\0", "\ud800"]
NOT_TEXTS = [0, 1.5, False, [], ["x"], {"a": 1}, "x" * 10_001, *UNSTORABLE]
NOT_HOURS = [-0.5, 24, 24.0, "24", 1e308, 10**400, True, "8h30", "08:30", [], {}]
NOT_DATES = [
    *("1992-13-01", "2023-02-29", "1899-12-31", "2999-01-01", "20/10/1992", "x\0"),
    *(19921020, True, [], {}, "1992-10-20T00:00:00", "\ud800"),
    str(date.today() + timedelta(days=3)),
]
NOT_EMAILS = [
    1,
    [],
    {},
    "lan",
    "lan@",
    "@x.vn",
    "a@@x.vn",
    "a@x.vn, b@x.vn",
    *UNSTORABLE,
]
NOT_LISTS = ["x", 1, True, {}, {"0": "x"}, ["1"] * (MAX_ITEMS + 1)]
NOT_OBJECTS = ["x", 1, True, [], [{}]]
FAULTS = {
    **dict.fromkeys(IDS, NOT_IDS),
    "ticket_id": [*NOT_INTEGERS, 2**63, str(2**63), 10**30],
    **dict.fromkeys(LINES, NOT_LINES),
    **dict.fromkeys(CHOICES, NOT_CHOICES),
    "birth_date": NOT_DATES,
    "email_from": NOT_EMAILS,
    "crm_line_ids": [*NOT_LISTS, []],
    "customer_portrait": NOT_OBJECTS,
}
PORTRAIT_FAULTS = {
    **dict.fromkeys(PORTRAIT_TEXTS, NOT_TEXTS),
    **dict.fromkeys(PORTRAIT_CHOICES, NOT_CHOICES),
    **dict.fromkeys(HOURS, NOT_HOURS),
    **dict.fromkeys(LISTS, NOT_LISTS),
}
ITEM_FAULTS = {"crm_line_ids": [*NOT_IDS, None], **dict.fromkeys(LISTS, NOT_TEXTS)}


@st.composite
def nearly_right(draw, records: dict) -> tuple[dict, set[str]]:
    """Right payloads of which some attributes were made wrong.

    :param records: what ``MAKE_RECORDS`` printed
    :return: the payload, and the paths of those attributes
    """
    payload = draw(payloads(records))
    chosen = st.lists(st.sampled_from([*FAULTS]), max_size=4, unique=True)
    wrong = _spoil(draw, payload, draw(chosen), records["unusable"])
    if "customer_portrait" not in wrong:
        chosen = st.lists(st.sampled_from([*PORTRAIT_FAULTS]), max_size=3, unique=True)
        part = payload["customer_portrait"] = {**draw(portrait)}
        paths = _spoil(draw, part, draw(chosen), {})
        wrong |= {f"customer_portrait.{path}" for path in paths}
    wrong |= _spoil_relations(draw, payload, wrong, records)
    if not wrong or draw(st.integers(0, 9)) == 0:
        for name in ("account_id", "phone_no1"):
            payload[name] = draw(NOT_SENT)
        wrong = wrong - {"account_id"} | {"phone_no1"}
    return payload, wrong


def _spoil(draw, data, names, unusable):
    """Make attributes wrong, and return their paths."""
    wrong = set()
    for name in names:
        others = unusable.get(name, [])
        if name in ITEM_FAULTS and draw(st.booleans()):
            bad = _either(ITEM_FAULTS[name], others)
            good = data[name] if isinstance(data.get(name), list) else []
            items = [(item, False) for item in good]
            items += [(draw(bad), True) for _each in range(draw(st.integers(1, 2)))]
            items = draw(st.permutations(items))
            data[name] = [item for item, _is_wrong in items]
            wrong |= {f"{name}.{i}" for i, (_item, bad) in enumerate(items) if bad}
            continue
        faults = (FAULTS | PORTRAIT_FAULTS)[name]
        if name in REQUIRED:
            faults = [*faults, None, "", " \n"]
        data[name] = draw(_either(faults, others if name in IDS else []))
        wrong.add(name)
    return wrong


def _either(faults, others):
    return st.sampled_from(faults) | st.sampled_from(others or faults)


def _spoil_relations(draw, payload, wrong, records):
    """Let records that are right by themselves not go together; return their paths."""
    found = set()
    country, state = payload["country_id"], payload["state_id"]
    if not wrong & {"country_id", "state_id"} and draw(st.integers(0, 4)) == 0:
        others = [place for place in records["places"] if place[0] != country]
        payload["state_id"] = state = draw(st.sampled_from(others))[1]
        if "district_id" not in wrong:
            payload["district_id"] = None
        found.add("state_id")
    elif not wrong & {"state_id", "district_id"} and draw(st.integers(0, 4)) == 0:
        others = [ids for _country, other, ids in records["places"] if other != state]
        payload["district_id"] = draw(st.sampled_from(sum(others, [])))
        found.add("district_id")
    group = payload["category_source_id"]
    if not wrong & {"category_source_id", "source_id"} and draw(st.integers(0, 4)) == 0:
        others = [source for other, source in records["sources"] if other != group]
        payload["source_id"] = draw(st.sampled_from(others))
        found.add("source_id")
    return found
