"""A labelled set of evidence pictures: pages drawn by Chromium, damaged by code, with what a person reads in them."""
