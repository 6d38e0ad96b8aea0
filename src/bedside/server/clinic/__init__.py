"""The clinical server: accounts, charts, audit and every standard spoken to the hospital, on one address."""
