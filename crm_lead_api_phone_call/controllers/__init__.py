from . import phone_call, recording
