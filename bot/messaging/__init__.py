"""Messages on their way in and out, whatever the platform."""
