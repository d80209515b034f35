"""Every address of the product. Rooms above `ncpi` are named by string."""

from django.urls import include, path

from ncpi.accounts import views as accounts

urlpatterns = [
    path("", accounts.home, name="home"),
    path("sign-in", accounts.sign_in, name="sign-in"),
    path("sign-out", accounts.sign_out, name="sign-out"),
    path("help", accounts.help_page, name="help"),
    path("accessibility", accounts.accessibility, name="accessibility"),
    path("data-protection", accounts.data_protection, name="data-protection"),
    # Auditors first, then who writes judgements: each answer and each pause in typing is a request, and an address is
    # looked for in this order.
    path("", include("audits.urls")),
    path("", include("ncpi.selfassessment.urls")),
    path("", include("ncpi.accounts.urls")),
    path("", include("ncpi.inspections.urls")),
    path("", include("ncpi.actions.urls")),
    path("", include("ncpi.fieldwork.urls")),
    path("", include("ncpi.board.urls")),
    path("", include("cases.urls")),
]

handler400 = "ncpi.accounts.views.bad_request"
handler403 = "ncpi.accounts.views.forbidden"
handler404 = "ncpi.accounts.views.not_found"
handler500 = "ncpi.accounts.views.server_error"
