"""The forms that the `recognise-*` passes look for."""
