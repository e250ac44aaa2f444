"""Bytes to facts: what a file, text or link says."""
