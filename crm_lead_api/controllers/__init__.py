from . import dispatcher  # registers the route type that the controllers name
from . import export, lead, openapi, reference, request_handler
