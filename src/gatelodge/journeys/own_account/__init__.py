"""What people do with their own account in profile edit: one module for each task."""
