# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Let hypothesis choose steps, and shrink those that find something: setup/model."""

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import combinations.staff  # noqa: F401  # the steps of staff, and those of clients
from combinations.invariants import KINDS, check, check_all
from combinations.scene import Scene, open_scene
from combinations.steps import STEPS, Step, is_complete, to_step, to_text
from combinations.world import ATTRIBUTES, Done, World, Wrong
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)
from odoo_database import PREFIX, Database

FINDS = Path(__file__).with_name("finds.txt")
LENGTH = 25  # steps of a run


def read_finds(path: Path = FINDS) -> dict[str, list[str]]:
    """Return the steps of each run in a file, by title: the comment before them."""
    runs: dict[str, list[str]] = {}
    for paragraph in path.read_text().split("\n\n"):
        lines = paragraph.strip().splitlines()
        steps = [line for line in lines if not line.startswith("#")]
        if steps:
            runs[lines[0].strip("# ")] = steps
    return runs


class Run:
    """A run of steps, until something wrong is found.

    :ivar error: what was found
    """

    def __init__(self, scene: Scene):
        self.world = World(scene)
        self.error: Wrong | None = None

    def do(self, text: str) -> None:
        """Do a step and look after it."""
        self._guard(lambda: self._do(text))

    def _do(self, text):
        world = self.world
        step, arguments = to_step(text)
        if not world.may(step):
            return
        if "lead" in arguments:
            arguments["lead"] = world.get_lead(arguments["lead"])
        world.said.append(text)
        world.scene.count += 1
        before = world.take_snapshot()
        check(world, step.function(world, **arguments) or Done(), before)

    def end(self, kinds=KINDS) -> None:
        """Check what is checked at the end."""
        self._guard(lambda: check_all(self.world, kinds))

    def _guard(self, work):
        if self.error:
            return
        try:
            work()
        except Wrong as error:
            self.error = error
            error.steps = self.world.said


def replay(scene: Scene, steps: Iterable[str], kinds=("texts",)) -> None:
    """Do steps that were written in words.

    :raise Wrong: something is not as it should be
    """
    run = Run(scene)
    for text in steps:
        run.do(text)
    run.end(kinds)
    if run.error:
        raise run.error


def explore(scene: Scene, steps: int, number: int) -> None:
    """Let hypothesis choose steps, and do them.

    :param number: the seed
    :raise Wrong: something is not as it should be; with few steps to it
    """
    runs: list[Run] = []

    class Machine(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.run = Run(scene)
            runs.append(self.run)

        def teardown(self):
            self.run.end()
            if self.run.error:
                raise self.run.error

    for step in STEPS.values():
        setattr(Machine, step.name, _make_rule(step))
    try:
        run_state_machine_as_test(
            seed(number)(Machine),
            settings=settings(
                max_examples=max(1, steps // LENGTH),
                stateful_step_count=LENGTH,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            ),
        )
    except (Wrong, Flaky):
        found = next(run.error for run in runs if run.error)
        raise shrink(scene, found) from None


def _make_rule(step: Step):
    """Make a step a rule of the machine."""
    strategies = {n: st.sampled_from(values) for n, values in step.choices.items()}
    versions = st.dictionaries(
        st.sampled_from(ATTRIBUTES), st.integers(0, 2), max_size=step.changes
    )

    def do(self, changes, **arguments):
        self.run.do(to_text(step.name, arguments | changes))

    do.__name__ = step.name
    return precondition(lambda self: self.run.world.may(step))(
        rule(changes=versions, **strategies)(do)
    )


def shrink(scene: Scene, found: Wrong) -> Wrong:
    """Leave out steps, and arguments of steps, as long as the same fault is found. This
    takes far fewer runs than hypothesis, which knows nothing of steps.

    :return: the same fault, with few steps to it
    """

    def attempt(steps):
        nonlocal found
        try:
            replay(scene, steps, KINDS)
        except Wrong as error:
            if _get_words(error) == _get_words(found):
                found = error
                return True
        return False

    size = len(found.steps)
    while size:
        position = len(found.steps)
        while position > 0:
            position = max(0, position - size)
            steps = found.steps
            attempt(steps[:position] + steps[position + size :])
        size //= 2
    for position in range(len(found.steps)):
        for word in found.steps[position].split()[1:]:
            steps = [*found.steps]
            steps[position] = steps[position].replace(f" {word}", "", 1)
            if is_complete(steps[position]):
                attempt(steps)
    return found


def _get_words(error):
    """Return the words of a fault, without the numbers of records and of runs."""
    return re.sub(r"\d+", "", error.args[0])


def main() -> int:
    parser = argparse.ArgumentParser(prog="setup/model")
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--seed", type=int, default=date.today().toordinal())
    parser.add_argument("--replay", type=Path)
    options = parser.parse_args()
    database = Database(PREFIX).copy("model")
    is_wrong = False
    with tempfile.TemporaryDirectory() as folder:
        with open_scene(database, Path(folder) / "odoo.log") as scene:
            start = time.monotonic()
            if options.replay:
                for title, steps in read_finds(options.replay).items():
                    is_wrong |= not _try(title, replay, scene, steps)
            else:
                title = f"{options.steps} steps, seed {options.seed}"
                is_wrong = not _try(title, explore, scene, options.steps, options.seed)
            seconds = time.monotonic() - start
            count = scene.count
            print(f"{count} steps in {seconds:.0f} s, {count / seconds:.1f} a second")
    return int(is_wrong)


def _try(title, work, *arguments):
    """Work, print what came of it, and return whether nothing was wrong."""
    try:
        work(*arguments)
    except Wrong as error:
        print(f"WRONG: {title}\n{error}\n", flush=True)
        return False
    print(f"right: {title}", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
