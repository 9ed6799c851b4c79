from .phone_call import (
    CallingCustomer,
    PhoneCallRequest,
    PhoneCallsQuery,
    PutPhoneCallResponse,
    RecordingResponse,
    StoredPhoneCall,
    StoredPhoneCallResponse,
    StoredPhoneCallsResponse,
)
