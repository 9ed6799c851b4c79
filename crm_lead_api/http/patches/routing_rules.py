# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Leave the addon's routes out of databases that do not have the addon.

Odoo adds the routes of ``server_wide_modules`` to every database. In a database without
the addon, a request to the lead API would be refused (403), because its tokens are
unknown there, and another addon could not have routes of these names.
"""

import threading

from odoo import http
from odoo.modules.registry import Registry
from odoo.tools import config

from .patch import Patch

ADDON = "crm_lead_api"


def build(original):
    def _generate_routing_rules(modules, nodb_only, converters=None):
        if not nodb_only and _is_only_server_wide():
            modules = [module for module in modules if module != ADDON]
        return original(modules, nodb_only, converters=converters)

    return _generate_routing_rules


def _is_only_server_wide():
    """Tell whether the server has the addon, but the thread's database does not."""
    if ADDON not in config["server_wide_modules"]:
        return False
    # Odoo finds the database in the same way when it builds the routes.
    registry = Registry(threading.current_thread().dbname)
    return ADDON not in registry._init_modules


PATCH = Patch(http, "_generate_routing_rules", build)
