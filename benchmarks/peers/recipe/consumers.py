"""The socket: everything that is stored goes to everything that is connected."""

from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer

GROUP = "readings"


class Live(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    async def connect(self) -> None:
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def reading(self, event: dict[str, Any]) -> None:
        await self.send_json({"type": "reading", "seq": event["reading"]["id"], **event["reading"]})
