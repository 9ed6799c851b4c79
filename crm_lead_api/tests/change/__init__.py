from . import (
    test_change,
    test_change_conflicts,
    test_change_custom,
    test_change_merged,
    test_change_proposals,
    test_change_records,
    test_change_resend,
    test_change_services,
    test_change_tour,
    test_merged_accounts,
    test_notes,
    test_upsert,
)
