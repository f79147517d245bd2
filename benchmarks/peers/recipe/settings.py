"""Settings of the plain site; its database is in the environment."""

import os

SECRET_KEY = "benchmark"  # it signs nothing
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "benchmarks.peers.recipe.views"
INSTALLED_APPS = ["rest_framework", "channels", "benchmarks.peers.recipe"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
USE_TZ = True
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **{name: os.environ.get(f"RECIPE_{name}", "") for name in ("NAME", "HOST", "PORT", "USER", "PASSWORD")},
        "OPTIONS": {"pool": {"min_size": 4, "max_size": 16}},
    }
}
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 10_000}}}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}
