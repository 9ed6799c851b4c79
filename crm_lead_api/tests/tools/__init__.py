from . import test_phone_number, test_savepoint, test_schemas
