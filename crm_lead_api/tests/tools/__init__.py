from . import (
    test_day,
    test_imports,
    test_phone_number,
    test_received_file,
    test_transaction,
    test_schemas,
    test_social_address,
)
