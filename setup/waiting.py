# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from collections.abc import Callable
from typing import Any

PATIENCE = 120  # seconds


def wait_until(is_true: Callable[[], Any], what: str = "", seconds=PATIENCE) -> Any:
    """Wait until a function returns something, and return that.

    :param what: is wrong, if it does not
    :param float seconds: how long to wait
    :raise AssertionError: not in that time
    """
    deadline = time.monotonic() + seconds
    while not (result := is_true()):
        assert time.monotonic() < deadline, what
        time.sleep(0.05)
    return result
