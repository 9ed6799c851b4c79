from . import (
    test_anything,
    test_mapping,
    test_fetching,
    test_messages,
    test_questions,
    test_resend,
    test_values,
    test_words,
    test_page,
    test_tour,
    test_watch,
)
