# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Invent the customers of the demo clinic: nobody real, always the same.

All phones are 0900 000 xxx, all e-mails end with example.com.
"""

import random
from dataclasses import dataclass, field

from odoo.tools import remove_accents

FAMILY_NAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ")
WOMEN = (
    *("Thị An", "Ngọc Bích", "Thùy Chi", "Kim Dung", "Thu Hà", "Mỹ Hạnh", "Thị Huyền"),
    *("Khánh Linh", "Thị Loan", "Ngọc Mai", "Thúy Nga", "Bảo Ngọc", "Yến Nhi"),
    *("Thị Phương", "Như Quỳnh", "Thanh Tâm", "Thanh Thảo", "Thủy Tiên", "Thảo Vy"),
)
MEN = (
    *("Quốc Anh", "Thái Bình", "Minh Đức", "Văn Hải", "Gia Huy", "Tuấn Kiệt"),
    *("Hoàng Long", "Đức Mạnh", "Hữu Nam", "Anh Tuấn"),
)
# Wards and their streets, by the XML id of the province
PLACES = (
    ("VN-SG", "ben_thanh", ("Lê Thánh Tôn", "Nguyễn Trãi", "Lý Tự Trọng")),
    ("VN-SG", "sai_gon", ("Hai Bà Trưng", "Đồng Khởi", "Pasteur")),
    ("VN-SG", "ben_thanh", ("Calmette", "Phạm Ngũ Lão", "Bùi Thị Xuân")),
    ("VN-HN", "hoan_kiem", ("Hàng Bài", "Lý Thường Kiệt", "Bà Triệu")),
    ("VN-HN", "ba_dinh", ("Kim Mã", "Đội Cấn", "Liễu Giai")),
    ("VN-DN", "hai_chau", ("Bạch Đằng", "Trần Phú", "Lê Duẩn")),
)
JOBS = (
    *("Giáo viên", "Nhân viên văn phòng", "Chủ cửa hàng", "Kế toán", "Y tá"),
    *("Bán hàng online", "Hướng dẫn viên", "Kỹ sư", "Nội trợ", "Tiếp viên hàng không"),
)
GOALS = (
    *("Tự tin hơn khi gặp khách", "Đẹp trong ngày cưới", "Trẻ lại vài tuổi"),
    *("Cười tự tin khi chụp ảnh", "Xong trước Tết", "Dễ trang điểm hơn"),
)
HOBBIES = ("âm nhạc", "xem phim", "du lịch", "nấu ăn", "bơi lội", "đọc sách", "yoga")
# By service: what troubles its customers, and what they want
WISHES = {
    "nang_mui": (("mũi thấp", "sợ đau"), ("mũi cao tự nhiên", "hồi phục nhanh")),
    "cat_mi": (("mí sụp", "sợ lộ sẹo"), ("mắt to hơn", "nghỉ ít ngày")),
    "tri_nam": (("nám hai má", "da nhạy cảm"), ("da đều màu", "không bong tróc")),
    "tay_trang": (("răng ố vàng", "ê buốt"), ("răng trắng sáng", "làm ngoài giờ")),
    "rang_su": (("răng mẻ", "sợ mài răng"), ("răng đều", "bền lâu năm")),
    "kham": (("chưa biết chọn gì",), ("được bác sĩ tư vấn",)),
}
SERVICES = (*("tri_nam",) * 5, *("nang_mui",) * 4, *("tay_trang",) * 3, "rang_su")
SERVICES += (*("cat_mi",) * 3, "rang_su", "kham")


@dataclass
class People:
    """Make customers, one after the other.

    :param choose: the generator of random choices
    """

    choose: random.Random
    known: list[dict] = field(default_factory=list)

    def make_customer(self) -> dict:
        """Return the customer's attributes of a request; one customer in ten comes
        again."""
        choose = self.choose
        if len(self.known) > 20 and choose.random() < 0.1:
            customer = dict(choose.choice(self.known))
            if choose.random() < 0.5:
                customer["street"] = self._make_street(choose.choice(PLACES))
            return customer
        is_woman = choose.random() < 0.8
        given_names = WOMEN if is_woman else MEN
        name = f"{choose.choice(FAMILY_NAMES)} {choose.choice(given_names)}"
        number = 300 + len(self.known)
        number += 10 * (number > 400)  # 401 to 408 are those of the demo data
        phone = f"0900 000 {number}"
        province, ward, _streets = place = choose.choice(PLACES)
        year, month, day = choose.randint(1972, 2005), choose.randint(1, 12), 15
        customer = {
            "phone_no1": phone,
            "contact_name": name,
            "gender": "female" if is_woman else "male",
            "birth_date": f"{year}-{month:02}-{day}",
            "state": province,
            "ward": ward,
            "street": self._make_street(place),
        }
        words = remove_accents(name).lower().replace("đ", "d").split()
        nick = f"{words[-1]}.{words[0]}"  # as a person of this name writes it
        if choose.random() < 0.4:
            customer["email_from"] = f"{nick}{number}@example.com"
        if choose.random() < 0.5:
            customer["zalo_acc"] = phone.replace(" ", "")
        if choose.random() < 0.4:
            customer["facebook_acc"] = f"{nick}.{number}.demo"
        self.known.append(customer)
        return customer

    def choose_services(self) -> list[str]:
        """Return one to three services; several teeth are several times one service."""
        choose = self.choose
        services = [choose.choice(SERVICES)]
        if services == ["rang_su"]:
            services *= choose.choice((2, 4, 6))
        if choose.random() < 0.4:
            services.append("kham")
        return services

    def make_portrait(self, service: str) -> dict:
        """Return the portrait of a customer who asks for a service."""
        choose = self.choose
        pains, desires = WISHES[service]
        return {
            "revenue_source": choose.choice(JOBS),
            "term_goals": choose.choice(GOALS),
            "affected_by": choose.choice(("family", "friend", "friend", "co_worker")),
            "work_start_time": choose.choice((7.5, 8, 8.5)),
            "work_end_time": choose.choice((16.5, 17, 17.5, 21)),
            "transport": choose.choice(("scooter", "scooter", "scooter", "car")),
            "hobby": choose.sample(HOBBIES, 2),
            "pain_point": choose.sample(pains, 1),
            "desires": choose.sample(desires, 1),
        }

    def _make_street(self, place) -> str:
        _province, _ward, streets = place
        return f"{self.choose.randint(2, 240)} {self.choose.choice(streets)}"
