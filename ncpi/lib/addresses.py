"""Addresses of pages, each looked up once: looking one up costs as much as rendering the link."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=2048)
def address_of(name: str, *parts: str | int) -> str:
    return reverse(name, args=parts)
