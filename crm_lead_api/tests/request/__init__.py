from . import (
    test_bulk,
    test_bulk_atomic,
    test_bulk_idempotency,
    test_bulk_matching,
    test_bulk_request,
    test_corrections,
    test_dry_run,
    test_idempotency,
    test_observability,
    test_request_log,
    test_resend,
    test_success,
)
