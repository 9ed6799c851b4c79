# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import os
import shutil
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import settings

from odoo.tools import config

# Of the fast tests, by setup/tests/all: a quarter of what each test takes otherwise
settings.register_profile("quick", max_examples=25)
# The tests that are marked as slow: beginnings of files and names, by folder
SLOW = {
    # What is random; what a lead is beside Odoo's own; how the addons come, move and
    # go; machines; much at once; pages as people use them
    "setup/tests/test_": """
        accessibility.py booking_concurrency.py::test_a_doctor
        booking_concurrency.py::test_staff bulk_concurrency.py
        change_concurrency.py::test_a_note_follows_its_lead_into_a_merge[after-id
        change_concurrency.py::test_a_note_follows_its_lead_into_a_merge[before-t
        change_concurrency.py::test_many_puts_of_a_ticket_make_one_lead[d
        change_concurrency.py::test_no_change commands.py::test_installation
        connection_logs.py::test_examples[w
        connection_logs.py::test_new_examples_are_new[w
        connection_logs.py::test_no_key_in_logs[w demo.py erasure.py
        events.py::test_an_outcome events.py::test_server_killed_before
        events.py::test_what_another first_call.py first_call_concurrency.py::test_many
        first_call_concurrency.py::test_staff first_call_neighbours.py
        first_call_report.py first_call_simulation.py first_lead.py fuzz.py
        generators.py image.py integration.py::test_everything
        integration.py::test_generated lifecycle.py look_ups.py
        migration.py::test_update_again model.py neighbour neutralize.py odoo.py
        pgbouncer.py phone_calls.py::test_many_puts postgresql_absence.py
        recording_fuzz.py replica.py rights.py::test_each rights.py::test_n rollout.py
        softphone.py statements.py torture.py::test_damage torture.py::test_nothing
        torture.py::test_short_torture[other torture.py::test_two twins.py wheels.py
    """,
    # All values, much of something, and pages besides those that show the most
    "crm_lead_api/tests/": """
        access/test_attributes.py::test_not access/test_attributes.py::test_portrait_not
        access/test_client_pages.py access/test_code_waiting.py::test_in_
        access/test_page_widths.py::test_a_ access/test_page_widths.py::test_calls
        access/test_page_widths.py::test_l access/test_page_widths.py::test_t
        http/test_browser.py::test_logging http/test_browser.py::test_look
        http/test_forms.py::test_same_as_json_w
        http/test_hostile_payloads.py::test_each_t
        http/test_hostile_payloads.py::test_numbers lead/test_form.py::test_lists
        lead/test_tour.py::test_a_col lead/test_tour.py::test_a_sales_
        lead/test_tour.py::test_d lead/test_tour.py::test_i lead/test_tour.py::test_the_
        reading/test_reference.py::test_ten reading/test_text_tickets.py::test_ticket_f
        request/test_corrections.py::test_in_the test_mode/test_test_figures.py
    """,
    "crm_lead_api_booking/tests/test_": """
        slots.py::test_as_by_brute_force week.py tour.py::test_reception
        tour.py::test_ca tour.py::test_day_of_a_branch tour.py::test_columns
        tour.py::test_print_a_day
    """,
    "crm_lead_api_connection/tests/test_": """
        anything.py outage.py::test_a_graph page_widths.py proofs.py::test_any_bit
    """,
    "crm_lead_api_first_call/tests/test_": """
        choice.py::test_like_slow_rules tour.py::test_a_ tour.py::test_on_duty
        wallboard.py::test_dark wallboard.py::test_lost
    """,
}


@pytest.hookimpl(tryfirst=True)  # before pytest leaves out what is marked
def pytest_collection_modifyitems(items):
    """Mark slow tests."""
    for item in items:
        for folder, names in SLOW.items():
            path = f"{item.nodeid.partition('::')[0]}::{item.name}"
            if path.startswith(tuple(folder + name for name in names.split())):
                item.add_marker("slow")


@pytest.fixture(scope="session", autouse=True)
def own_filestore(load_registry, tmp_path_factory):
    """Give each worker of pytest-xdist a filestore of its own.

    At the end of each class Odoo deletes the files that no record in the worker's
    database names. pytest-odoo lets all workers share the files.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    shared = Path(config.filestore(config["db_name"]))
    own = tmp_path_factory.mktemp("filestore")
    if shared.exists():
        shutil.copytree(shared, own, dirs_exist_ok=True)
    with mock.patch.object(config, "filestore", return_value=str(own)):
        yield
