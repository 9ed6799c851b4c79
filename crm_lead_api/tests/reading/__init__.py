from . import test_me, test_reading, test_reference, test_state
