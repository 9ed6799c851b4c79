from . import (
    test_companies,
    test_customer,
    test_lead,
    test_matching,
    test_phones,
)
