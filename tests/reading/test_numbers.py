"""Tracking numbers and order ids, one never taken for the other."""

import re
import tomllib
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.evidence import TrackingNumber
from bot.reading.checkdigits import CHECKS
from bot.reading.numbers import NumberFinder
from bot.reading.plain import plain
from bot.reading.tables import Carriers, load_carriers
from bot.settings.files import ConfigError, data_root

FINDER = NumberFinder(load_carriers(data_root("config")))


def found(text: str) -> list[tuple[str, str]]:
    return [(number.value, number.carrier) for number in FINDER.find(plain(text)).tracking if number.legible]


@pytest.mark.parametrize(
    ("text", "value", "carrier"),
    [
        ("1Z999AA10123456784", "1Z999AA10123456784", "UPS"),
        ("ups 1Z 999 AA1 01 2345 6784 delivered", "1Z999AA10123456784", "UPS"),
        ("9205590164917312751089", "9205590164917312751089", "USPS"),
        ("9205 5901 6491 7312 7510 89", "9205590164917312751089", "USPS"),
        ("420221539101026837331000039521", "420221539101026837331000039521", "USPS"),
        ("FedEx tracking number: 9865 7878 8855", "986578788855", "FedEx"),
        ("FedEx tracking ID 149331877648230", "149331877648230", "FedEx"),
        ("DHL Express\nWaybill 3318810025", "3318810025", "DHL"),
        ("JJD014600003889281940", "JJD014600003889281940", "DHL"),
        ("运单号:YT2412345678901234", "YT2412345678901234", "YunExpress"),
        ("YT1234567890123", "YT1234567890123", "YTO"),
        ("4PX3000123456789CN", "4PX3000123456789CN", "4PX"),
        ("顺丰 SF1234567890123", "SF1234567890123", "SF Express"),
        ("J&T Express waybill no. 630012345678", "630012345678", "J&T Express"),
        ("SPXVN0312345678901", "SPXVN0312345678901", "SPX Express"),
        ("NVMYTIKTK000123456", "NVMYTIKTK000123456", "Ninja Van"),
        ("เลขพัสดุ TH47051HUC8X8B", "TH47051HUC8X8B", "Flash Express"),
        ("KEX1234567890", "KEX1234567890", "Kerry Express"),
        ("Mã vận đơn: GHNABC12345", "GHNABC12345", "GHN"),
        ("S123456.BO.MN1-01-A1.123456789", "S123456.BO.MN1-01-A1.123456789".replace("-", ""), "GHTK"),
        ("Viettel Post - mã vận đơn: 123456789012", "123456789012", "Viettel Post"),
        ("Aramex: رقم التتبع 12345678901", "12345678901", "Aramex"),
        ("SMSA Express AWB 290123456789", "290123456789", "SMSA"),
        ("RB123456785GB", "RB123456785GB", "Royal Mail"),
        ("RB 123 456 785 SA", "RB123456785SA", "SPL"),
        ("Evri parcel number H01ABC1234567890", "H01ABC1234567890", "Evri"),
        ("JD0002212345678", "JD0002212345678", "Yodel"),
        ("RB123456785YP", "RB123456785YP", "Yanwen"),
        ("LP00123456789012", "LP00123456789012", "Cainiao"),
        ("RB123456785JP", "RB123456785JP", ""),
        ("Tracking number: ABC123456789", "ABC123456789", ""),
        ("Tracking Number (Speedaf): 12345678901234", "12345678901234", ""),
        ("运单号:٠١٢٣٤٥٦٧٨٩".replace("٠", "7"), "7123456789", ""),
    ],
)
def test_formats(text: str, value: str, carrier: str) -> None:
    assert found(text) == [(value, carrier)]


@pytest.mark.parametrize(
    "text",
    [
        "576461413038785752",
        "Tracking number: 576461413038785752",
        "phone 13800138000",
        "630012345678",
        "2026-11-18 11:00:00",
        "order 9205590164917312751080",
        "RB123456784GB",
        "AYT2412345678901234",
        "YT24123456789012345678",
        "SKU 1234567890123",
        "Tracking history\nCall 13800138000",
    ],
)
def test_what_is_no_tracking_number(text: str) -> None:
    assert found(text) == []


def test_a_wrong_check_digit_is_shown_as_not_legible() -> None:
    assert FINDER.find("TRACKING 1Z999AA10123456785").tracking == (
        TrackingNumber("1Z999AA10123456785", "UPS", legible=False),
    )


def test_order_ids_stand_alone() -> None:
    text = "ORDER 576461413038785752, 576461413038785752 AND ID=577000000000000001; 0576461413038785752 57646141303"
    assert FINDER.find(text).order_ids == ("576461413038785752", "577000000000000001")


def test_spreadsheet_damage_is_named_not_repaired() -> None:
    numbers = FINDER.find("Order ID: 5.76461E+17")
    assert (numbers.order_ids, numbers.damaged) == ((), ("5.76461E+17",))


@given(st.text("0123456789", min_size=8, max_size=8), st.integers(1, 8), st.integers(1, 9))
def test_s10_notices_every_single_wrong_digit(serial: str, place: int, shift: int) -> None:
    right = next(f"RB{serial}{check}GB" for check in range(10) if CHECKS["s10"](f"RB{serial}{check}GB"))
    digits = list(right)
    digits[place + 1] = str((int(digits[place + 1]) + shift) % 10)
    wrong = "".join(digits)
    # 10 and 0, 11 and 5 share a check digit: the only confusions that the standard leaves.
    if CHECKS["s10"](wrong):
        total = sum(int(d) * w for d, w in zip(right[2:10], (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
        assert total in (0, 1, 6)
    else:
        assert found(wrong) == []


@given(st.text("0123456789", min_size=21, max_size=21), st.integers(0, 21), st.integers(1, 9))
def test_usps_notices_every_single_wrong_digit(serial: str, place: int, shift: int) -> None:
    right = next(serial + str(check) for check in range(10) if CHECKS["usps"](serial + str(check)))
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    assert not CHECKS["usps"](wrong) or wrong.startswith("420")


@pytest.mark.parametrize("pattern", [r"(\d+)+", r"A*", r"\d{3,}", r"([A-Z]"])
def test_unbounded_patterns_stop_the_start(pattern: str, tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "carriers.toml").write_text(
        f"order_id = '5'\nlabels = ['x']\n[[carriers]]\nname = 'A'\nformats = [{{ pattern = '{pattern}' }}]\n"
    )
    with pytest.raises(ConfigError, match=r"carriers\.toml: carriers\.0\.formats\.0\.pattern: .*expected"):
        load_carriers(folder)


def test_the_shipped_table_is_valid(carriers: Carriers) -> None:
    assert len(carriers.carriers) > 25


@pytest.mark.parametrize(
    "label",
    [
        *("快递号", "物流号", "单号", "面单号", "TRK#", "Sendungsnummer", "Código de rastreo", "Número de rastreo"),
        *("mã vận đơn", "Mã vn đơn", "No. penjejakan", "No. resi", "เลขพัสดุ", "رقم الشحنة", "Código de rastreio"),
    ],
)
def test_labels_of_all_sites(label: str) -> None:
    assert found(f"{label} 630012345678") == [("630012345678", "")]


@pytest.mark.parametrize("label", ["订单号", "交易单号", "退款单号", "售后单号", "工单号"])
def test_labels_of_other_numbers(label: str) -> None:
    assert found(f"{label} 630012345678") == []


def test_a_carrier_on_the_line_tells_of_a_number_whose_check_digit_fits() -> None:
    assert found("FEDEX GROUND 794629083060 Purchased") == [("794629083060", "FedEx")]
    assert found("FEDEX GROUND 794629083061 Purchased") == found("FEDEX GROUND\n794629083060") == []
    assert found("FEDEX help +1 794629083060") == []


def test_every_carrier_and_every_label_has_a_public_source() -> None:
    told = {each.source for each in (*FINDER.carriers.carriers, *FINDER.carriers.labels)}
    files = sorted((data_root("config") / "languages").glob("*.toml"))
    pages = [tomllib.loads(path.read_text("utf-8"))["source"] for path in files]
    assert len(files) > 5 and all(len(set(page)) == len(page) > 1 for page in pages), "two that agree"
    for source in (*told, *(each for page in pages for each in page)):
        address = urlsplit(source)
        host = address.hostname or ""
        assert address.scheme == "https" and address.netloc == host, f"{source}: no port, no name, no password"
        assert re.fullmatch(r"([a-z0-9-]+\.)+[a-z]{2,}", host) and not re.search(r"\.(example|test|local)$", host), (
            source
        )
        assert not set(source) & set(' <>"{}|^`'), source
    names = {carrier.name for carrier in FINDER.carriers.carriers}
    sites = (
        "UPS, USPS, FedEx, DHL, UniUni, GOFO, SpeedX, Royal Mail, Evri, Yodel, DPD, Parcelforce, J&T Express, "
        "SPX Express, Ninja Van, Flash Express, Kerry Express, Pos Malaysia, GDEX, LBC, Thailand Post, "
        "PHLPost, GHN, GHTK, Viettel Post, Vietnam Post, JNE, SPL, SMSA, Aramex, Naqel, iMile, Emirates Post, "
        "YunExpress, 4PX, Yanwen, Cainiao, China Post"
    )
    assert set(sites.split(", ")) <= names
