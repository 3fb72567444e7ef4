"""What the room plays along the show: games are judged, held questions released."""
