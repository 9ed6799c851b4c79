from . import (
    test_districts,
    test_export,
    test_form,
    test_match,
    test_merge,
    test_portraits,
    test_proposals,
    test_reporting,
    test_staff_work,
    test_ticket_links,
    test_tour,
    test_views,
)
