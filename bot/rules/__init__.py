"""Registered checks on evidence, form and eligibility; importing the package registers them all."""
