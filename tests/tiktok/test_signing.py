"""Signatures, against vectors that others have published or computed."""

import pytest

from bot.sources.tiktok.signing import sign, sign_event

LONG = "0123456789abcdef0123456789abcdef01234567"
SEARCH = {
    "app_key": "68xu9ks5p9iuj",
    "page_size": "50",
    "shop_cipher": "ROW_TESTcipher_-1",
    "sort_field": "create_time",
    "sort_order": "ASC",
    "timestamp": "1760000000",
}
TRACKING = {name: SEARCH[name] for name in ("app_key", "timestamp", "shop_cipher")}


@pytest.mark.parametrize(
    ("secret", "path", "params", "body", "expected"),
    [
        (
            "e59af819cc",
            "/authorization/202309/shops",
            {"app_key": "29a39d", "timestamp": "1623812664"},
            b"",
            "b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8",
        ),
        (
            "app_secret",
            "/test-api",
            {"foo": "bar"},
            b"",
            "d3cb7fe11ecae942802ceeca67e7cf10120cc12f1517d45fbc1c8cfe5413c80f",
        ),
        (
            LONG,
            "/order/202309/orders/search",
            {**SEARCH, "sign": "x", "access_token": "y"},
            b'{"create_time_ge":1759395200,"create_time_lt":1760000000}',
            "6d44b36d80151d4966edd916b9823905fae75dc05291e14cc47b561305b10aa3",
        ),
        (
            LONG,
            "/fulfillment/202309/orders/576461413038785752/tracking",
            TRACKING,
            b"",
            "6a6287505b59058797b9d4cc2d6c89c7d703138cb46c4f4fd7c4e9476d91a388",
        ),
    ],
    ids=["official", "php", "search", "tracking"],
)
def test_requests_are_signed_as_the_platform_signs(
    secret: str, path: str, params: dict[str, str], body: bytes, expected: str
) -> None:
    assert sign(secret, path, params, body) == expected


def test_events_are_signed_as_the_platform_signs() -> None:
    body = (
        b'{"type":1,"shop_id":"7494726673780148744","timestamp":1664095733,"data":{"order_id":"576684019603311365",'
        b'"order_status":"AWAITING_SHIPMENT","update_time":1664095610}}'
    )
    expected = "21109834de72ec53c9959716d8514ae388ce1f123e5ffdcafc46713fcdf62b27"
    assert sign_event("fake_app_key", "fake_app_secret", body) == expected
