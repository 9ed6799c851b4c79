from . import (
    test_anything,
    test_backfill,
    test_fetching,
    test_mapping,
    test_messages,
    test_page,
    test_questions,
    test_resend,
    test_tour,
    test_values,
    test_watch,
    test_words,
)
