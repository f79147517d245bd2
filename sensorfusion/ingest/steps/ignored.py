"""The exception for a request that was accepted and holds nothing to store."""

from sensorfusion.ingest.steps.batch import Note, Sent


class Ignored(Exception):
    """Raised by the decoding of a valid request that carries no readings; its credential has been accepted.

    Without notes it carries none by design, such as a test of the connection. With notes its owner reads on the
    sensor's page what came: of the sensor of the key, or of the one that a gateway names as in `Sent`.
    """

    def __init__(self, *notes: Note, sensor: str = "", also: str = "") -> None:
        super().__init__(*(note.detail for note in notes))
        self.notes = notes
        self.sensor = sensor
        self.also = also

    def as_sent(self) -> Sent:
        """Return the notes in the form of a reading without values, which takes the same way."""
        return Sent({}, notes=self.notes, sensor=self.sensor, also=self.also)
