from . import dispatcher  # registers the route type that the controllers name
from . import lead, request_handler
