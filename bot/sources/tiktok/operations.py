"""The operations in use: their paths, newest version first, and the permission that each needs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Operation:
    """One operation of the API. `paths` are tried in order when a version does not exist on the server; `of_shop`
    says that the shop's cipher goes with it."""

    name: str
    method: str
    paths: tuple[str, ...]
    scope: str
    of_shop: bool = True


ORDERS = Operation("orders", "POST", ("/order/202309/orders/search",), "seller.order.info")
ORDER = Operation("order", "GET", ("/order/202507/orders", "/order/202309/orders"), "seller.order.info")
RETURNS = Operation(
    "returns",
    "POST",
    ("/return_refund/202602/returns/search", "/return_refund/202309/returns/search"),
    "seller.return_refund.basic",
)
CANCELLATIONS = Operation(
    "cancellations",
    "POST",
    ("/return_refund/202602/cancellations/search", "/return_refund/202309/cancellations/search"),
    "seller.return_refund.basic",
)
REVIEWS = Operation("reviews", "POST", ("/review_rating/202605/product_reviews/search",), "seller.review.info")
SESSIONS = Operation("sessions", "POST", ("/customer_service/202602/sessions/search",), "seller.customer_service")
CONVERSATION = Operation(
    "conversation", "GET", ("/customer_service/202601/conversations/{id}",), "seller.customer_service"
)
MESSAGES = Operation(
    "messages", "GET", ("/customer_service/202309/conversations/{id}/messages",), "seller.customer_service"
)
SHOPS = Operation("shops", "GET", ("/authorization/202309/shops",), "seller.authorization.info", of_shop=False)
STATUS = Operation("status", "GET", ("/seller/202508/status",), "seller.shop.info", of_shop=False)
COUNTED = Operation(
    "counted",
    "GET",
    ("/analytics/202606/shop_performances/metrics/{id}/problem_details",),
    "data.shop_analytics.public.read",
)
