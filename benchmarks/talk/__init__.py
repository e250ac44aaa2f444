"""How well talk is understood."""
