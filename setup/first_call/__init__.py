# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Simulate days of a team that gives its leads out: test_first_call_simulation."""
