from . import lead, openapi, reading
