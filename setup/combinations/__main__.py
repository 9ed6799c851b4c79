# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run by setup/model."""

import argparse
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from odoo_database import PREFIX, Database

from combinations.machine import explore, read_finds, replay
from combinations.scene import open_scene
from combinations.world import Wrong


def parse_arguments() -> argparse.Namespace:
    """Parse the arguments that setup/model describes."""
    parser = argparse.ArgumentParser(prog="setup/model")
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--seed", type=int, default=date.today().toordinal())
    parser.add_argument("--but", default="")
    parser.add_argument("--replay", type=Path)
    return parser.parse_args()


def main() -> int:
    options = parse_arguments()
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
                is_wrong = not _try(
                    *(title, explore, scene, options.steps, options.seed, options.but)
                )
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
