from . import (
    test_event_buttons,
    test_event_claims,
    test_event_failures,
    test_event_log,
    test_event_merge,
    test_event_sending,
    test_event_text_tickets,
    test_events,
    test_webhook,
    test_webhook_addresses,
    test_webhook_connection,
    test_webhook_settings,
)
