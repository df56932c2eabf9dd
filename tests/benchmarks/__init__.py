"""How fast we are, as ratios to a floor or a peer measured in the same run (design.md section 6)."""
