"""The site and its socket."""

from django.core.asgi import get_asgi_application

site = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402  # after the set-up of Django
from django.urls import path  # noqa: E402

from benchmarks.peers.recipe.consumers import Live  # noqa: E402

application = ProtocolTypeRouter({"http": site, "websocket": URLRouter([path("live/", Live.as_asgi())])})
