from . import (
    test_addresses,
    test_browser,
    test_documentation,
    test_forms,
    test_guides,
    test_hostile_payloads,
    test_http_errors,
    test_languages,
    test_openapi,
    test_patches,
    test_raw_requests,
    test_urls,
)
