from . import (
    test_booking,
    test_calendar_file,
    test_changes,
    test_events,
    test_quote,
    test_reading,
    test_refusals,
    test_reminders,
    test_repetitions,
    test_routes,
    test_slots,
    test_staff,
)
