# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import functools
from collections.abc import Callable
from typing import Any

ORIGINAL = "crm_lead_api_original"


class Patch:
    """Replace a function of Odoo, and put the original back.

    :param owner: the class or module that has the function
    :param name: of the function
    :param build: function that takes the original and returns the replacement
    """

    def __init__(self, owner: Any, name: str, build: Callable[[Callable], Callable]):
        self.owner = owner
        self.name = name
        self.build = build

    def apply(self) -> None:
        """Replace the function, unless it is already replaced."""
        original = getattr(self.owner, self.name)
        if hasattr(original, ORIGINAL):
            return
        replacement = functools.wraps(original)(self.build(original))
        setattr(replacement, ORIGINAL, original)
        setattr(self.owner, self.name, replacement)

    def undo(self) -> None:
        """Put the original back."""
        replacement = getattr(self.owner, self.name)
        if original := getattr(replacement, ORIGINAL, None):
            setattr(self.owner, self.name, original)
