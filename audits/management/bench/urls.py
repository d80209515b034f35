"""The product's addresses, the bare page and the negative controls."""

from django.urls import path

from audits.management.bench import controls
from ncpi.urls import handler400, handler403, handler404, handler500
from ncpi.urls import urlpatterns as product

__all__ = ["handler400", "handler403", "handler404", "handler500"]

urlpatterns = [
    path("bench/bare", controls.bare),
    path("bench/one-by-one/<slug:ref>", controls.one_by_one),
    path("bench/crispy", controls.crispy),
    *product,
]
