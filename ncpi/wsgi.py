"""The door for gunicorn."""

import gc
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ncpi.settings")

application = get_wsgi_application()

# Every page is loaded before the processes part, so that nobody's first click waits for it.
import_module("ncpi.urls")

# What is loaded now stays: a search for garbage need not pass over it, nor unshare its memory in the processes. And a
# page's objects mostly free themselves, so a search in many pages finds what one in each would: a tenth of the time.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 100)
