from . import (
    test_change_dates,
    test_customers,
    test_look_ups,
    test_me,
    test_reading,
    test_reference,
    test_reference_search,
    test_state,
    test_text_tickets,
    test_tickets,
)
