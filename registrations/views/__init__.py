"""What people see of registrations: one function an action."""
