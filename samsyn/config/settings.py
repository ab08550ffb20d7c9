"""Settings, all from the environment, each with a safe default. docs/run/settings.md lists them."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from samsyn.config import environment as env

PACKAGE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("SAMSYN_DATA_DIR", "var")).resolve()
KEY_DIR = Path(os.environ.get("SAMSYN_KEY_DIR", DATA_DIR / "keys")).resolve()
MEDIA_ROOT = DATA_DIR / "files"

DEBUG = False
ORIGIN = os.environ.get("SAMSYN_ORIGIN", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.words("SAMSYN_HOSTS") or [urlsplit(ORIGIN).hostname or "localhost", "localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [ORIGIN]
SECRET_KEY = os.environ.get("SAMSYN_SECRET_KEY") or env.secret_from_file(KEY_DIR / "django.key")

CONTACT = os.environ.get("SAMSYN_CONTACT", "")  # where faults of accessibility are reported
RESPONSIBLE = os.environ.get("SAMSYN_RESPONSIBLE", "")  # the public body that runs this installation

ACTIVITY_KINDS = [
    "samsyn.activities.steps",
    "samsyn.activities.questions",
    "samsyn.activities.dialogue",
    "samsyn.activities.polls",
    "samsyn.activities.board",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "allauth",
    "allauth.account",
    "django_tasks",
    "django_tasks_db",
    "samsyn.core",
    "samsyn.ui",
    "samsyn.files",
    "samsyn.audit",
    "samsyn.jobs",
    "samsyn.accounts",
    "samsyn.organisations",
    "samsyn.live",
    "samsyn.thread",
    "samsyn.programmes",
    "samsyn.gatherings",
    *ACTIVITY_KINDS,
    "samsyn.home",
    "samsyn.casestudy",
    "samsyn.rehearsal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "samsyn.config.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "samsyn.config.middleware.tenant",
]

ROOT_URLCONF = "samsyn.config.urls"
ASGI_APPLICATION = "samsyn.config.asgi.application"
FORM_RENDERER = "samsyn.ui.forms.Renderer"
UI_SITE_PARTS = ["samsyn.home.context.site", "samsyn.rehearsal.context.site"]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "samsyn.ui.context.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "samsyn.ui.templatetags.ui",
                "samsyn.ui.templatetags.addresses",
                "samsyn.thread.templatetags.thread",
            ],
        },
    }
]

DATABASES = {"default": env.database(os.environ.get("DATABASE_URL", ""), DATA_DIR / "samsyn.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", "")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # with fewer, whoever comes from many addresses pushes the counts out
    }
}
# In one process: each has a database connection, and more at once are no faster on one core. SQLite lets one write at
# a time and serves those who wait in no order: with many, some would wait for longer than they may.
PAGES_AT_ONCE = 16 if DATABASES["default"]["ENGINE"].endswith("postgresql") else 6
LIVE_MOST_STREAMS = int(os.environ.get("SAMSYN_LIVE_MOST_STREAMS", "12000"))  # open at once in one process
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "ENQUEUE_ON_COMMIT": True}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "site:start"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "samsyn.accounts.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account is made by invitation or import, so the address is known
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = False  # accounts/limits.py counts instead: only what was wrong
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # accounts/views.py writes to them itself
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.flag("SAMSYN_BEHIND_PROXY") else 0

CSRF_FAILURE_VIEW = "samsyn.config.views.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ORIGIN.startswith("https:")
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if ORIGIN.startswith("https:") else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("SAMSYN_BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # a form; files are streamed and have a limit of their own
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = ["samsyn.files.uploads.LimitedUploadHandler"]
FILES_QUOTA_BYTES = env.gigabytes("SAMSYN_FILES_QUOTA_GB", 5)  # for the attachments of one organisation
FILE_UPLOAD_MAX_BYTES = 50 * 1024 * 1024
REQUEST_MAX_BYTES = 120 * 1024 * 1024  # of anything; a file between the two is told about in its form

EMAIL_BACKEND, _mail = env.mail(os.environ.get("SAMSYN_MAIL_URL", ""), DATA_DIR / "mail")
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_HOST = _mail.hostname or "localhost"
EMAIL_PORT = _mail.port or 25
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("SAMSYN_MAIL_FROM", "samsyn@localhost")

LANGUAGES = [("sv", _("Swedish")), ("en", _("English"))]
LANGUAGE_CODE = "sv"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LOCALE_PATHS = [PACKAGE_DIR / "locale"]  # what belongs to no app
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"

STATIC_URL = "static/"
SERVESTATIC_MANIFEST_STRICT = False  # plain names until the files have been collected
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "samsyn.config.static.StaticStorage"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "samsyn.config.logs.PlainFormatter",
            "format": "{levelname} {name}: {message}",
            "style": "{",
        }
    },
    "filters": {"nothing_personal": {"()": "samsyn.config.logs.NothingPersonal"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["nothing_personal"]},
    },
    # What a visitor got wrong is nobody's business, and a line for each would tell when somebody was there.
    "loggers": {"django.request": {"level": "ERROR"}, "django.security": {"level": "CRITICAL"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("SAMSYN_LOG_LEVEL", "WARNING")},
}
