from . import (
    test_event_sending,
    test_events,
    test_webhook,
)
