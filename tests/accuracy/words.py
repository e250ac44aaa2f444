"""The words of the drawn pages by language; of two phrases family "a" uses the first, "b" the second, "c" words of
its own where it has some."""

Phrases = tuple[str, str]

NUMBER_LABEL: dict[str, Phrases] = {
    "en": ("Tracking Number", "Waybill No."),
    "zh": ("运单号", "物流单号"),
    "th": ("หมายเลขพัสดุ", "Tracking No. / เลขพัสดุ"),
    "vi": ("Mã vận đơn", "Mã bưu gửi"),
    "ms": ("Nombor Penjejakan", "No. Penjejakan"),
    "ar": ("Tracking Number / رقم التتبع", "Shipment Number رقم الشحنة"),
}
STEPS: dict[str, dict[str, tuple[Phrases, ...]]] = {
    "en": {
        "picked_up": (("Origin Scan", "Shipment picked up"), ("Parcel collected", "Accepted by carrier")),
        "": (
            ("Arrived at Facility", "Departed from sorting hub"),
            ("In Transit to Next Facility", "Processed through facility"),
            ("Arrived at Sort Facility", "Customs clearance completed"),
        ),
        "out_for_delivery": (("Out for Delivery", "With delivery courier"),),
        "delivered": (("Delivered, Front Door/Porch", "Delivered - Signed for by: M. HALL"),),
        "exception": (("Delivery attempted - recipient not available", "Delivery exception: address issue"),),
    },
    "zh": {
        "picked_up": (("快件已揽收", "包裹已取件"),),
        "": (
            ("快件到达【深圳转运中心】", "航班已起飞，离开香港"),
            ("运输中", "到达目的国分拨中心"),
            ("清关完成", "已离开分拨中心"),
        ),
        "out_for_delivery": (("快件正在派送中", "派件中，请保持电话畅通"),),
        "delivered": (("快件已签收，签收人：本人", "包裹已妥投"),),
        "exception": (("派送失败，收件人不在", "海关扣留，等待处理"),),
    },
    "th": {
        "picked_up": (("รับพัสดุเข้าระบบ", "พนักงานเข้ารับพัสดุแล้ว"),),
        "": (("ถึงศูนย์คัดแยก", "อยู่ระหว่างขนส่ง"), ("พัสดุถึงสาขาปลายทาง", "ออกจากศูนย์คัดแยก")),
        "out_for_delivery": (("กำลังนำจ่าย", "ออกนำจ่าย"),),
        "delivered": (("นำจ่ายสำเร็จ", "จัดส่งสำเร็จ"),),
        "exception": (("นำจ่ายไม่สำเร็จ", "จัดส่งไม่สำเร็จ"),),
    },
    "vi": {
        "picked_up": (("Lấy hàng thành công", "Đã lấy hàng"),),
        "": (("Đang vận chuyển", "Đã đến kho trung chuyển"), ("Đã rời kho phân loại", "Đang luân chuyển hàng hóa")),
        "out_for_delivery": (("Đang giao hàng", "Đang giao hàng cho người nhận"),),
        "delivered": (("Giao hàng thành công", "Đã giao hàng"),),
        "exception": (("Giao hàng không thành công", "Giao không thành công"),),
    },
    "ms": {
        "picked_up": (("Bungkusan telah dipungut", "Diambil oleh kurir"),),
        "": (("Tiba di hab pengasingan", "Dalam perjalanan"), ("Berlepas dari hab", "Tiba di cawangan")),
        "out_for_delivery": (("Keluar untuk penghantaran", "Dalam pengantaran"),),
        "delivered": (("Penghantaran berjaya", "Bungkusan telah dihantar"),),
        "exception": (("Penghantaran gagal", "Tertangguh di hab"),),
    },
    "ar": {
        "picked_up": (("تم استلام الشحنة من المرسل", "تم الاستلام من المرسل"),),
        "": (("وصلت الشحنة إلى مركز الفرز", "في الطريق"), ("غادرت الشحنة المركز", "وصلت إلى الفرع")),
        "out_for_delivery": (("خرج للتوصيل", "قيد التوصيل"),),
        "delivered": (("تم التسليم", "تم التوصيل"),),
        "exception": (("محاولة تسليم فاشلة", "تعذر التسليم"),),
    },
}
PLACES: dict[str, tuple[str, ...]] = {
    "en": (
        "HOUSTON, TX, US",
        "Louisville, KY",
        "Birmingham Mail Centre",
        "NORTH HOUSTON DISTRIBUTION CENTER",
        "Leeds",
    ),
    "zh": ("深圳市", "东莞分拨中心", "洛杉矶", "香港国际机场"),
    "th": ("กรุงเทพมหานคร", "บางนา", "เชียงใหม่"),
    "vi": ("TP. Hồ Chí Minh", "Hà Nội", "Đà Nẵng"),
    "ms": ("Shah Alam, Selangor", "Johor Bahru", "Kuala Lumpur"),
    "ar": ("الرياض", "دبي", "جدة"),
}
ESTIMATE: dict[str, Phrases] = {
    "en": ("Estimated delivery", "Scheduled Delivery"),
    "zh": ("预计送达", "预计派送"),
    "th": ("วันที่จัดส่งโดยประมาณ", "คาดว่าจะถึง"),
    "vi": ("Dự kiến giao", "Dự kiến giao hàng"),
    "ms": ("Anggaran penghantaran", "Dijangka tiba"),
    "ar": ("التسليم المتوقع", "التسليم المتوقع"),
}
CAPTURED: dict[str, Phrases] = {"en": ("Captured on", "Screenshot taken"), "zh": ("截图时间：", "截图时间")}

CHAT: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("buyer", "Hi, where is my parcel? It says delivered."),
        ("seller", "Hello, thank you for your message. Let me check with the carrier."),
        ("buyer", "I ordered twice by mistake, I want to return one"),
        ("seller", "The parcel was handed to the carrier on time."),
        ("buyer", "Ok I understand. Thank you"),
        ("seller", "You are welcome. Have a nice day!"),
    ),
    "zh": (
        ("buyer", "你好，我的包裹到哪里了？"),
        ("seller", "您好，正在为您查询物流。"),
        ("buyer", "我不小心拍了两单，想退一个"),
        ("seller", "好的，包裹已按时交给承运商。"),
        ("buyer", "知道了，谢谢"),
    ),
    "th": (("buyer", "ยังไม่ได้รับสินค้าเลย"), ("seller", "สวัสดีค่ะ กำลังตรวจสอบให้นะคะ"), ("buyer", "ขอบคุณค่ะ")),
    "vi": (
        ("buyer", "Mình chưa nhận được hàng"),
        ("seller", "Chào bạn, shop đang kiểm tra ạ"),
        ("buyer", "Cảm ơn shop"),
    ),
    "ms": (
        ("buyer", "Barang belum sampai lagi"),
        ("seller", "Hi, kami sedang semak dengan kurir"),
        ("buyer", "Ok, terima kasih"),
    ),
    "ar": (("buyer", "لم يصل الطلب بعد"), ("seller", "مرحبا، نحن نتحقق مع شركة الشحن"), ("buyer", "شكرا")),
}
ORDER: dict[str, dict[str, Phrases]] = {
    "en": {
        "title": ("Order details", "Order detail"),
        "id": ("Order ID", "Order No."),
        "status": ("Order status", "Status"),
        "shown": ("Completed", "Shipped"),
        "created": ("Created time", "Order time"),
        "paid": ("Paid time", "Payment time"),
        "carrier": ("Shipping provider", "Logistics provider"),
        "buyer": ("Buyer username", "Buyer nickname"),
        "tracking": ("Tracking number", "Tracking ID"),
        "address": ("Shipping address", "Recipient"),
    },
    "zh": {
        "title": ("订单详情", "订单信息"),
        "id": ("订单号", "订单编号"),
        "status": ("订单状态", "状态"),
        "shown": ("已完成", "已发货"),
        "created": ("创建时间", "下单时间"),
        "paid": ("付款时间", "支付时间"),
        "carrier": ("物流商", "承运商"),
        "buyer": ("买家昵称", "买家用户名"),
        "tracking": ("运单号", "物流单号"),
        "address": ("收货地址", "收件人"),
    },
}


OTHER_WORDS: dict[Phrases, tuple[str, ...]] = {
    NUMBER_LABEL["en"]: ("Parcel number", "Consignment", "AWB", "Shipment number"),
    NUMBER_LABEL["zh"]: ("快递单号", "跟踪号"),
    ("Origin Scan", "Shipment picked up"): ("Picked up", "We have your package"),
    ("Parcel collected", "Accepted by carrier"): ("Pickup scan", "Collected from sender"),
    ("Out for Delivery", "With delivery courier"): ("On vehicle for delivery", "Out for delivery today"),
    ("Delivered, Front Door/Porch", "Delivered - Signed for by: M. HALL"): ("Delivered", "Successfully delivered"),
    ("Delivery attempted - recipient not available", "Delivery exception: address issue"): (
        "Held at customs",
        "Attempted delivery",
        "Delayed",
    ),
    ("快件已揽收", "包裹已取件"): ("已揽件", "揽收成功"),
    ("快件已签收，签收人：本人", "包裹已妥投"): ("已签收", "派送成功"),
    ("派送失败，收件人不在", "海关扣留，等待处理"): ("清关延误", "快件滞留"),
    CAPTURED["en"]: ("Screenshot time", "Captured at"),
    CAPTURED["zh"]: ("截屏时间", "截图日期："),
}
"""What family "c" says instead."""


def said(phrases: Phrases, family: str) -> str:
    """The phrase of the family."""
    if family != "c":
        return phrases[family == "b"]
    others = OTHER_WORDS.get(phrases, phrases)
    return others[sum(map(ord, phrases[0])) % len(others)]
