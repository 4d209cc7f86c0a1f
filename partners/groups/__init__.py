"""Groups of partners: by a rule that is data, and by hand. `membership` answers who is in; `fields` can be added to."""
