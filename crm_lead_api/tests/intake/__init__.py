from . import (
    test_companies,
    test_customer,
    test_customer_lang,
    test_lead,
    test_matching,
    test_notices,
    test_phones,
    test_score,
)
