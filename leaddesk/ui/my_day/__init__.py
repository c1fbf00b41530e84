"""The parts of My day: the queue and what the call panel says."""
