# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Check that the clients below clients/ do the same."""

import inspect
from collections.abc import Callable

from client_cases import addons, errors, retries, work
from client_cases.driver import Driver
from client_cases.scene import Scene

# By name: the public functions of a client and a scene
CASES: dict[str, Callable[[Driver, Scene], None]] = {
    name: function
    for module in (addons, errors, retries, work)
    for name, function in vars(module).items()
    if inspect.isfunction(function) and not name.startswith("_")
    if [*inspect.signature(function).parameters] == ["client", "scene"]
} | retries.CUT


def run_case(name: str, driver: Driver, scene: Scene) -> None:
    """Run a case with a client that has the token of a client that may do all."""
    scene.proxy.begin()
    driver.settings = {"url": scene.proxy.url, "token": scene.token}
    driver.on_pause = lambda: None
    driver.pauses.clear()
    CASES[name](driver, scene)
    scene.proxy.wait()
