"""Alipay on this machine, to try things on: the same protocol, signatures truly checked.

It keeps its own book in SQLite, which a kill at any moment does not hurt, and behaves as badly as
it is told to. Its time is that of who asks: each request is dated, and money moves at that moment.
"""
