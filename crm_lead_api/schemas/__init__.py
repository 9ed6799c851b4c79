from .base import Answer, Schema
from .bulk import LeadLabel, LeadsRequest, LeadsResponse
from .customer import Customer, CustomersQuery, CustomersResponse
from .customer_portrait import CustomerPortrait
from .error import ErrorResponse, TokenErrorResponse
from .event import Event
from .lead import (
    DryRunResponse,
    LeadRequest,
    LeadResponse,
    StoredLead,
    StoredLeadResponse,
    StoredLeadsResponse,
    TicketLeadsResponse,
)
from .lead_change import (
    ChangedLead,
    ChangedLeadResponse,
    LeadChange,
    NoteRequest,
    NoteResponse,
    Proposed,
    UpsertedLead,
    UpsertedLeadResponse,
)
from .me import HealthResponse, MeResponse, Rights
from .query import (
    DocumentQuery,
    LeadOptions,
    LeadsQuery,
    Query,
    ReferenceQuery,
    TicketOptions,
    TicketQuery,
)
from .reference import ReferenceListsResponse, ReferenceResponse
