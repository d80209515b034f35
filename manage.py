#!/usr/bin/env python
"""Django's command line for NCPI readiness."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ncpi.settings")
    from django.core.management import execute_from_command_line  # app ready

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
