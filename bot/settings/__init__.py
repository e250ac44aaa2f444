"""The typed configuration: the settings of the user, and the checked data of config/."""
