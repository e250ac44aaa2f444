"""What wires the parts together and runs them."""
