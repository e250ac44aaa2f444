"""Words in scripts that the recogniser of pictures lacks, read by Tesseract in processes of its own."""
