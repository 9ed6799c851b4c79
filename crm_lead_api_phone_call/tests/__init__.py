from . import test_phone_calls
