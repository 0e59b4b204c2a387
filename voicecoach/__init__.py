"""An offline trainer for spoken interview answers."""
