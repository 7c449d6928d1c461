"""What pages carry for scripts written for B2C: variables in their source, and cookies."""
