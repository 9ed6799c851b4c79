# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bring each phone number into one form, however people write it."""

import re
from contextlib import suppress
from functools import lru_cache
from typing import Literal

import phonenumbers

from odoo.exceptions import UserError

from odoo.addons.phone_validation.tools.phone_validation import phone_parse

VIETNAM = 84
# Vietnam's mobile numbers of 11 digits got 10 digits between September and November
# 2018, by a plan of its Ministry of Information and Communications: the prefix
# changed, the last seven digits stayed.
RENUMBERED_PREFIXES = dict(
    pair.split(":")
    for pair in (
        "120:70 121:79 122:77 126:76 128:78 "  # MobiFone
        "123:83 124:84 125:85 127:81 129:82 "  # VinaPhone
        "162:32 163:33 164:34 165:35 166:36 167:37 168:38 169:39 "  # Viettel
        "186:56 188:58 199:59"  # Vietnamobile, Gmobile
    ).split()
)
RENUMBERED = re.compile(r"(1\d\d)(\d{7})")
E164 = re.compile(r"\+[0-9]{7,15}")
SEPARATORS = re.compile(r"[\s().\-/]")


@lru_cache(maxsize=1024)  # a request parses the same number several times
def parse_phone(
    number: str, region: str | Literal[False]
) -> phonenumbers.PhoneNumber | None:
    """Parse a phone number; return ``None`` if the number is invalid today.

    :param number: as people write it; an old Vietnamese mobile number of 11 digits is
        read as its new number
    :param region: ISO code of the country whose numbers need no prefix
    """
    with suppress(UserError):
        return phone_parse(number, region)
    try:
        phone = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    old = RENUMBERED.fullmatch(str(phone.national_number))
    if phone.country_code != VIETNAM or not old or old[1] not in RENUMBERED_PREFIXES:
        return None
    return phone_parse(f"+{VIETNAM}{RENUMBERED_PREFIXES[old[1]]}{old[2]}", None)


def format_e164(phone: phonenumbers.PhoneNumber) -> str:
    """Format a number as ``+84968011111``."""
    return phonenumbers.format_number(phone, phonenumbers.PhoneNumberFormat.E164)


def is_e164(key: str) -> bool:
    """Tell whether a key is a phone number, and not another text."""
    return E164.fullmatch(key) is not None


def format_dialled(phone: phonenumbers.PhoneNumber) -> str:
    """Return the digits that are dialled within the number's country: 0968011111."""
    national = phonenumbers.PhoneNumberFormat.NATIONAL
    return phonenumbers.normalize_digits_only(
        phonenumbers.format_number(phone, national)
    )


def normalize_text(number: str) -> str:
    """Normalize a text that is no phone number: no separators, lower case."""
    return SEPARATORS.sub("", number).lower()


def is_filler(text: str) -> bool:
    """Tell whether a normalized text stands for "no number", and so for no customer.

    Forms that insist on a phone get "-", "N/A", 0000000000 or 0123456789: people who
    share such a text are not the same customer.
    """
    digits = re.sub(r"\D", "", text)
    counted = "01234567890123456789"
    return len(set(digits)) < 3 or digits in counted or digits in counted[::-1]
