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
# The tests that are marked as slow, by folder: files, names, and names with parameters
SLOW = {
    # What is random; what a lead is beside Odoo's own; how the addons come, move and
    # go; machines; much at once; pages as people use them
    "setup/tests/test_": """
        accessibility.py
        booking_concurrency.py::test_a_doctor_is_in_one_branch_at_a_time
        booking_concurrency.py::test_staff_move_a_booking_onto_the_time_of_a_request
        booking_concurrency.py::test_three_seats_take_three_bookings
        change_concurrency.py::test_a_note_follows_its_lead_into_a_merge
        change_concurrency.py::test_many_puts_of_a_ticket_make_one_lead
        change_concurrency.py::test_no_change_is_lost commands.py::test_installation
        concurrency.py::test_crossed_companies
        concurrency.py::test_new_customers_and_single_requests
        connection_logs.py::test_examples[workers]
        connection_logs.py::test_new_examples_are_new[workers]
        connection_logs.py::test_no_key_in_logs[workers] demo.py
        deployment.py::test_one_server_killed
        deployment.py::test_websocket_through_nginx erasure.py
        events.py::test_a_slow_receiver_delays_nobody_else
        events.py::test_an_outcome_that_meets_a_merge
        events.py::test_each_event_arrives_once
        events.py::test_server_killed_before_it_sends
        events.py::test_server_killed_while_it_sends
        events.py::test_what_another_worker_is_sending first_call.py
        first_call_concurrency.py first_call_neighbours.py
        first_call_simulation.py first_lead.py fuzz.py generators.py image.py
        integration.py::test_everything_that_the_addons_allow
        integration.py::test_everything_that_the_document_allows
        lifecycle.py look_ups.py messages.py::test_killed_before_the_commit
        migration.py::test_update_again_changes_nothing model.py neighbour.py
        neighbour_database.py neutralize.py
        odoo.py::test_crm_and_quotations_work_as_before
        phone_calls.py::test_a_large_recording_takes_little_memory
        phone_calls.py::test_calls_and_lead_of_a_ticket_at_once
        phone_calls.py::test_many_puts_make_one_call postgresql.py
        recording_fuzz.py replica.py
        rights.py::test_each_model_and_each_state_is_in_the_matrix
        rights.py::test_nobody_sees_what_is_not_theirs rollout.py
        server.py::test_calls_per_minute_are_counted_on_all_servers[threaded]
        softphone.py statements.py torture.py::test_damage_is_found
        torture.py::test_damage_of_reminders_is_found
        torture.py::test_nothing_is_found_where_nothing_is_wrong
        torture.py::test_short_torture[others]
        torture.py::test_two_answers_to_one_request_are_found twins.py wheels.py
    """,
    # All values, much of something, and pages besides those that show the most
    "crm_lead_api/tests/": """
        access/test_attributes.py::test_not_sent
        access/test_attributes.py::test_portrait_not_sent
        access/test_attributes.py::test_wrong_value
        access/test_attributes.py::test_wrong_value_in_portrait
        access/test_client_pages.py access/test_code_waiting.py::test_in_the_browser
        access/test_custom_values.py::test_not_sent
        access/test_custom_values.py::test_sent_is_stored_and_answered
        access/test_page_widths.py
        http/test_browser.py::test_a_text_of_the_callers_is_only_a_text
        http/test_browser.py::test_logging_in_first
        http/test_browser.py::test_looking_at_the_lead_leaves_the_contact_as_it_is
        http/test_documentation.py::test_no_table_of_headers_is_repeated
        http/test_documentation.py::test_nothing_is_beside_the_window
        http/test_documentation.py::test_samples_that_lack_a_record
        http/test_documentation.py::test_try_it_without_a_dry_run
        http/test_forms.py::test_same_as_json_whatever_it_says
        http/test_hostile_payloads.py::test_each_type_in_place_of_each_attribute
        http/test_hostile_payloads.py::test_numbers_beyond_all_bounds
        lead/test_form.py::test_lists_cost_the_same_however_long
        lead/test_tour.py::test_a_colleagues_lead_tells_whom_to_ask
        lead/test_tour.py::test_a_sales_manager_settles_who_is_the_same_person
        lead/test_tour.py::test_a_salesperson_decides_on_proposals
        lead/test_tour.py::test_an_administrator_does_all_of_it_in_the_interface
        lead/test_tour.py::test_districts_are_loaded_by_one_button
        lead/test_tour.py::test_intake_dashboard
        lead/test_tour.py::test_the_first_page_has_all_of_the_customer
        lead/test_tour.py::test_the_next_step_comes_first
        reading/test_reference.py::test_ten_thousand_services
        reading/test_text_tickets.py::test_ticket_finds_its_own_lead_alone
        request/test_corrections.py::test_in_the_browser test_mode/test_test_figures.py
    """,
    "crm_lead_api_booking/tests/test_": """
        reminders.py::test_a_week slots.py::test_as_by_brute_force
        tour.py::test_calendar_of_a_doctor
        tour.py::test_cards tour.py::test_columns tour.py::test_day_of_a_branch
        tour.py::test_print_a_day tour.py::test_reception week.py
    """,
    "crm_lead_api_connection/tests/test_": """
        anything.py backfill.py::test_the_leads_of_a_form
        outage.py::test_a_graph_that_is_away_for_an_hour page_widths.py
        proofs.py::test_any_bit
    """,
    "crm_lead_api_first_call/tests/test_": """
        choice.py::test_like_slow_rules
        tour.py::test_a_team_leader_switches_it_on tour.py::test_a_waiting_lead
        tour.py::test_on_duty wallboard.py::test_dark_and_light
        wallboard.py::test_lost_connection
    """,
}


@pytest.hookimpl(tryfirst=True)  # before pytest leaves out what is marked
def pytest_collection_modifyitems(items):
    """Mark slow tests."""
    slow = {folder + name for folder, names in SLOW.items() for name in names.split()}
    for item in items:
        file, name = item.nodeid.partition("::")[0], item.name
        if slow & {file, f"{file}::{name}", f"{file}::{name.partition('[')[0]}"}:
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
