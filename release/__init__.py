"""What a release is made with: notes, licences, a bill of materials, a trial of the wheel. It is not installed."""
