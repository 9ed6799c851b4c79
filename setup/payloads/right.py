# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Payloads that are right."""

import random
from datetime import date
from typing import Any

from hypothesis import strategies as st

from payloads.contract import (
    CHOICES,
    HOURS,
    LISTS,
    PORTRAIT_CHOICES,
    PORTRAIT_TEXTS,
    REQUIRED,
)

NOT_SENT = st.sampled_from([None, "", "  ", "\t\u3000"])
SCRIPTS = "aZ09 .,-'\"\\%<&{Đđươặễộừ\u0301\u0323אבשع٣中é\u200d\u202e\U0001f600👩‍⚕️"
LINE_BREAKS = "\n\r\v\f\x85\u2028\u2029"


def _texts(alphabet, max_size: int):
    """Return a strategy of texts that are stored as they are."""

    def make_long(seed):
        return "".join(random.Random(seed).choices(SCRIPTS[:4], k=max_size))  # noqa: S311

    text = st.text(alphabet, min_size=1, max_size=40).map(str.strip).filter(bool)
    return text | st.integers(0, 2**32).map(make_long)


CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
LINE_CHARACTERS = st.characters(
    exclude_categories=["Cs"], exclude_characters=f"\0{LINE_BREAKS}"
)
line = _texts(st.sampled_from(SCRIPTS) | LINE_CHARACTERS, 255)
text = _texts(st.sampled_from(SCRIPTS + "\n") | CHARACTERS, 10_000)
phone = line | st.builds(
    "0{} {:03} {:03}".format, st.integers(310, 999), *[st.integers(0, 999)] * 2
)
email = st.from_regex(
    r"[a-z0-9]{1,9}([._+-][a-z0-9]{1,9})?@[a-z0-9]{1,9}(-[a-z0-9]{1,9})?\.(vn|com)",
    fullmatch=True,
)
birth_date = st.dates(date(1900, 1, 1), date.today()).map(str)
hour = st.floats(0, 24, exclude_max=True) | st.integers(0, 23)


def _spell(number):
    """Return a strategy of the ways to write a number."""
    return st.sampled_from([number, str(number), f" {number}\n"])


def _optional(strategies: dict) -> dict:
    return {name: NOT_SENT | strategy for name, strategy in strategies.items()}


portrait = st.fixed_dictionaries(
    {},
    optional=_optional(
        {
            **dict.fromkeys(PORTRAIT_TEXTS, text),
            **{n: st.sampled_from(each) for n, each in PORTRAIT_CHOICES.items()},
            **dict.fromkeys(HOURS, hour),
            **dict.fromkeys(LISTS, st.lists(text | NOT_SENT, max_size=5)),
        }
    ),
)


@st.composite
def payloads(draw, records: dict) -> dict[str, Any]:
    """Right payloads.

    :param records: what ``MAKE_RECORDS`` printed
    """
    payload = draw(
        st.fixed_dictionaries(
            {
                "ticket_id": st.integers(1, 2**63 - 1).flatmap(_spell),
                **dict.fromkeys(("agent_email", "contact_name", "street"), line),
                "gender": st.sampled_from(CHOICES["gender"]),
                **{
                    name: st.sampled_from(values).flatmap(_spell)
                    for name, values in records.items()
                    if name in REQUIRED and name != "crm_line_ids"
                },
                "crm_line_ids": st.lists(
                    st.sampled_from(records["crm_line_ids"]).flatmap(_spell),
                    min_size=1,
                    max_size=6,
                ),
            },
            optional=_optional(
                {
                    **dict.fromkeys(("phone_no2", "phone_no3"), phone),
                    **dict.fromkeys(("facebook_acc", "zalo_acc"), line),
                    "birth_date": birth_date,
                    "email_from": email,
                    "company_id": st.sampled_from(records["company_id"]),
                    **{
                        name: st.sampled_from(values)
                        for name, values in CHOICES.items()
                        if name not in REQUIRED
                    },
                    "customer_portrait": portrait,
                }
            ),
        )
    )
    country, state, districts = draw(st.sampled_from(records["places"]))
    payload |= {"country_id": country, "state_id": state}
    if districts and draw(st.booleans()):
        payload["district_id"] = draw(st.sampled_from(districts).flatmap(_spell))
    group, source = draw(st.sampled_from(records["sources"]))
    payload |= {"category_source_id": group, "source_id": source}
    known_by = draw(st.sampled_from([("phone",), ("account",), ("phone", "account")]))
    if "phone" in known_by:
        payload["phone_no1"] = draw(phone)
    if "account" in known_by:
        payload["account_id"] = draw(st.sampled_from(records["account_id"]))
    return dict(draw(st.permutations(list(payload.items()))))
