"""Rules of `choose-convolution`."""
