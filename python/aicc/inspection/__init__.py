"""What a model is and what the compiler makes of it (`aicc inspect`)."""
