from . import dispatcher  # registers the type that routes name
from . import ir_http, patches, received_request
