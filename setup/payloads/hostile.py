# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Payloads, bodies and headers with anything in them."""

import json
from urllib.parse import urlencode

from hypothesis import strategies as st

from payloads.nearly_right import (
    FAULTS,
    NOT_HOURS,
    NOT_IDS,
    NOT_LINES,
    NOT_TEXTS,
    PORTRAIT_FAULTS,
)

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
