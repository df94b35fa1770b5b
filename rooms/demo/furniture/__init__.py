"""What furnishes the rooms, in metres, painted on a stage."""
