"""Reading what others wrote: files become statements, or refusals that name the line and the field."""
