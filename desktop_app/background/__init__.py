"""Work beside the window's own thread: jobs, news of changes, and sync."""
