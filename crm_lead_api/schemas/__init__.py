from .answer import Answer
from .base import Schema
from .bulk import LeadLabel, LeadsRequest, LeadsResponse
from .customer_portrait import CustomerPortrait
from .error import ErrorResponse, TokenErrorResponse
from .event import Event
from .health import HealthResponse
from .lead import LeadRequest, LeadResponse
from .me import MeResponse
from .query import LeadOptions, LeadsQuery, Query, ReferenceQuery, TicketQuery
from .reference import ReferenceListsResponse, ReferenceResponse
from .stored_lead import (
    DryRunResponse,
    StoredLead,
    StoredLeadResponse,
    StoredLeadsResponse,
)
