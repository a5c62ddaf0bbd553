def runs(results, options):
    pass
