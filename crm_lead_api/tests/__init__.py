# Odoo looks for the modules "test_…" here.
from .access import *
from .change import *
from .event import *
from .follow_up import *
from .http import *
from .intake import *
from .lead import *
from .reading import *
from .request import *
from .testing import *
from .tools import *
