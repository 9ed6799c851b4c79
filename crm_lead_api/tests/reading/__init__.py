from . import test_reading, test_reference, test_state
