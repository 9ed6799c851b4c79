from . import (
    test_access,
    test_attributes,
    test_client_buttons,
    test_client_calls,
    test_clients,
    test_codes,
    test_custom_attributes,
    test_custom_values,
    test_limits,
    test_token_lifecycle,
    test_tokens,
    test_watch,
)
