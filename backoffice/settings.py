"""All settings, read from the environment in this one place.

Every variable has a default that makes an embedded set-up work (SQLite, local disk).
Only `SECRET_KEY` has none, because a shared default key would be no secret. `docs/settings.md`
lists them all. No other module but `gunicorn` reads the environment.
"""

import logging
import sys
from datetime import timedelta
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from backoffice.gunicorn import LOG_FORMAT, available_cpu_count
from backoffice.logs import FORMATS, make_configuration
from backoffice.responses import (
    CONTENT_SECURITY_POLICY as CONTENT_SECURITY_POLICY,  # django-csp reads it here
)
from backoffice.unfold import UNFOLD as UNFOLD  # as Unfold does this one

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
# Tests run without a key and without collected static files, so that `pytest` alone works.
TESTING = "pytest" in sys.modules

# --- what runs where -------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
HTTPS = env.bool("HTTPS", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY and (DEBUG or TESTING):
    SECRET_KEY = "not-secret-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2
elif not SECRET_KEY:
    raise ImproperlyConfigured(
        "Set the environment variable SECRET_KEY to a long random text, the same for every process. "
        "`make run` makes one; or: python -c 'import secrets; print(secrets.token_urlsafe(64))'"
    )
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

ROOT_URLCONF = "backoffice.urls"
WSGI_APPLICATION = "backoffice.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "backoffice.apps.BackofficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "adminsortable2",
    "axes",
    "csp",
    "rooms",
    "django_cleanup.apps.CleanupConfig",  # last: it looks at the file fields of all apps before it
]

MIDDLEWARE = [
    "backoffice.errors.follow",
    # These two next: static files, redirects to https and errors get their headers too.
    "csp.middleware.CSPMiddleware",
    "backoffice.responses.complete_headers",
    "rooms.monitoring.answer_probes",  # before https and `Host` are looked at: a probe has neither
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "backoffice.responses.CompressPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Before the CSRF check, so that its failure view can tell "signed out" from "bad token".
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "rooms.admission.AdmitUploads",  # before whatever reads a body
    "backoffice.unreadable.GuardBodies",  # before the CSRF check too, which reads the body
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "backoffice.sign_in.AnswerTooManySignIns",
    "backoffice.unreadable.RefuseNul",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "libraries": {"tracing": "backoffice.errors"},
        },
    },
]

# --- data ------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    if DATABASES["default"]["NAME"] != ":memory:":  # as with MEDIA_ROOT below
        DATABASES["default"]["NAME"] = str(BASE_DIR / DATABASES["default"]["NAME"])
    DATABASES["default"]["OPTIONS"] = {
        # Take the write lock at BEGIN and wait for it: never "database is locked" in the middle.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # Readers never wait for a writer; what was acknowledged survives a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    # A file and not memory, so that tests with threads and processes meet real locks; beside the
    # database itself, so that two test runs with two values of DATABASE_URL keep out of each other's way.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(DATABASES["default"]["NAME"]).with_name("test.sqlite3"))}
else:
    # What the URL says stands. How long a connection may wait for a lock is set by `rooms.database`.
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)
    if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
        DATABASES["default"]["ENGINE"] = "backoffice.postgresql"
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        # The kernel notices a host that vanished: nobody takes what is sent, or answers when asked.
        "tcp_user_timeout": 5_000,
        "keepalives_idle": 5,
        "keepalives_interval": 1,
        "keepalives_count": 5,
    } | DATABASES["default"].get("OPTIONS", {})

# Changes a minute are counted here, and nothing else. In each process alone: several let as many through
# each, which harms nobody and needs no server to ask. What must hold for all together is in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},  # two for each user at work
    }
}

# --- files -----------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
# From the project's folder where it is relative, and not from wherever a command was started.
MEDIA_ROOT = str(BASE_DIR / env.str("MEDIA_ROOT", default="media"))

AWS_STORAGE_BUCKET_NAME = env.str("AWS_STORAGE_BUCKET_NAME", default="")
if AWS_STORAGE_BUCKET_NAME:
    # The names are those of django-storages, and botocore's for checksums; only what is set is handed on.
    for _name in (
        "AWS_S3_ENDPOINT_URL",
        "AWS_S3_REGION_NAME",
        "AWS_S3_ACCESS_KEY_ID",
        "AWS_S3_SECRET_ACCESS_KEY",
        "AWS_S3_ADDRESSING_STYLE",
        "AWS_S3_SIGNATURE_VERSION",
        "AWS_LOCATION",
        "AWS_REQUEST_CHECKSUM_CALCULATION",
        "AWS_RESPONSE_CHECKSUM_VALIDATION",
    ):
        if _value := env.str(_name, default=""):
            globals()[_name] = _value

STORAGES = {
    "default": {
        "BACKEND": "rooms.storage.bucket.BucketPhotoStorage"
        if AWS_STORAGE_BUCKET_NAME
        else "rooms.storage.LocalPhotoStorage"
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "backoffice.staticfiles.HashedStaticFilesStorage"
    },
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG or TESTING
FILE_UPLOAD_HANDLERS = ["rooms.upload_handlers.PhotoUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o644
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# --- photos ----------------------------------------------------------------------------

# A byte of one file more, or one photo more in a gallery, is refused: limits are inclusive.
ROOM_PHOTO_MAX_BYTES = env.int("ROOM_PHOTO_MAX_BYTES", default=5 * 1024 * 1024)
ROOM_PHOTO_MAX_COUNT = env.int("ROOM_PHOTO_MAX_COUNT", default=10)
# Photos that one user may have in unfinished rooms.
ROOM_PHOTO_MAX_UNATTACHED = env.int("ROOM_PHOTO_MAX_UNATTACHED", default=50)
# Uploads that one user may start; 0 means no limit.
ROOM_PHOTO_UPLOADS_PER_10_MINUTES = env.int("ROOM_PHOTO_UPLOADS_PER_10_MINUTES", default=300)
# Width times height of what is accepted, and the longest side, in pixels, of what is kept.
ROOM_PHOTO_MAX_PIXELS = env.int("ROOM_PHOTO_MAX_PIXELS", default=50_000_000)
ROOM_PHOTO_MAX_SIDE = env.int("ROOM_PHOTO_MAX_SIDE", default=2880)
# How long a removed photo can be restored, before the cleanup deletes it.
ROOM_PHOTO_RESTORABLE_DAYS = env.int("ROOM_PHOTO_RESTORABLE_DAYS", default=30)
# How many web processes share the processors, as gunicorn.py reads it too.
WEB_CONCURRENCY = env.int("WEB_CONCURRENCY", default=available_cpu_count())
# What owners read about a photo, and may answer with "keep anyway". Below these, a photo is called:
# small (longer and shorter side, in pixels; the highest of what Booking.com, Vrbo and Expedia insist on)
ROOM_PHOTO_ADVISED_MIN_SIDES = (1024, 683)
# dark (brightness of its lightest tenth, 0 to 1)
ROOM_PHOTO_ADVISED_MIN_BRIGHTNESS = 0.3
# blurred (sharpness of its edges, 0 to 1)
ROOM_PHOTO_ADVISED_MIN_SHARPNESS = 0.12
# the same as another (bits, of 256, in which the two fingerprints differ)
ROOM_PHOTO_ADVISED_MIN_DIFFERENCES = 19

# --- language --------------------------------------------------------------------------

LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="fr")
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "backoffice" / "locale", BASE_DIR / "backoffice" / "packages_locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600  # whoever chose a language finds it again
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Europe/Paris"
USE_TZ = True

# --- mail --------------------------------------------------------------------------------

# Unset, nothing is sent: staff hand links over by themselves.
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    globals().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = 10  # seconds; whoever invites somebody waits for it
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="") or "webmaster@localhost"

# --- who is who ------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: a locked name is refused before its password is read
    "rooms.backends.OneQueryBackend",
    "django.contrib.auth.backends.ModelBackend",  # for sessions begun under it: passwords never come here
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"}
    for name in ("UserAttributeSimilarity", "MinimumLength", "CommonPassword", "NumericPassword")
]
PASSWORD_HASHERS = [
    "backoffice.sign_in.BoundedHasher",  # for what is set here, and for Django's usual hashes
    # Those of an older system's accounts are still read, and written anew at the next signing in.
    *(
        f"django.contrib.auth.hashers.{name}PasswordHasher"
        for name in ("PBKDF2SHA1", "Argon2", "BCryptSHA256", "Scrypt")
    ),
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AXES_HANDLER = "backoffice.sign_in.SignInHandler"
AXES_ENABLE_ACCESS_FAILURE_LOG = True  # the failures of an address are counted there
AXES_FAILURE_LIMIT = 10
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # who tries again too soon does not start anew
AXES_CLIENT_IP_CALLABLE = "backoffice.sign_in.get_client_address"
AXES_USERNAME_CALLABLE = "rooms.backends.get_locked_name"  # both names of an account count as one
AXES_LOCKOUT_CALLABLE = "backoffice.sign_in.show_lock"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# --- the front door --------------------------------------------------------------------

CSRF_FAILURE_VIEW = "backoffice.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
if LOG_LEVEL not in logging.getLevelNamesMapping():
    raise ImproperlyConfigured(f"LOG_LEVEL is {LOG_LEVEL}: set it to DEBUG, INFO, WARNING or ERROR.")
if LOG_FORMAT not in FORMATS:
    raise ImproperlyConfigured(f"LOG_FORMAT is {LOG_FORMAT}: set it to text or json.")
SENTRY_DSN = env.str("SENTRY_DSN", default="")

LOGGING = make_configuration(LOG_LEVEL, LOG_FORMAT)
