# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run the cases with a client."""

import inspect
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

from client_cases import addons, errors, retries, work
from client_cases.driver import Driver, Unoffered
from client_cases.scene import Scene

# By name: the public functions of a client and a scene
CASES: dict[str, Callable[[Driver, Scene], None]] = {
    name: function
    for module in (addons, errors, retries, work)
    for name, function in vars(module).items()
    if inspect.isfunction(function) and not name.startswith("_")
    if [*inspect.signature(function).parameters] == ["client", "scene"]
} | retries.CUT


@dataclass
class Results:
    """Hold the names of cases that a client has failed, or does not offer."""

    client: str
    failed: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def __str__(self):
        count = len(CASES) - len(self.left_out)
        text = f"{self.client}: {count - len(self.failed)} of {count} cases passed"
        if self.left_out:
            text += f"; left out: {', '.join(self.left_out)}"
        return text


def run_case(name: str, driver: Driver, scene: Scene) -> None:
    """Run a case with a client that has the token of a client that may do all."""
    scene.proxy.begin()
    driver.settings = {"url": scene.proxy.url, "token": scene.token}
    driver.on_pause = lambda: None
    driver.pauses.clear()
    CASES[name](driver, scene)
    scene.proxy.wait()


def run_cases(client: str, driver, scene: Scene) -> Results:
    """Run the cases with a client's driver; leave out those that it does not offer."""
    results, requests = Results(client), set()
    for name in CASES:
        start = time.monotonic()
        mark = "ok"
        try:
            run_case(name, driver, scene)
        except Unoffered as error:
            results.left_out.append(name)
            mark = f"left out: {error}"
        except Exception:
            results.failed.append(name)
            traceback.print_exc()
            mark = "FAILED"
        requests |= {(each.method, each.path) for each in scene.proxy.requests}
        print(f"{client:14}{name:34}{time.monotonic() - start:6.1f} s  {mark}")
        sys.stdout.flush()
    unused = work.find_unused(requests)
    if unused and not results.left_out:
        print(f"{client}: no case uses {sorted(unused)}")
        results.failed.append("operations")
    return results
