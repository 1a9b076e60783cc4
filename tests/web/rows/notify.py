"""Addresses for gateways: there while an account at one is named, and here none is."""

from tests.web.matrix import Row, everybody

ROWS = {"notify/alipay": Row("/notify/alipay", everybody(405), everybody(404))}
