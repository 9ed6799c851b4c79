from . import (
    test_test_clean_up,
    test_test_events,
    test_test_figures,
    test_test_requests,
    test_test_staff,
)
