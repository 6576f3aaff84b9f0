"""The web faces: the API for programs, and the pages for everybody."""
