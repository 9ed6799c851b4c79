from . import (
    test_languages,
    test_leads,
    test_missed,
    test_of_tests,
    test_phone_calls,
    test_recordings,
    test_staff,
    test_tour,
)
