"""The client itself: every call of the API a method, with its types.

with Client("http://127.0.0.1:8868", client_id, secret) as xiaobao:
xiaobao.tell_facts("cn", facts)
claim = xiaobao.file_claim("shop", "C1", order="A", buyer="li", kind="damaged")
"""

from xiaobao.client.calls.books import Books
from xiaobao.client.calls.claims import Claims
from xiaobao.client.calls.deposits import Deposits
from xiaobao.client.calls.exits import Exits
from xiaobao.client.calls.orders import Orders
from xiaobao.client.calls.packs import Packs
from xiaobao.client.calls.rulings import Rulings
from xiaobao.client.calls.sellers import Sellers
from xiaobao.client.calls.staff import Staff
from xiaobao.client.calls.violations import Violations


class Client(Sellers, Orders, Deposits, Claims, Rulings, Exits, Violations, Packs, Books, Staff):
    """Every method makes one call, or walks a list page after page.

    `key` names what is done: the same key is done once. What is left out is the API's to choose.
    """
