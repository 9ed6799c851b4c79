from . import models
from . import wizard
from . import controllers
from .hooks import uninstall_hook
from .tools.access_log import install_filter

install_filter()
