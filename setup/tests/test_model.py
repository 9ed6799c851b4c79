# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Clients and staff do anything in any order: the steps that found a fault before, and
with ``CRM_LEAD_API_STEPS=200`` so many new ones, by the seed of the day.

``setup/model --steps 20000`` does more of them.
"""

import os
from datetime import date

import pytest
from combinations.machine import explore, read_finds, replay
from combinations.scene import open_scene

STEPS = int(os.environ.get("CRM_LEAD_API_STEPS", "0"))
FINDS = read_finds()


@pytest.fixture(scope="module")
def scene(addons, tmp_path_factory):
    log = tmp_path_factory.mktemp("server") / "odoo.log"
    with open_scene(addons.copy("model"), log) as scene:
        yield scene


@pytest.mark.parametrize("title", FINDS)
def test_earlier_find(scene, title):
    replay(scene, FINDS[title])


@pytest.mark.skipif(not STEPS, reason="see above")
def test_steps_of_the_day(scene):
    explore(scene, STEPS, date.today().toordinal())
