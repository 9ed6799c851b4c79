# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Generate payloads by hypothesis: right, nearly right, hostile.

Written from the documentation alone, so that it does not repeat a mistake of the code.
"""

import json
import os
import random
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from contract import LEAD, PORTRAIT, find_names
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("CRM_LEAD_API_FUZZ_EXAMPLES", 0))

# ------------------------------------------------------------ the contract

MAX_ITEMS = 100
CHOICES = {
    "gender": ["male", "female", "other"],
    "send_info_facebook": ["not_send", "sent"],
    "send_info_zalo": ["no_acc", "not_response", "sent"],
    "overseas_vietnamese": ["no", "marketing", "branch"],
    "work_online": ["no", "yes"],
    "online_counseling": ["no", "yes"],
    "shuttle_bus": ["no", "yes"],
}
PORTRAIT_CHOICES = {
    "affected_by": [
        *("family", "friend", "co_worker", "community", "electronic_media", "other"),
    ],
    "transport": ["bicycle", "scooter", "bus", "car", "other"],
}
PORTRAIT_TEXTS, HOURS, LISTS = (
    find_names(PORTRAIT, kind) for kind in ("string", "number", "array")
)
LINES, IDS = (find_names(LEAD, kind) for kind in ("string", "integer"))
IDS.remove("ticket_id")
# Without company_id, for which the demo data's client has a default
REQUIRED = [each[0] for each in LEAD if each[1] == "yes" and each[0] != "company_id"]
# In odoo shell: what a payload can name, and what it cannot
MAKE_RECORDS = """
demo = lambda name: env.ref(f"crm_lead_api.demo_{name}")
company = env["res.company"].create({"name": "Khác"})
archived = {"active": False}
Partner, Product = env["res.partner"], env["product.product"]
District, Pricelist = env["res.country.district"], env["product.pricelist"]
partner = Partner.create({"name": "Lê Mai", "street": "1 Hàng Bài", "phone": "0912"})
portal = [Command.set(env.ref("base.group_portal").ids)]
portal = env["res.users"].create({"name": "P", "login": "p", "group_ids": portal})
states = [env.ref(f"base.state_{name}") for name in ("vn_VN-SG", "vn_VN-HN", "us_5")]
sources = [demo(f"source_{name}") for name in ("zalo", "facebook", "customer")]
services = [demo(f"service_{name}") for name in ("kham", "nang_mui", "cat_mi")]
pricelists = [demo("pricelist"), demo("pricelist_overseas")]
new = lambda model, **values: model.create({"name": "Cũ", **values}).id
print(">>" + json.dumps({
    "places": [
        [s.country_id.id, s.id, District.search([("state_id", "=", s.id)]).ids]
        for s in states
    ],
    "sources": [[source.group_id.id, source.id] for source in sources],
    "account_id": [partner.id, demo("partner_tuan").id],
    "user_id": [demo("agent").id, demo("agent_2").id],
    "company_id": [demo("company").id],
    "price_list_id": [pricelist.id for pricelist in pricelists],
    "campaign_id": [demo("campaign_beauty").id, demo("campaign_smile").id],
    "crm_line_ids": [service.id for service in services],
    "unusable": {
        "account_id": [
            new(Partner, **archived), new(Partner, company_id=company.id)
        ],
        "user_id": [portal.id, demo("agent_2").copy({"login": "q", **archived}).id],
        "district_id": [new(District, state_id=states[0].id, **archived)],
        "company_id": [company.id],
        "price_list_id": [
            new(Pricelist, **archived), new(Pricelist, company_id=company.id)
        ],
        "category_source_id": [new(env["utm.source.group"], **archived)],
        "campaign_id": [new(env["utm.campaign"], **archived)],
        "crm_line_ids": [
            new(Product, **archived),
            new(Product, company_id=company.id),
            new(Product, sale_ok=False),
        ],
    },
}))
env["ir.config_parameter"].set_param("crm_lead_api.wrong_tokens", 10**9)
"""

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


# ------------------------------------------------------------ nearly right

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
NOT_EMAILS = ["lan", "lan@", "@x.vn", "a@@x.vn", "a@x.vn, b@x.vn", *UNSTORABLE]
NOT_EMAILS += [1, [], {}]
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


# ------------------------------------------------------------ hostile

ODD_CHARACTERS = st.sampled_from('\0\ud83d\udc00\u202e\n"\\é')
ANY_TEXT = st.text(max_size=20) | st.text(ODD_CHARACTERS, max_size=20)
NASTY = st.sampled_from([*NOT_IDS, *NOT_LINES, *NOT_TEXTS, *NOT_HOURS, -0.0, 5e-324])
FINITE = st.floats(allow_nan=False, allow_infinity=False)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | FINITE | ANY_TEXT | NASTY,
    lambda each: (
        st.lists(each, max_size=4) | st.dictionaries(ANY_TEXT, each, max_size=4)
    ),
    max_leaves=8,
)
NAMES = st.sampled_from([*FAULTS]) | ANY_TEXT
PORTRAIT_NAMES = st.sampled_from([*PORTRAIT_FAULTS]) | ANY_TEXT
BITS = [
    *(b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf0\x9f", b"\xef\xbb\xbf"),
    *(b'"', b"\\", b"\\u", b"\\ud800", b",", b"{", b"}", b"[" * 40, b"[" * 5000, b":"),
    *(b"NaN", b"-Infinity", b"1e999", b"9" * 5000, b"//", b"'", b'"ticket_id":1,'),
]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-32-be", "utf-7", "cp1258"]
FORM = "application/x-www-form-urlencoded"
HEADER_VALUES = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=60
)
HEADERS = {
    "Content-Type": [
        *("application/json", "application/json; charset=utf-16", "text/plain", FORM),
        *("multipart/form-data", "multipart/form-data; boundary=x", "", ";", "a/b/c"),
    ],
    "Authorization": ["", "Bearer", "Bearer  x", "Basic eA==", "Bearer crmlead_0"],
    "access_token": ["", "x", "crmlead_" + "0" * 40],
    "Idempotency-Key": ["", "a b", "é", "x" * 255, "x" * 256],
    "X-Request-Id": ["", "<script>", "x" * 129, "a/b:c"],
    "Accept-Language": ["vi", "xx;q=x", "*;q=0, en;q=9", "-"],
    "Prefer": ["dry-run", "dry-run=1; x", ",,;="],
    "Content-Encoding": ["gzip", "identity"],
    "Accept": ["text/html", "*/*;q=x"],
    "Cookie": ["session_id=x", "=;=", "session_id=../../x"],
    "Origin": ["https://example.com", "null"],
}


def hostile(base: dict) -> st.SearchStrategy[dict]:
    """Objects with anything in any attribute.

    :param base: a right payload
    """
    part = st.dictionaries(PORTRAIT_NAMES, JSON_VALUES, max_size=4)
    some = st.dictionaries(NAMES, JSON_VALUES, max_size=5)
    parts = st.fixed_dictionaries({}, optional={"customer_portrait": part})
    return st.builds(lambda *each: {**base, **each[0], **each[1]}, some, parts)


@st.composite
def bodies(draw, base: dict) -> bytes:
    """Bytes that were once JSON, or never.

    :param base: a right payload
    """
    body = draw(
        st.just(json.dumps(base))
        | hostile(base).map(json.dumps)
        | JSON_VALUES.map(json.dumps)
        | hostile(base).map(lambda data: urlencode(data, errors="replace"))
    )
    body = body.encode(draw(st.sampled_from(ENCODINGS)), errors="replace")
    for _each in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(body)))
        end = start + draw(st.sampled_from([0, 0, 1, 9]))
        body = body[:start] + draw(st.sampled_from(BITS)) + body[end:]
    return draw(st.just(body) | st.binary(max_size=40))


def headers(good: dict[str, str]) -> st.SearchStrategy[list[tuple[str, str]]]:
    """Headers, some of them odd, some twice.

    :param good: those of a right call
    """
    odd = st.sampled_from([*HEADERS]).flatmap(
        lambda name: st.tuples(
            st.just(name), st.sampled_from(HEADERS[name]) | HEADER_VALUES
        )
    )
    every = st.lists(st.sampled_from([*good.items()]), max_size=len(good), unique=True)
    return st.builds(
        lambda *each: [*each[0], *each[1]],
        st.just([*good.items()]) | every,
        st.lists(odd, max_size=3),
    )


# ------------------------------------------------------------ how many


def fuzz(examples: int, share: float = 1):
    """Run a test with as many examples, the same ones each time.

    With ``CRM_LEAD_API_FUZZ_EXAMPLES`` in the environment there are so many random ones
    instead, and hypothesis prints how to send again what failed.

    :param share: that the test gets of them
    """
    return settings(
        max_examples=round((EXAMPLES or examples) * share),
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
