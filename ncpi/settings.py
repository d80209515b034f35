"""The one settings file. NCPI_MODE is `local` (laptop), `test` or `production`; production fails loudly."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from ncpi.lib.personal_file import read_patterns

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

MODE = env("NCPI_MODE", default="production")
if MODE not in {"local", "test", "production"}:
    raise ImproperlyConfigured("NCPI_MODE must be local, test or production.")
PRODUCTION = MODE == "production"

SECRET_KEY = env("SECRET_KEY")
if PRODUCTION and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY must be at least 50 characters long in production.")
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# A YAML file of patterns that no free text may hold, and of words that are harmless; read at the start.
PERSONAL_PATTERNS = read_patterns(env("PERSONAL_PATTERNS", default=""))
BASE_URL = env("BASE_URL", default="http://localhost:8000")

# Demonstration accounts may only be made in a database that `make run` made for itself.
DEMONSTRATION_ALLOWED = MODE == "test" or (MODE == "local" and env.bool("NCPI_OWN_DATABASE", default=False))

INSTALLED_APPS = [
    "ncpi",
    "cases",
    "audits",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "django.contrib.humanize",
    "crispy_forms",
    "crispy_forms_gds",
    "django_htmx",
    "csp",
    "pgtrigger",
    "pghistory",
    "axes",
]

MIDDLEWARE = [
    "ncpi.lib.middleware.ServiceUnavailable",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "ncpi.lib.middleware.ReadableInput",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ncpi.accounts.middleware.SessionLimits",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "ncpi.lib.middleware.PrivatePages",
    "axes.middleware.AxesMiddleware",
    "ncpi.accounts.middleware.PostedOnce",
]

# Who did it belongs to history; reading a page changes nothing that has one.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

ROOT_URLCONF = "ncpi.urls"
WSGI_APPLICATION = "ncpi.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ncpi.accounts.context.navigation",
            ],
            "builtins": ["ncpi.templatetags.house"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["gds"]
CRISPY_TEMPLATE_PACK = "gds"
# The pack knows only text, e-mail and password fields; without these the others are the browser's own, tiny.
CRISPY_CLASS_CONVERTERS = {
    "numberinput": "govuk-input govuk-input--width-5",
    "urlinput": "govuk-input",
    "dateinput": "govuk-input govuk-input--width-10",
    "timeinput": "govuk-input govuk-input--width-5",
    "selectmultiple": "govuk-select",
}

# PostgreSQL only. The limits keep one slow or forgotten transaction from holding up everybody.
DATABASES = {"default": env.db_url("DATABASE_URL", engine="django.db.backends.postgresql")}
DATABASES["default"].update(
    CONN_MAX_AGE=60,
    CONN_HEALTH_CHECKS=True,
    OPTIONS={
        **DATABASES["default"].get("OPTIONS", {}),
        "options": "-c statement_timeout=15000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=30000",
        "connect_timeout": 5,
    },
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": env.int("NCPI_VISIBILITY_TIMEOUT", default=3600),
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "global_keyprefix": env("NCPI_QUEUE_PREFIX", default=""),
}
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Europe/London"

AUTH_USER_MODEL = "ncpi.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "ncpi.accounts.backends.MembersBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"

# Failed sign-ins are counted in PostgreSQL, by account and address together: one force shares one address,
# and a stranger elsewhere must not lock a colleague out.
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"  # what the sign-in form passes to authenticate()
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_VERBOSE = False
AXES_IPWARE_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
AXES_DISABLE_ACCESS_LOG = True

SESSION_ENGINE = "ncpi.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_SECONDS = 30 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "ncpi.accounts.views.csrf_failed"
if PRODUCTION:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if env.bool("BEHIND_PROXY", default=False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media")))

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [path for path in (BASE_DIR / "static", BASE_DIR / "var" / "assets") if path.exists()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Each of a test's clients would look through every static file to begin with, which takes longer than most pages.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = MODE == "test"

EMAIL_BACKEND = env("EMAIL_BACKEND", default="django.core.mail.backends.smtp.EmailBackend")
if MODE != "production":
    EMAIL_BACKEND = env("EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = env("EMAIL_FILE_PATH", default=str(BASE_DIR / "var" / "mail"))
EMAIL_HOST = env("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=PRODUCTION)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="NCPI readiness <ncpi-readiness@localhost>")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"ncpi": {"level": "INFO"}, "axes": {"level": "ERROR"}, "celery": {"level": "INFO"}},
}

# What the rooms contribute to pages that they do not know: named here so that no room imports one above it.
WORK_LISTS = [
    "audits.work.my_work",
    "cases.work.my_work",
    "ncpi.selfassessment.work.my_work",
    "ncpi.fieldwork.work.my_work",
    "ncpi.actions.work.my_work",
    "ncpi.board.work.my_work",
    "ncpi.inspections.work.my_work",
]
# What a reminder by e-mail may speak of: nothing of a case leaves the service in a mail.
REMINDER_SOURCES = [
    "ncpi.selfassessment.work.my_work",
    "ncpi.fieldwork.work.my_work",
    "ncpi.actions.work.my_work",
    "ncpi.board.work.my_work",
    "ncpi.inspections.work.my_work",
]
# What colleagues did since one was last here: the kinds of journal line that each room's people hear of.
NEWS = [
    "audits.news.KINDS",
    "ncpi.selfassessment.news.KINDS",
    "ncpi.fieldwork.news.KINDS",
    "ncpi.actions.news.KINDS",
    "ncpi.board.news.KINDS",
]
# The published case figures beside the force's own claims: `figures(inspection)` by area.
CLAIM_FIGURES = "ncpi.board.claims.case_figures"
HOME_INSPECTIONS = "ncpi.inspections.work.home_inspections"
INSPECTION_TILES = [
    "ncpi.selfassessment.work.tile",
    "audits.work.tile",
    "ncpi.fieldwork.work.tile",
    "ncpi.actions.work.tile",
    "ncpi.board.work.tile",
]
# Called as `name(by=, case=, at=)` in the transaction that takes a case out of the sample.
ON_CASE_REPLACED: list[str] = ["audits.allocation_operations.end_audits_of_replaced"]
# Called as `name(by=, inspection=, at=)` in the transaction that erases the cases of an inspection.
ON_CASES_ERASED: list[str] = ["audits.erasing_operations.erase_audits"]
MAIN_NAVIGATION = [
    ("Home", "home", None),
    ("Inspections", "inspections:list", "inspection.view"),
    ("Programmes", "inspections:programmes", "inspection.view"),
    ("People and roles", "accounts:people", "people.manage"),
    ("Journal", "accounts:journal", "journal.view"),
    ("Operations", "accounts:operations", "operations.view"),
]
INSPECTION_NAVIGATION = [
    ("Overview", "inspections:inspection", "inspection.view"),
    ("Self-assessment", "selfassessment:overview", "judgement.view"),
    ("Fieldwork", "fieldwork:overview", "fieldwork.view"),
    ("Actions", "actions:list", "action.view"),
    ("Readiness", "board:readiness", "summary.view"),
    ("Board", "board:dashboard", "board.view"),
]
# What is about cases stands together, in the order in which it is done.
CASES_NAVIGATION = [
    ("Sample", "cases:sample", "sample.view"),
    ("Allocation", "audits:allocation", "sample.manage"),
    ("Questions", "audits:questions", "sample.manage"),
    ("My cases", "audits:my-cases", "audit.do"),
    ("Moderation", "audits:moderation", "audit.moderate"),
    ("Guidance", "audits:guidance", "audit.guidance"),
    ("Calibration", "audits:calibration", "audit.guidance"),
    ("Agreement", "audits:agreement", "audit.figures"),
    ("Inspector gradings", "audits:inspector-gradings", "audit.inspector"),
    ("Concerns", "audits:concerns", "concern.view"),
    ("Findings", "audits:findings", "sample.manage"),
    ("Feedback", "audits:feedback-list", "sample.manage"),
    ("Retention", "cases:retention", "retention.manage"),
]
