"""What `GET /api/v1/stream` says of itself in docs/openapi.yaml."""

from typing import Final

from sensorfusion.web.description import AWAY, PROBLEM, TEXT, Answered, Description

DESCRIPTION: Final = Description(
    tag="stream",
    summary="Follow sensors by server-sent events",
    detail=(
        "The messages of `/ws/live/`, each as the data of one event: a snapshot, then every change. Without `sensor` "
        "it follows all that one may see, a thousand sensors at most. A client that reconnects sends the last `id` "
        "as `Last-Event-ID` (browsers do so by themselves) and is sent every change since, once and in order."
    ),
    keys=("token", "cookieAuth"),
    query={
        "sensor": "The id of a sensor; repeat it for several.",
        "alerts": "`true`: also what happens to alerts of all sites that one may see; `only`: nothing else.",
        "refusals": "`true`: also rejected requests and notices of the named sensors, for those who may edit them.",
        "ids": "`false`: events without `id`, which names the place of every sensor, for a client that resumes by seq.",
    },
    answers={
        200: Answered(why="The stream.", content={"text/event-stream": TEXT}),
        400: Answered(why="An unknown parameter, an unknown `Last-Event-ID`, or too many sensors.", content=PROBLEM),
        401: Answered(why="No or an unknown token, and no session.", content=PROBLEM, headers=("www-authenticate",)),
        404: Answered(why="There is no such sensor, or one may not see it.", content=PROBLEM),
        429: Answered(why="Too many unknown tokens from the network.", content=PROBLEM, headers=("retry-after",)),
        503: AWAY,
    },
)
