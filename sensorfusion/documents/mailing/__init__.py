"""Reports by e-mail: subscriptions of readers, and the message of each period that is over."""
