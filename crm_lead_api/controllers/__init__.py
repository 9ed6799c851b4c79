from . import dispatcher  # registers the route type that the controllers name
from . import health, lead, metrics, openapi, reference
