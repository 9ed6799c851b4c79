# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The table of all cases."""

from collections.abc import Callable

from client_cases.driver import Driver
from client_cases.scene import Scene

Case = Callable[[Driver, Scene], None]

# By name, in their order
CASES: dict[str, Case] = {}


def case(function: Case) -> Case:
    """Add a case to the table."""
    CASES[function.__name__] = function
    return function


def run_case(name: str, driver: Driver, scene: Scene) -> None:
    """Run a case with a client that has the token of a client that may do all."""
    scene.proxy.begin()
    driver.settings = {"url": scene.proxy.url, "token": scene.token}
    driver.on_pause = lambda: None
    driver.pauses.clear()
    CASES[name](driver, scene)
    scene.proxy.wait()
