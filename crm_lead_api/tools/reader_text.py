# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Texts of records that each reader reads in their own language."""

from collections.abc import Callable

from odoo.addons.mail.tools.discuss import Store


def render_by_lang(env, render: Callable[[str], str]) -> dict[str, str]:
    """Return a text in each installed language, by its code."""
    codes = [code for code, _name in env["res.lang"].get_installed()]
    return {code: str(render(code)) for code in codes}


def replace_in_store(names: list, name: str, get_value: Callable) -> list:
    """Let Odoo's screens show another value of a field."""
    attribute = Store.Attr(name, get_value)
    return [attribute if each == name else each for each in names]
