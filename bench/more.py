def sections(t):
    return []
