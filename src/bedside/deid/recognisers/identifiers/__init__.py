"""Numbers of one person or thing: records, visits, insurance, licences, devices, accounts."""
