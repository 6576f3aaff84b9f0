"""Everything that touches the world: database, files, network, clock, screen."""
