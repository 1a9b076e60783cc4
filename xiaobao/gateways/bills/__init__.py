"""Bills of payment gateways as they really come: read whole, added up, or refused by line."""

from xiaobao.gateways.bills.opening import bill_in, read_bill
from xiaobao.gateways.bills.shapes import Bill, BillKind, BillRefused, Row

__all__ = ["Bill", "BillKind", "BillRefused", "Row", "bill_in", "read_bill"]
