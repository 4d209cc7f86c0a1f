"""Pages of training: what people take, and what operations write."""
