"""The channels besides e-mail. Each is one file with the same parts: names, `mistake` in an address, and `request`.

A channel only says what is to be sent. Sending, attempts and limits are the sender's.
"""

from collections.abc import Mapping
from typing import Final

from sensorfusion.alerts.messages.channels import apprise, mqtt, ntfy, push, webhook
from sensorfusion.alerts.messages.channels.channel import Channel

_ALL: Final = (webhook.CHANNEL, ntfy.CHANNEL, mqtt.CHANNEL, apprise.CHANNEL, push.CHANNEL)
CHANNELS: Final[Mapping[str, Channel]] = {each.kind: each for each in _ALL}
