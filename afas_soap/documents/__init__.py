"""Documents as a program holds them: asked when they are wanted, streamed, and saved whole or not at all."""
