"""Django's settings. Values that an installation may change come from `env.py`; all others are fixed here."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sensorfusion.config import child_environment, database_url, env, hosts
from sensorfusion.config.public_url import path_of
from sensorfusion.config.secret import secret_key
from sensorfusion.domain.origins import origin_of

ENVIRONMENT = env.current()

BARE_ENVIRONMENT = child_environment.bare()  # of child processes that are trusted with nothing

DEBUG = ENVIRONMENT.debug
SECRET_KEY = ENVIRONMENT.secret_key or secret_key(ENVIRONMENT.data)
PUBLIC_URL = ENVIRONMENT.public_url.rstrip("/")
# The path of PUBLIC_URL, such as /sf: before every address that a browser or a device is given.
PUBLIC_PATH = path_of(PUBLIC_URL)
FORCE_SCRIPT_NAME = PUBLIC_PATH or None
SIGNUP = ENVIRONMENT.signup != "closed"
SIGNUP_BY_INVITATION = ENVIRONMENT.signup == "invitation"
FRONT_PAGE = ENVIRONMENT.front_page
ALLOWED_HOSTS = [*ENVIRONMENT.allowed_hosts, *([hosts.of_url(PUBLIC_URL)] if PUBLIC_URL else [])]
CSRF_TRUSTED_ORIGINS = [origin_of(PUBLIC_URL)] if PUBLIC_URL else []

# The commands that serve by uvicorn do without Daphne: Twisted and what comes with it take 20 MB.
IS_SERVED_BY_DAPHNE = find_spec("daphne") is not None and not {"up", "worker", "mqtt"} & set(sys.argv[1:])

INSTALLED_APPS = [
    *(["daphne"] if IS_SERVED_BY_DAPHNE else []),  # first, as Channels wants it; the extra `dev`
    "channels",
    "sensorfusion.config.admin.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "sensorfusion.web",
    "sensorfusion.mail",
    "sensorfusion.accounts",
    "sensorfusion.sensors",
    "sensorfusion.readings",
    "sensorfusion.live",
    "sensorfusion.reports",
    "sensorfusion.documents",
    "sensorfusion.documents.mailing",
    "sensorfusion.explore",
    "sensorfusion.sharing",
    "sensorfusion.alerts",
    "sensorfusion.webhooks",
    "sensorfusion.ingest",
    "sensorfusion.send_on",
    "sensorfusion.administration",
    "sensorfusion.handover",
    "sensorfusion.demo",
    "sensorfusion.backup",
    "sensorfusion.server",
    "sensorfusion.command_line",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "sensorfusion.web.storage.StaticFiles",
    "sensorfusion.web.logs.request_id.RequestId",
    # Compression shrinks pages and chart columns to a fifth. Compressed responses do not leak secrets by their size
    # (BREACH): CSRF tokens are masked differently in every page, and the middleware adds a random length.
    "django.middleware.gzip.GZipMiddleware",
    # Outside every middleware that can return a page itself; static files and redirects to HTTPS do without.
    "sensorfusion.web.security.SecurityHeaders",
    "sensorfusion.web.checks.storable.StorableText",
    "sensorfusion.accounts.audit.origin.Origin",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "sensorfusion.web.values.reader.Reader",
    "sensorfusion.web.languages.Language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "sensorfusion.accounts.rate_limit.RateLimitHeaders",
    "sensorfusion.web.api.conditional.Conditional",
    "sensorfusion.accounts.idempotency.middleware.Idempotency",
]

ROOT_URLCONF = "sensorfusion.server.urls"
ASGI_APPLICATION = "sensorfusion.server.asgi.application"
APPEND_SLASH = False  # devices do not follow redirects, and each resource should have one URL

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            # Strip the white space that indents the templates. It is stripped once per template: the outer loader
            # caches.
            "loaders": [("django.template.loaders.cached.Loader", ["sensorfusion.web.whitespace.Loader"])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sensorfusion.web.context.frame",
                "sensorfusion.accounts.administration.frame.frame",
                "sensorfusion.reports.frame.switcher.switcher",
                "sensorfusion.alerts.frame.needing",
            ],
        },
    },
]
# Functions whose tables live pages bring to their scripts.
SCRIPT_TABLES = ["sensorfusion.reports.script_tables.tables"]


# libpq sends this with every connection, also outside Django; unlike `options`, connection poolers pass it on.
os.environ["PGTZ"] = "UTC"
DATABASES = {
    "default": database_url.django_settings(
        ENVIRONMENT.database_url or "postgresql:///sensorfusion",
        connections=ENVIRONMENT.database_connections,
        sends_mail=bool(ENVIRONMENT.email_url),
    )
}
EVENT_LOOP_CONNECTIONS = database_url.shares(ENVIRONMENT.database_connections, sends_mail=bool(ENVIRONMENT.email_url))[
    1
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if ENVIRONMENT.redis_url:
    CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [{"address": ENVIRONMENT.redis_url, "socket_timeout": None}], "prefix": "sensorfusion"},
        }
    }
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}

CSRF_FAILURE_VIEW = "sensorfusion.web.csrf.csrf_failure"
AUTH_USER_MODEL = "accounts.Operator"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "sign-in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Second factors, passkeys and the list of sessions. Our sign-in page takes the password, and our attempts are counted.
ACCOUNT_ADAPTER = "sensorfusion.accounts.signing_in.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_RATE_LIMITS = False
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
MFA_ADAPTER = "sensorfusion.accounts.signing_in.adapters.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = False
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # codes of half a minute before and after: phones are never exactly right (RFC 6238, 5.2)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# Of all processes together: which codes were used already.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "accounts_used_codes"}}
PASSWORD_RESET_TIMEOUT = 60 * 60  # what a message with a link says, too
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = f"{PUBLIC_PATH}/"
IS_HTTPS = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
if PUBLIC_PATH:
    # Another Django at the root of the host sends its cookies here too, and of two with one name the last would count.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "sensorfusion_session", "sensorfusion_csrf"
    MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # its cookie has no setting for its path
elif IS_HTTPS:
    # Browsers take a cookie of this name over HTTPS and from this host only, not from a neighbour below its domain.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_SSL_REDIRECT = ENVIRONMENT.https_only
SECURE_SSL_HOST = urlsplit(PUBLIC_URL).netloc
# The header speaks for all of the host, therefore not where others live beside us. It is sent over HTTPS only.
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS and not PUBLIC_PATH else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
# Before the catalogues of other packages: Django's admin has other words for Save and Delete.
LOCALE_PATHS = sorted(Path(__file__).parents[1].glob("*/locale"))
FORMAT_MODULE_PATH = ["sensorfusion.web.languages.formats"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = f"{PUBLIC_PATH}/static/"
STATIC_ROOT = ENVIRONMENT.data / "static"
# Compression takes most of the first start's time, so only the hashed names, which browsers request, are compressed.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("br", "gif", "gz", "ico", "jpg", "map", "png", "webp", "woff", "woff2", "zip")
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "sensorfusion.web.storage.HashedFiles"},
}

# Uploads are spooled to the disk that holds the data, never to memory (`server.django_handler` creates the directory).
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = ENVIRONMENT.data / "spool"
SILENCED_SYSTEM_CHECKS = ["files.E001"]  # commands run before the first server has created the directory

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "sensorfusion.accounts.authentication.TokenAuthentication",
        "sensorfusion.accounts.authentication.ProvenSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["sensorfusion.accounts.rate_limit.OperatorThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["sensorfusion.web.checks.storable.StorableJSON"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "sensorfusion.web.paging.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "sensorfusion.web.errors.api_error",
    "PAGE_SIZE": 100,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "SensorFusion",
    "VERSION": "1",
    "DESCRIPTION": "Operators, sites, sensors, keys and readings.",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENFORCE_NON_BLANK_FIELDS": True,
    "ENUM_NAME_OVERRIDES": {  # both have fields named `kind`
        "KindEnum": "sensorfusion.sensors.models.SensorKind",
        "NoteKindEnum": "sensorfusion.readings.models.NoteKind",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",  # the default
        "sensorfusion.web.checks.described_refusals.add_refusals",
        "sensorfusion.web.api.description.add_common",
        "sensorfusion.web.checks.described_texts.narrow_texts",
        "sensorfusion.server.description.hook.add_doors",
    ],
    "SERVERS": [{"url": PUBLIC_PATH}] if PUBLIC_PATH else [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "sensorfusion.config.log_redaction.RedactingFormatter",
            "format": "{asctime} {levelname:<7} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "sensorfusion.config.log_redaction.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": ENVIRONMENT.log_format}},
    "loggers": {
        "sensorfusion": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "uvicorn": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # Without this entry uvicorn restores the handler that the server removed, and formats an unread line per
        # request.
        "uvicorn.access": {"handlers": [], "propagate": False},
    },
}
