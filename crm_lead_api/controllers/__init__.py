from . import dispatcher  # registers the route type that the controllers name
from . import export, health, lead, metrics, openapi, reference
