def stopped(results, options):
    pass
slow_link = start = stopped
