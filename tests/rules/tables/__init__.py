"""Generated cases for every rule. The truth of a case follows from how it was built, never from a rule."""
