from .base import Schema
from .customer_portrait import CustomerPortrait
from .error import ErrorResponse
from .lead import LeadRequest, LeadResponse
