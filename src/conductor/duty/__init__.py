"""A worker on duty: signals from the bus, the clock, organisers' clicks, and news for everybody."""
