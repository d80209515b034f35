from django.apps import AppConfig


class NcpiConfig(AppConfig):
    name = "ncpi"
    verbose_name = "NCPI readiness"
