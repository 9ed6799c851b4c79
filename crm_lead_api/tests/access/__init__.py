from . import (
    test_access,
    test_attributes,
    test_clients,
    test_codes,
    test_custom_attributes,
    test_custom_values,
    test_limits,
    test_tokens,
    test_watch,
)
