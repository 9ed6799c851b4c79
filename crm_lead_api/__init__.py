from . import controllers, models, report, wizard
from .http import patches

patches.apply()
