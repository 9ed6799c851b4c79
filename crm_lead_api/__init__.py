from . import models, http, controllers, report, wizard

http.patches.apply()
