"""What the peers' sites have alike: a new Django project, with the product's database settings."""

from typing import Any

import environ

env = environ.Env()
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = ["127.0.0.1"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
_PROCESSORS = [f"django.contrib.{app}.context_processors.{app}" for app in ("auth", "messages")]
_OPTIONS = {"context_processors": ["django.template.context_processors.request", *_PROCESSORS]}
_ENGINE = "django.template.backends.django.DjangoTemplates"
TEMPLATES = [{"BACKEND": _ENGINE, "APP_DIRS": True, "OPTIONS": _OPTIONS}]
DATABASES: dict[str, Any] = {"default": env.db_url("DATABASE_URL")}
_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
DATABASES["default"]["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": _PRAGMAS}
STATIC_URL, MEDIA_URL, MEDIA_ROOT = "/static/", "/media/", env.str("MEDIA_ROOT")
_APPS = ("auth", "contenttypes", "sessions", "messages", "staticfiles")
INSTALLED_APPS = [f"django.contrib.{app}" for app in _APPS]
_CONTRIB = ("sessions.middleware.Session", "auth.middleware.Authentication", "messages.middleware.Message")
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "whitenoise.middleware.WhiteNoiseMiddleware"]
MIDDLEWARE += [f"django.contrib.{name}Middleware" for name in _CONTRIB]
MIDDLEWARE += [f"django.middleware.{name}Middleware" for name in ("common.Common", "csrf.CsrfView")]
MIDDLEWARE += ["django.middleware.clickjacking.XFrameOptionsMiddleware"]
WHITENOISE_USE_FINDERS = True  # what the admin brings, without a collectstatic before
