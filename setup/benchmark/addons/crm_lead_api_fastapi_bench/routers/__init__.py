from .lead import router
