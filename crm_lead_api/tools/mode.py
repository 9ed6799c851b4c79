# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tell tests from live data: the mode of an environment is in Odoo's context.

The requests of a test token run in the test mode: the records that they make are
marked, and only marked records are found. Everybody else finds only unmarked records.
"""

MODE = "lead_api_mode"  # key of Odoo's context
TEST = "test"  # only test records
ALL = "all"  # live and test records
# Requests of test tokens plan no activities, by whatever addon.
TEST_CONTEXT = {MODE: TEST, "mail_activity_automation_skip": True}
# Quiet requests, for imports: no creation notes, assignment notices and planned calls.
QUIET_CONTEXT = {
    "mail_create_nolog": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_activity_automation_skip": True,
}


def is_in_test_mode(env) -> bool:
    """Tell whether the environment serves a request with a test token."""
    return env.context.get(MODE) == TEST
