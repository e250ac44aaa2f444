"""Where orders and defects come from."""
