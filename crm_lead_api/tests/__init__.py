# Odoo looks for the modules "test_…" here.
from .access import *
from .change import *
from .event import *
from .http import *
from .intake import *
from .lead import *
from .reading import *
from .request import *
from .test_mode import *
from .tools import *
