"""Why a file or a row is refused, in the words of readers."""
