"""Pages of programs: the vendor's, and a firm's own."""
