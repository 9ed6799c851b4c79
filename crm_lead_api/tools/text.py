# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fold texts for comparison, as people compare them, and show them in the language of
each reader."""

import re
import unicodedata
from collections.abc import Callable

from odoo.tools import SQL, remove_accents

from odoo.addons.mail.tools.discuss import Store

ACCENTS = "[\u0300-\u036f]"  # the combining marks into which PostgreSQL splits letters
PROVINCE = re.compile(r"^(?:tinh\b|thanh pho\b|tp\b|tp(?=hcm$))")
SHORT_PROVINCES = {"hcm": "ho chi minh"}


def to_nfc(text: str) -> str:
    """Return the text with each letter and its accents in one character (NFC), as
    keyboards write it. Apple's file names, and forms filled from them, have several."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return the text without upper case and repeated spaces."""
    return " ".join(to_nfc(text).casefold().split())


def fold_accents(text: str) -> str:
    """Return the text also without accents: Vietnamese is often typed without."""
    # đ is a letter of its own, not a d with an accent.
    return fold(remove_accents(text.casefold().replace("đ", "d")))


def fold_accents_in_sql(text: SQL) -> SQL:
    """Return the SQL expression for a text without upper case and accents; not by the
    extension *unaccent*, which a database need not have."""
    # Lower case last: in some databases PostgreSQL knows it for a to z only.
    return SQL(
        "lower(translate(regexp_replace("
        "normalize(%s, NFKD), %s, '', 'g'), 'Đđ', 'dd'))",
        text,
        ACCENTS,
    )


def fold_province(text: str) -> str:
    """Return the name of a province or city as people compare it: without accents,
    punctuation, and the words "Tỉnh", "Thành phố" or "TP" in front."""
    words = " ".join(re.split(r"\W+", fold_accents(text))).strip()
    name = PROVINCE.sub("", words, count=1).strip()
    return SHORT_PROVINCES.get(name, name)


def render_by_lang(env, render: Callable[[str], str]) -> dict[str, str]:
    """Return a text in each installed language, by its code."""
    codes = [code for code, _name in env["res.lang"].get_installed()]
    return {code: str(render(code)) for code in codes}


def replace_in_store(names: list, name: str, get_value: Callable) -> list:
    """Let Odoo's screens show another value of a field."""
    attribute = Store.Attr(name, get_value)
    return [attribute if each == name else each for each in names]
