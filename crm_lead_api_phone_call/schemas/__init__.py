from .phone_call import PhoneCallRequest
from .phone_calls_query import PhoneCallsQuery
from .stored_phone_call import (
    PutPhoneCallResponse,
    RecordingResponse,
    StoredPhoneCall,
    StoredPhoneCallResponse,
    StoredPhoneCallsResponse,
)
