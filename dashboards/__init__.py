"""Pages for the ministry, the akimats and the universities; they open published snapshots only."""
