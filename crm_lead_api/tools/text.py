# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fold texts for comparison, as people compare them."""

from odoo.tools import remove_accents


def fold(text: str) -> str:
    """Return the text without upper case and repeated spaces."""
    return " ".join(text.casefold().split())


def fold_accents(text: str) -> str:
    """Return the text also without accents: Vietnamese is often typed without."""
    # đ is a letter of its own, not a d with an accent.
    return fold(remove_accents(text.casefold().replace("đ", "d")))
