from . import (
    test_leads,
    test_missed,
    test_phone_calls,
    test_recordings,
    test_staff,
    test_tour,
)
