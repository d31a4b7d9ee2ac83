"""Other people's systems: what is fetched from them, one file each."""
