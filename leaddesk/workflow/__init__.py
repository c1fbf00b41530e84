"""The rules of the desk: what a lead may become, who is called next, what is refused. No Qt, no database library."""
