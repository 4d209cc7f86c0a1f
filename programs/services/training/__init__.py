"""Training: modules and paths as operations write them, and what people do in them."""
