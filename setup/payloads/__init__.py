# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Generate payloads by hypothesis: right, nearly right, hostile.

Written from the documentation alone, so that it does not repeat a mistake of the code.
"""

import os

from hypothesis import HealthCheck, settings

EXAMPLES = int(os.environ.get("CRM_LEAD_API_FUZZ_EXAMPLES", 0))


def fuzz(examples: int, share: float = 1):
    """Run a test with as many examples, the same ones each time.

    With ``CRM_LEAD_API_FUZZ_EXAMPLES`` in the environment there are so many random ones
    instead, and hypothesis prints how to send again what failed.

    :param share: that the test gets of them
    """
    return settings(
        max_examples=round((EXAMPLES or examples) * share),
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
