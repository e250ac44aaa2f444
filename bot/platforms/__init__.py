"""Chat platforms. The code of a platform is loaded only when the platform is configured."""
