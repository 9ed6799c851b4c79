from . import (
    test_call_results,
    test_calls,
    test_follow_up,
    test_follow_up_failures,
    test_score,
    test_waker,
)
