from .answer import Answer
from .base import Schema
from .bulk import LeadLabel, LeadsRequest, LeadsResponse
from .customer import Customer, CustomersResponse
from .customers_query import CustomersQuery
from .customer_portrait import CustomerPortrait
from .dry_run import DryRunResponse
from .error import ErrorResponse, TokenErrorResponse
from .event import Event
from .health import HealthResponse
from .lead import LeadRequest, LeadResponse
from .lead_change import (
    ChangedLead,
    ChangedLeadResponse,
    LeadChange,
    Proposed,
    UpsertedLead,
    UpsertedLeadResponse,
)
from .me import MeResponse, Rights
from .note import NoteRequest, NoteResponse
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
from .stored_lead import (
    StoredLead,
    StoredLeadResponse,
    StoredLeadsResponse,
    TicketLeadsResponse,
)
