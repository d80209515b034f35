"""The door for gunicorn."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ncpi.settings")

application = get_wsgi_application()

# Every page is loaded before the processes part, so that nobody's first click waits for it.
import_module("ncpi.urls")
