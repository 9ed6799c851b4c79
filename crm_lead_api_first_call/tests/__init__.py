# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import test_choice
from . import test_clock_back
from . import test_duty
from . import test_events
from . import test_giving
from . import test_languages
from . import test_next_call
from . import test_notices
from . import test_odoo_ways
from . import test_report
from . import test_statements
from . import test_touched
from . import test_tour
from . import test_tries
from . import test_waiting
from . import test_wallboard
