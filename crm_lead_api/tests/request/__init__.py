from . import (
    test_bulk,
    test_dry_run,
    test_idempotency,
    test_observability,
    test_request_log,
    test_resend,
    test_success,
)
