"""The real parts that fault tests put around the portal: broker, mail server, worker, beat."""
