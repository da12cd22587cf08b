"""One command of the `medkadr` line a file."""
