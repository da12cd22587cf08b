"""What happens to records between a source and the landing tables: checks, masks, duplicates, files."""
