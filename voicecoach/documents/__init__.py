"""Reading a résumé, notes or a job description: text, Markdown, PDF and Word files, as lines."""
