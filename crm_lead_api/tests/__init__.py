from . import (
    test_access,
    test_attributes,
    test_browser,
    test_customer,
    test_http_errors,
    test_lead,
    test_schemas,
    test_success,
    test_tokens,
    test_views,
)
