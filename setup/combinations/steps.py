# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The steps that clients and staff may do, and how they are written: a word, and its
arguments, ``put by=looker ticket=1 email=2``."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """A step that somebody may do.

    :param function: does it in a ``World``
    :param choices: the values of each argument; ``None``: the argument is left out
    :param needs: an attribute of the world that must not be empty for it
    :param changes: how many of ``ATTRIBUTES`` it may have besides
    """

    name: str
    function: Callable
    choices: dict[str, tuple]
    needs: str
    changes: int


STEPS: dict[str, Step] = {}


def step(needs: str = "", changes: int = 0, **choices: tuple) -> Callable:
    """Make a function a step; see :class:`Step`."""

    def register(function):
        name = function.__name__
        STEPS[name] = Step(name, function, choices, needs, changes)
        return function

    return register


def to_text(name: str, arguments: dict) -> str:
    """Return a step in words."""
    sent = {key: value for key, value in arguments.items() if value is not None}
    return " ".join([name, *(f"{key}={value}" for key, value in sent.items())])


def is_complete(text: str) -> bool:
    """Tell whether a step has all the arguments that it cannot do without."""
    step, arguments = to_step(text)
    needed = [n for n, values in step.choices.items() if None not in values]
    return all(name in arguments for name in needed)


def to_step(text: str) -> tuple[Step, dict]:
    """Return a step that was written in words, and its arguments."""
    name, *words = text.split()
    pairs = (word.split("=") for word in words)
    return STEPS[name], {k: int(v) if v.isdigit() else v for k, v in pairs}
