from . import dispatcher  # registers the route type that the controllers name
from . import export, lead, reference, request_handler
