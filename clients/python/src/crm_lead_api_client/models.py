# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from __future__ import annotations

from typing import Any, Literal, TypeAlias, TypedDict

from typing_extensions import NotRequired

CrmLineId: TypeAlias = int | str


AddCrmLineId: TypeAlias = int | str


RemoveCrmLineId: TypeAlias = int | str


class BookingChange(TypedDict):
    """
    The body of ``PATCH /api/v1/bookings``: the attributes that change.

    ``null`` empties the note; ``""`` means "not sent", as everywhere.
    """

    start: NotRequired[str | str | None]
    """
    The new start; the length stays.

    Giờ bắt đầu mới; độ dài giữ nguyên.
    """
    seat_id: NotRequired[int | str | str | None]
    """
    The new seat.

    Chỗ mới.
    """
    crm_line_ids: NotRequired[list[CrmLineId] | str | None]
    """
    The new whole list of services; the length follows the services.

    Toàn bộ danh sách dịch vụ mới; độ dài tính theo các dịch vụ.
    """
    add_crm_line_ids: NotRequired[list[AddCrmLineId] | str | None]
    """
    Services to add; a service that is there gets one more.

    Dịch vụ cần thêm; dịch vụ đã có thì tăng thêm một.
    """
    remove_crm_line_ids: NotRequired[list[RemoveCrmLineId] | str | None]
    """
    Services to remove.

    Dịch vụ cần bỏ.
    """
    note: NotRequired[str | None]
    """
    A note for the branch; null empties it.

    Ghi chú cho chi nhánh; null để xóa.
    """
    state: NotRequired[Literal['booked', 'confirmed', 'arrived', 'done', 'no_show', 'cancelled'] | str | None]
    """
    The new state. booked: confirmed, arrived, no_show or cancelled may follow; confirmed: arrived, no_show, cancelled; arrived: done, cancelled.

    Trạng thái mới. Sau booked có thể là confirmed, arrived, no_show hoặc cancelled; sau confirmed: arrived, no_show, cancelled; sau arrived: done, cancelled.
    """
    cancel_reason: NotRequired[str | None]
    """
    Why it is cancelled.

    Vì sao hủy.
    """


class BookingEventData(TypedDict):
    """
    The booking, in an event about it; without the customer's data.
    """

    id_booking: int
    """
    The booking's id.

    ID của lịch hẹn.
    """
    code: str
    """
    The booking's code.

    Mã của lịch hẹn.
    """
    state: str
    """
    The state of the booking.

    Trạng thái của lịch hẹn.
    """
    start: str
    """
    When it begins, in the branch's zone.

    Bắt đầu lúc nào, theo múi giờ của chi nhánh.
    """
    end: str
    """
    When it ends.

    Kết thúc lúc nào.
    """
    company_id: int
    """
    The branch.

    Chi nhánh.
    """
    seat_id: int
    """
    The room, chair or doctor.

    Phòng, ghế hoặc bác sĩ.
    """
    cancel_reason: NotRequired[str | None]
    """
    Why it was cancelled.

    Vì sao đã hủy.
    """
    hours_before: NotRequired[int | None]
    """
    Of a reminder: how many hours before.

    Của lời nhắc: trước bao nhiêu giờ.
    """
    link_booking_detail: str
    """
    Where staff find the booking.

    Nơi nhân viên xem lịch hẹn.
    """
    link_calendar: str
    """
    The customer's calendar file, an address for the message to the customer.

    Tệp lịch của khách, một địa chỉ để gửi trong tin nhắn cho khách.
    """


class Candidate(TypedDict):
    """
    A record that a code may mean.
    """

    id: int
    name: str


class CustomerPortraitInput(TypedDict):
    """
    The customer's portrait, in requests and in answers.
    """

    revenue_source: NotRequired[str | None]
    """
    Finances, income.

    Nguồn thu nhập.
    """
    term_goals: NotRequired[str | None]
    """
    Goals.

    Mục tiêu.
    """
    social_influence: NotRequired[str | None]
    """
    Groups and people whose opinion counts for the customer.

    Những nhóm, những người mà khách hàng coi trọng ý kiến.
    """
    behavior_on_the_internet: NotRequired[str | None]
    """
    Where and when the customer is online.

    Khách hàng lên mạng ở đâu, vào lúc nào.
    """
    affected_by: NotRequired[Literal['family', 'friend', 'co_worker', 'community', 'electronic_media', 'other'] | str | None]
    """
    Who has the most weight in the customer's decision.

    Người ảnh hưởng nhiều nhất đến quyết định của khách hàng.
    """
    work_start_time: NotRequired[float | str | str | None]
    """
    When work starts: the hour of the day, 8.5 is 08:30.

    Giờ bắt đầu làm việc: 8.5 là 08:30.
    """
    work_end_time: NotRequired[float | str | str | None]
    """
    When work ends: the hour of the day.

    Giờ kết thúc làm việc.
    """
    break_start_time: NotRequired[float | str | str | None]
    """
    When the lunch break starts: the hour of the day.

    Giờ bắt đầu nghỉ trưa.
    """
    break_end_time: NotRequired[float | str | str | None]
    """
    When the lunch break ends: the hour of the day.

    Giờ kết thúc nghỉ trưa.
    """
    transport: NotRequired[Literal['bicycle', 'scooter', 'bus', 'car', 'other'] | str | None]
    """
    How the customer comes to you.

    Khách hàng đến bằng phương tiện gì.
    """
    hobby: NotRequired[list[str | None] | str | None]
    """
    Hobbies.

    Sở thích.
    """
    pain_point: NotRequired[list[str | None] | str | None]
    """
    Pain points.

    Điểm đau.
    """
    desires: NotRequired[list[str | None] | str | None]
    """
    Desires.

    Mong muốn.
    """


class CustomerPortraitOutput(TypedDict):
    """
    The customer's portrait, in requests and in answers.
    """

    revenue_source: str | None
    """
    Finances, income.

    Nguồn thu nhập.
    """
    term_goals: str | None
    """
    Goals.

    Mục tiêu.
    """
    social_influence: str | None
    """
    Groups and people whose opinion counts for the customer.

    Những nhóm, những người mà khách hàng coi trọng ý kiến.
    """
    behavior_on_the_internet: str | None
    """
    Where and when the customer is online.

    Khách hàng lên mạng ở đâu, vào lúc nào.
    """
    affected_by: Literal['family', 'friend', 'co_worker', 'community', 'electronic_media', 'other'] | None
    """
    Who has the most weight in the customer's decision.

    Người ảnh hưởng nhiều nhất đến quyết định của khách hàng.
    """
    work_start_time: float | None
    """
    When work starts: the hour of the day, 8.5 is 08:30.

    Giờ bắt đầu làm việc: 8.5 là 08:30.
    """
    work_end_time: float | None
    """
    When work ends: the hour of the day.

    Giờ kết thúc làm việc.
    """
    break_start_time: float | None
    """
    When the lunch break starts: the hour of the day.

    Giờ bắt đầu nghỉ trưa.
    """
    break_end_time: float | None
    """
    When the lunch break ends: the hour of the day.

    Giờ kết thúc nghỉ trưa.
    """
    transport: Literal['bicycle', 'scooter', 'bus', 'car', 'other'] | None
    """
    How the customer comes to you.

    Khách hàng đến bằng phương tiện gì.
    """
    hobby: list[str | None]
    """
    Hobbies.

    Sở thích.
    """
    pain_point: list[str | None]
    """
    Pain points.

    Điểm đau.
    """
    desires: list[str | None]
    """
    Desires.

    Mong muốn.
    """


class DryRunContact(TypedDict):
    """
    The customer.
    """

    account_id: NotRequired[int | None]
    """
    The known contact; null: a new one.

    Liên hệ đã có; null: liên hệ mới.
    """
    found_by: Literal['account', 'phone', 'email', 'none']
    """
    The attribute by which the customer was found.

    Dữ liệu đã giúp nhận ra khách hàng.
    """
    other_account_ids: list[int]
    """
    Other contacts that match, too.

    Các liên hệ khác cũng trùng khớp.
    """


class DryRunProposal(TypedDict):
    """
    A difference between contact and request: staff would decide.
    """

    subject: str
    proposed: str


class ErrorItem(TypedDict):
    """
    One wrong attribute, in an answer.
    """

    field: str
    code: str
    message: str
    allowed: NotRequired[list[str] | None]
    did_you_mean: NotRequired[str | None]
    candidates: NotRequired[list[Candidate] | None]


class ErrorResponse(TypedDict):
    """
    The body of every error but 401; ``error`` is the HTTP status.
    """

    error: int
    type: str
    message: str
    errors: NotRequired[list[ErrorItem] | None]
    state: NotRequired[str | None]
    leads: NotRequired[list[int] | None]
    reference: NotRequired[str | None]


class FreeStart(TypedDict):
    """
    A free time, with its seats.
    """

    start: str
    """
    When the booking can begin.

    Lịch hẹn có thể bắt đầu lúc nào.
    """
    end: str
    """
    When it would end.

    Sẽ kết thúc lúc nào.
    """
    seats: list[int]
    """
    The free seats; the first one is taken if no seat is sent.

    Các chỗ còn trống; chỗ đầu tiên được lấy nếu không gửi chỗ nào.
    """


class LeadItem(TypedDict):
    """
    A lead among many.
    """

    account_id: NotRequired[int | str | str | None]
    """
    The customer's account, if there is one: a contact's id. Without it phone_no1 is required.

    ID account của khách hàng nếu đã có: id của liên hệ. Không có thì bắt buộc gửi phone_no1.
    """
    phone_no1: NotRequired[str | None]
    """
    The customer's first phone. Required without account_id.

    Số điện thoại của khách hàng. Bắt buộc khi không có account_id.
    """
    phone_no2: NotRequired[str | None]
    """
    The customer's second phone.

    Số điện thoại 2 của khách hàng.
    """
    phone_no3: NotRequired[str | None]
    """
    The customer's third phone.

    Số điện thoại 3 của khách hàng.
    """
    ticket_id: int | str
    """
    The ticket in your system.

    Ticket trong hệ thống của bạn.
    """
    agent_email: str
    """
    The agent's e-mail. The user with this login or e-mail becomes the salesperson; without such a user the team assigns the lead.

    Email của tổng đài viên. Người dùng có tên đăng nhập hoặc email đó trở thành nhân viên sales; nếu không có, bộ phận sẽ phân công lead.
    """
    user_id: int | str
    """
    Who created the request: an internal user.

    Người tạo yêu cầu: một người dùng nội bộ.
    """
    contact_name: str
    """
    The customer's name.

    Tên liên hệ của khách hàng.
    """
    gender: Literal['male', 'female', 'other']
    """
    The customer's gender.

    Giới tính của khách hàng.
    """
    country_id: int | str
    """
    Country.

    Quốc gia.
    """
    state_id: int | str
    """
    Province or city, of that country.

    Tỉnh/thành phố thuộc quốc gia đó.
    """
    district_id: NotRequired[int | str | str | None]
    """
    District, since July 2025 ward or commune, of that province.

    Quận/huyện (từ tháng 7/2025 là phường/xã) thuộc tỉnh/thành phố đó.
    """
    street: str
    """
    The rest of the address.

    Địa chỉ chi tiết.
    """
    company_id: int | str
    """
    Company.

    Công ty.
    """
    price_list_id: int | str
    """
    Price list that this company may use.

    Bảng giá mà công ty này được dùng.
    """
    category_source_id: int | str
    """
    Source group.

    Nhóm nguồn.
    """
    source_id: int | str
    """
    Source, of that group.

    Nguồn thuộc nhóm đó.
    """
    campaign_id: int | str
    """
    Campaign.

    Chiến dịch.
    """
    crm_line_ids: list[CrmLineId]
    """
    The services that the customer asks for, at least one; a service sent twice has quantity 2.

    Các dịch vụ khách hàng quan tâm, ít nhất một; gửi hai lần thì số lượng là 2.
    """
    birth_date: NotRequired[str | str | None]
    """
    Date of birth, year-month-day.

    Ngày sinh, dạng năm-tháng-ngày.
    """
    email_from: NotRequired[str | str | None]
    """
    The customer's e-mail.

    Email của khách hàng.
    """
    facebook_acc: NotRequired[str | None]
    """
    Facebook account.

    Tài khoản Facebook.
    """
    zalo_acc: NotRequired[str | None]
    """
    Zalo account.

    Tài khoản Zalo.
    """
    send_info_facebook: NotRequired[Literal['not_send', 'sent'] | str | None]
    """
    Information by Facebook: not sent, sent.

    Tin Facebook: chưa gửi, đã gửi.
    """
    send_info_zalo: NotRequired[Literal['no_acc', 'not_response', 'sent'] | str | None]
    """
    Information by Zalo: no account, sent without a response, responded.

    Tin Zalo: chưa có tài khoản, đã gửi nhưng chưa trả lời, đã trả lời.
    """
    overseas_vietnamese: NotRequired[Literal['no', 'marketing', 'branch'] | str | None]
    """
    Overseas Vietnamese: no, won by marketing, won by a branch.

    Việt kiều: không, do marketing mang về, do chi nhánh mang về.
    """
    work_online: NotRequired[Literal['no', 'yes'] | str | None]
    """
    The customer works online.

    Khách hàng làm việc online.
    """
    online_counseling: NotRequired[Literal['no', 'yes'] | str | None]
    """
    The customer wants to be counseled by video or chat.

    Khách hàng muốn được tư vấn qua video hoặc chat.
    """
    shuttle_bus: NotRequired[Literal['no', 'yes'] | str | None]
    """
    The customer wants to be fetched by the shuttle bus.

    Khách hàng muốn được xe đưa đón.
    """
    customer_portrait: NotRequired[CustomerPortraitInput | str | None]
    """
    The customer's portrait.

    Chân dung khách hàng.
    """
    ref: NotRequired[str | int | str | None]
    """
    Your own name for the lead, a text or a number: the answer repeats it.

    Tên bạn tự đặt cho lead, là chữ hoặc số: câu trả lời sẽ nhắc lại.
    """
    idempotency_key: NotRequired[str | None]
    """
    Your own key for each lead: sending the lead again then makes no second lead.

    Mỗi lead một khóa riêng của bạn: gửi lại lead sẽ không tạo lead thứ hai.
    """


class LeadRequest(TypedDict):
    """
    The body of ``POST /api/v1/lead``, attributes in the contract's order.
    """

    account_id: NotRequired[int | str | str | None]
    """
    The customer's account, if there is one: a contact's id. Without it phone_no1 is required.

    ID account của khách hàng nếu đã có: id của liên hệ. Không có thì bắt buộc gửi phone_no1.
    """
    phone_no1: NotRequired[str | None]
    """
    The customer's first phone. Required without account_id.

    Số điện thoại của khách hàng. Bắt buộc khi không có account_id.
    """
    phone_no2: NotRequired[str | None]
    """
    The customer's second phone.

    Số điện thoại 2 của khách hàng.
    """
    phone_no3: NotRequired[str | None]
    """
    The customer's third phone.

    Số điện thoại 3 của khách hàng.
    """
    ticket_id: int | str
    """
    The ticket in your system.

    Ticket trong hệ thống của bạn.
    """
    agent_email: str
    """
    The agent's e-mail. The user with this login or e-mail becomes the salesperson; without such a user the team assigns the lead.

    Email của tổng đài viên. Người dùng có tên đăng nhập hoặc email đó trở thành nhân viên sales; nếu không có, bộ phận sẽ phân công lead.
    """
    user_id: int | str
    """
    Who created the request: an internal user.

    Người tạo yêu cầu: một người dùng nội bộ.
    """
    contact_name: str
    """
    The customer's name.

    Tên liên hệ của khách hàng.
    """
    gender: Literal['male', 'female', 'other']
    """
    The customer's gender.

    Giới tính của khách hàng.
    """
    country_id: int | str
    """
    Country.

    Quốc gia.
    """
    state_id: int | str
    """
    Province or city, of that country.

    Tỉnh/thành phố thuộc quốc gia đó.
    """
    district_id: NotRequired[int | str | str | None]
    """
    District, since July 2025 ward or commune, of that province.

    Quận/huyện (từ tháng 7/2025 là phường/xã) thuộc tỉnh/thành phố đó.
    """
    street: str
    """
    The rest of the address.

    Địa chỉ chi tiết.
    """
    company_id: int | str
    """
    Company.

    Công ty.
    """
    price_list_id: int | str
    """
    Price list that this company may use.

    Bảng giá mà công ty này được dùng.
    """
    category_source_id: int | str
    """
    Source group.

    Nhóm nguồn.
    """
    source_id: int | str
    """
    Source, of that group.

    Nguồn thuộc nhóm đó.
    """
    campaign_id: int | str
    """
    Campaign.

    Chiến dịch.
    """
    crm_line_ids: list[CrmLineId]
    """
    The services that the customer asks for, at least one; a service sent twice has quantity 2.

    Các dịch vụ khách hàng quan tâm, ít nhất một; gửi hai lần thì số lượng là 2.
    """
    birth_date: NotRequired[str | str | None]
    """
    Date of birth, year-month-day.

    Ngày sinh, dạng năm-tháng-ngày.
    """
    email_from: NotRequired[str | str | None]
    """
    The customer's e-mail.

    Email của khách hàng.
    """
    facebook_acc: NotRequired[str | None]
    """
    Facebook account.

    Tài khoản Facebook.
    """
    zalo_acc: NotRequired[str | None]
    """
    Zalo account.

    Tài khoản Zalo.
    """
    send_info_facebook: NotRequired[Literal['not_send', 'sent'] | str | None]
    """
    Information by Facebook: not sent, sent.

    Tin Facebook: chưa gửi, đã gửi.
    """
    send_info_zalo: NotRequired[Literal['no_acc', 'not_response', 'sent'] | str | None]
    """
    Information by Zalo: no account, sent without a response, responded.

    Tin Zalo: chưa có tài khoản, đã gửi nhưng chưa trả lời, đã trả lời.
    """
    overseas_vietnamese: NotRequired[Literal['no', 'marketing', 'branch'] | str | None]
    """
    Overseas Vietnamese: no, won by marketing, won by a branch.

    Việt kiều: không, do marketing mang về, do chi nhánh mang về.
    """
    work_online: NotRequired[Literal['no', 'yes'] | str | None]
    """
    The customer works online.

    Khách hàng làm việc online.
    """
    online_counseling: NotRequired[Literal['no', 'yes'] | str | None]
    """
    The customer wants to be counseled by video or chat.

    Khách hàng muốn được tư vấn qua video hoặc chat.
    """
    shuttle_bus: NotRequired[Literal['no', 'yes'] | str | None]
    """
    The customer wants to be fetched by the shuttle bus.

    Khách hàng muốn được xe đưa đón.
    """
    customer_portrait: NotRequired[CustomerPortraitInput | str | None]
    """
    The customer's portrait.

    Chân dung khách hàng.
    """


class LeadWarning(TypedDict):
    """
    A warning: no error, but perhaps not meant.
    """

    field: str
    code: str
    message: str
    did_you_mean: NotRequired[str | None]


class LeadsRequest(TypedDict):
    """
    The body of ``POST /api/v1/leads``.
    """

    leads: list[LeadItem]
    """
    The leads, up to 1000, each as for a request of its own.

    Các lead, tối đa 1000, mỗi lead như trong một yêu cầu riêng.
    """
    atomic: NotRequired[bool | str | str | None]
    """
    true: all leads or, if one is wrong, no lead.

    true: tạo tất cả hoặc, nếu có một lead sai, không tạo lead nào.
    """
    quiet: NotRequired[bool | str | str | None]
    """
    true, for imports: no creation notes, assignment notices, planned calls.

    true, khi nhập dữ liệu hàng loạt: không có ghi chú tạo mới, thông báo phân công hay lịch gọi.
    """


class Limits(TypedDict):
    requests_per_minute: NotRequired[int | None]
    """
    Requests per minute; null: no limit.

    Số yêu cầu mỗi phút; null: không giới hạn.
    """
    max_body: int
    """
    Size of a body, in bytes.

    Kích thước nội dung, tính bằng byte.
    """
    max_items: int
    """
    Items of a list.

    Số mục của một danh sách.
    """
    max_depth: int
    """
    How deep a body may be nested.

    Nội dung được lồng nhau sâu tối đa bao nhiêu cấp.
    """
    answer_days: int
    """
    How many days an Idempotency-Key is remembered.

    Idempotency-Key được ghi nhớ bao nhiêu ngày.
    """


class MatchedBy(TypedDict):
    """
    How a customer was found.
    """

    method: Literal['account', 'phone', 'email']
    """
    The parameter by which the customer was found.

    Tham số giúp tìm ra khách hàng.
    """
    value: str
    """
    The value that matched: an id, a phone in E.164 form, an e-mail.

    Giá trị khớp: một id, một số điện thoại dạng E.164 hoặc một email.
    """


class MergedInto(TypedDict):
    """
    The lead that lives on.
    """

    id_lead: int
    ticket_id: NotRequired[int | str | None]
    """
    The ticket of that lead, if the lead is the client's own.

    Ticket của lead đó, nếu lead thuộc chính hệ thống này.
    """


class NamedRecord(TypedDict):
    id: int
    name: str


class NoteData(TypedDict):
    id_note: NotRequired[int | None]
    """
    The note's id; null after a dry run.

    Mã ghi chú; null sau khi chạy thử.
    """
    id_lead: int
    """
    The lead's id.

    Id của lead.
    """


class NoteRequest(TypedDict):
    """
    The body of a note on a lead.
    """

    text: str
    """
    The note, as plain text.

    Nội dung ghi chú, dạng văn bản thuần.
    """
    agent_email: str
    """
    The agent's e-mail. The user with this login or e-mail is the author.

    Email của tổng đài viên. Người dùng có tên đăng nhập hoặc email này là người viết ghi chú.
    """
    occurred_at: NotRequired[str | str | None]
    """
    When the noted event happened, as of RFC 3339; now if not sent.

    Thời điểm sự việc được ghi chú, theo RFC 3339; không gửi thì là bây giờ.
    """


class NoteResponse(TypedDict):
    """
    The answer to a note.
    """

    error: NotRequired[Literal[0]]
    message: NotRequired[Literal['Success']]
    data: NoteData


class Owner(TypedDict):
    """
    The salesperson.
    """

    id: int
    name: str
    email: str | None


class PhoneCallRequest(TypedDict):
    """
    The body of ``PUT /api/v1/phone-calls/<call_id>``: the attributes that are known,
    or have changed.

    ``null`` empties an attribute; ``""`` means "not sent", as everywhere.
    """

    direction: NotRequired[Literal['in', 'out'] | str | None]
    """
    in: the customer called; out: the customer was called.

    in: khách gọi đến; out: gọi cho khách.
    """
    phone: NotRequired[str | None]
    """
    The customer's number, as the telephone shows it; null: withheld.

    Số của khách như điện thoại hiển thị; null: số ẩn.
    """
    agent_email: NotRequired[str | None]
    """
    The e-mail of the agent who spoke, or should have.

    Email của tổng đài viên đã nghe máy, hoặc lẽ ra phải nghe.
    """
    started_at: NotRequired[str | str | None]
    """
    When the telephone began to ring, as of RFC 3339.

    Khi chuông bắt đầu reo, theo RFC 3339.
    """
    answered_at: NotRequired[str | str | None]
    """
    When somebody answered.

    Khi có người nghe máy.
    """
    ended_at: NotRequired[str | str | None]
    """
    When the call ended.

    Khi cuộc gọi kết thúc.
    """
    outcome: NotRequired[Literal['answered', 'no_answer', 'busy', 'voicemail', 'wrong_number', 'callback'] | str | None]
    """
    The result, once it is known.

    Kết quả, khi đã biết.
    """
    ticket_id: NotRequired[int | str | str | None]
    """
    The ticket in your system. The call belongs to the ticket's newest open lead, or joins the lead as soon as there is one.

    Ticket trong hệ thống của bạn. Cuộc gọi thuộc lead đang mở mới nhất của ticket, hoặc gắn vào lead ngay khi có.
    """
    account_id: NotRequired[int | str | str | None]
    """
    The customer's account, a contact's id; without it the phone decides.

    Tài khoản của khách hàng, tức id của liên hệ; nếu không gửi thì tìm theo số điện thoại.
    """
    call_type: NotRequired[str | None]
    """
    Your own word for the kind of call.

    Từ riêng của bạn cho loại cuộc gọi.
    """
    note: NotRequired[str | None]
    """
    The note of the agent, as plain text.

    Ghi chú của tổng đài viên, dạng văn bản thuần.
    """
    callback_at: NotRequired[str | str | None]
    """
    When to call the customer again: plans a call for the salesperson.

    Khi cần gọi lại cho khách: lên lịch một cuộc gọi cho nhân viên sales.
    """
    recording_url: NotRequired[str | None]
    """
    Where staff hear the recording in your system, as an https address.

    Nơi nhân viên nghe bản ghi âm trong hệ thống của bạn, địa chỉ https.
    """


class PortraitChange(TypedDict):
    """
    The part of a portrait that changes; ``null`` empties an attribute.
    """

    revenue_source: NotRequired[str | None]
    """
    Finances, income.

    Nguồn thu nhập.
    """
    term_goals: NotRequired[str | None]
    """
    Goals.

    Mục tiêu.
    """
    social_influence: NotRequired[str | None]
    """
    Groups and people whose opinion counts for the customer.

    Những nhóm, những người mà khách hàng coi trọng ý kiến.
    """
    behavior_on_the_internet: NotRequired[str | None]
    """
    Where and when the customer is online.

    Khách hàng lên mạng ở đâu, vào lúc nào.
    """
    affected_by: NotRequired[Literal['family', 'friend', 'co_worker', 'community', 'electronic_media', 'other'] | str | None]
    """
    Who has the most weight in the customer's decision.

    Người ảnh hưởng nhiều nhất đến quyết định của khách hàng.
    """
    work_start_time: NotRequired[float | str | str | None]
    """
    When work starts: the hour of the day, 8.5 is 08:30.

    Giờ bắt đầu làm việc: 8.5 là 08:30.
    """
    work_end_time: NotRequired[float | str | str | None]
    """
    When work ends: the hour of the day.

    Giờ kết thúc làm việc.
    """
    break_start_time: NotRequired[float | str | str | None]
    """
    When the lunch break starts: the hour of the day.

    Giờ bắt đầu nghỉ trưa.
    """
    break_end_time: NotRequired[float | str | str | None]
    """
    When the lunch break ends: the hour of the day.

    Giờ kết thúc nghỉ trưa.
    """
    transport: NotRequired[Literal['bicycle', 'scooter', 'bus', 'car', 'other'] | str | None]
    """
    How the customer comes to you.

    Khách hàng đến bằng phương tiện gì.
    """
    hobby: NotRequired[list[str | None] | str | None]
    """
    Hobbies.

    Sở thích.
    """
    pain_point: NotRequired[list[str | None] | str | None]
    """
    Pain points.

    Điểm đau.
    """
    desires: NotRequired[list[str | None] | str | None]
    """
    Desires.

    Mong muốn.
    """


class Proposed(TypedDict):
    """
    A value that differs from the value of staff, who decide about the value.
    """

    on: Literal['lead', 'customer']
    """
    The record that staff would change: the lead, or its contact.

    Bản ghi mà nhân viên sẽ thay đổi: lead hoặc liên hệ của lead.
    """
    field: str
    """
    The attribute.

    Thuộc tính.
    """
    present: NotRequired[Any]
    """
    The present value; null also if the client may not read the value.

    Giá trị hiện tại; cũng là null nếu hệ thống không được đọc giá trị này.
    """
    sent: NotRequired[Any]
    """
    The proposed value; null: the attribute would be emptied.

    Giá trị đề xuất; null: xóa trống thuộc tính.
    """


class Recording(TypedDict):
    """
    The recording that your system has sent.
    """

    media_type: str
    """
    The type of the sound.

    Loại âm thanh.
    """
    size: int
    """
    In bytes.

    Tính bằng byte.
    """


class ReferenceItem(TypedDict):
    """
    A record that a lead can name, with the attributes of its list.
    """

    id: NotRequired[int | None]
    """
    The value to send for the list's attribute.

    Giá trị gửi cho thuộc tính của danh mục.
    """
    attribute: NotRequired[str | None]
    """
    Of choices: the attribute that has them.

    Với lựa chọn: thuộc tính có các lựa chọn đó.
    """
    code: NotRequired[str | None]
    """
    The record's code. For choices: the value to send. For agents: the login.

    Mã nhận biết. Với lựa chọn: giá trị để gửi. Với tổng đài viên: tên đăng nhập.
    """
    name: str
    """
    The name for people.

    Tên gọi.
    """
    email: NotRequired[str | None]
    """
    Of agents: what to send as agent_email.

    Với tổng đài viên: giá trị để gửi trong agent_email.
    """
    country_id: NotRequired[int | None]
    """
    Of states: their country.

    Với tỉnh/thành phố: quốc gia của chúng.
    """
    state_id: NotRequired[int | None]
    """
    Of districts: their state.

    Với quận/huyện: tỉnh/thành phố của chúng.
    """
    category_source_id: NotRequired[int | None]
    """
    Of sources: their group.

    Với nguồn: nhóm nguồn của chúng.
    """
    company_id: NotRequired[int | None]
    """
    The only company that may use the record; null: all companies.

    Công ty duy nhất được dùng; null: mọi công ty.
    """
    currency: NotRequired[str | None]
    """
    Of price lists and prices: ISO 4217.

    Với bảng giá và giá: ISO 4217.
    """
    price: NotRequired[float | None]
    """
    For services: the price of one unit in the chosen price list.

    Với dịch vụ: đơn giá theo bảng giá được yêu cầu.
    """


class ReferenceListItem(TypedDict):
    name: str
    """
    The list's name in the address.

    Tên danh mục trong địa chỉ.
    """
    title: str
    """
    The name for people.

    Tên gọi.
    """
    attribute: NotRequired[str | None]
    """
    The lead's attribute that it is for.

    Thuộc tính của lead dùng danh mục này.
    """
    filters: list[str]
    """
    The parameters that narrow it down.

    Các tham số để thu hẹp.
    """
    path: str
    """
    Where it is.

    Địa chỉ.
    """


class ReferenceLists(TypedDict):
    items: list[ReferenceListItem]


class ReferenceListsResponse(TypedDict):
    """
    The reference lists.
    """

    error: NotRequired[Literal[0]]
    message: NotRequired[Literal['Success']]
    data: ReferenceLists


class ReferencePage(TypedDict):
    items: list[ReferenceItem]
    next_cursor: NotRequired[str | None]
    """
    The cursor for the next page; null: this page is the last.

    Giá trị gửi trong cursor để đọc trang tiếp theo; null: đây là trang cuối.
    """


class ReferenceResponse(TypedDict):
    """
    A page of a reference list.
    """

    error: NotRequired[Literal[0]]
    message: NotRequired[Literal['Success']]
    data: ReferencePage


class Rights(TypedDict):
    """
    The rights of the client.
    """

    reads_all_leads: bool
    """
    The client may read all leads of its companies, not only its own.

    Được đọc mọi lead của các công ty của mình, không chỉ lead do mình tạo.
    """
    looks_up_customers: bool
    """
    The client may look up the customers of its companies.

    Hệ thống được tra cứu khách hàng của các công ty mình.
    """
    takes_own_codes: bool
    """
    The client may send codes of its own system instead of ids.

    Được gửi mã của hệ thống riêng thay cho id.
    """
    takes_codes: bool
    """
    The client may send codes and names of Odoo instead of ids.

    Được gửi mã và tên của Odoo thay cho id.
    """
    has_text_tickets: bool
    """
    Tickets are texts, such as TCK-100; otherwise they are numbers.

    Mã ticket là chữ, ví dụ TCK-100; nếu không thì là số.
    """
    replays_content: bool
    """
    Equal content within 24 hours makes no second lead.

    Nội dung giống hệt trong vòng 24 giờ không tạo lead thứ hai.
    """
    books_appointments: bool
    """
    The client may make, read and change bookings: those of its own leads, or of all leads if it reads all leads.

    Hệ thống được tạo, đọc và thay đổi lịch hẹn: của các lead của nó, hoặc của mọi lead nếu nó được đọc mọi lead.
    """


class Service(TypedDict):
    """
    A service that the customer asks for.
    """

    id: int
    name: str
    quantity: float
    price_unit: float
    price_subtotal: float
    currency: str


class SlotsData(TypedDict):
    slots: list[FreeStart]
    """
    The free times, with times in the branch's zone.

    Các giờ còn trống, theo múi giờ của chi nhánh.
    """


class SlotsResponse(TypedDict):
    """
    The free times of a branch.
    """

    error: NotRequired[Literal[0]]
    message: NotRequired[Literal['Success']]
    data: SlotsData


class StoredLead(TypedDict):
    """
    A lead as it is now, by the attributes of a request, and its progress.
    """

    account_id: int | None
    """
    The customer's account, if there is one: a contact's id. Without it phone_no1 is required.

    ID account của khách hàng nếu đã có: id của liên hệ. Không có thì bắt buộc gửi phone_no1.
    """
    phone_no1: str | None
    """
    The customer's first phone. Required without account_id.

    Số điện thoại của khách hàng. Bắt buộc khi không có account_id.
    """
    phone_no2: str | None
    """
    The customer's second phone.

    Số điện thoại 2 của khách hàng.
    """
    phone_no3: str | None
    """
    The customer's third phone.

    Số điện thoại 3 của khách hàng.
    """
    ticket_id: int | None
    """
    The ticket in your system.

    Ticket trong hệ thống của bạn.
    """
    agent_email: str | None
    """
    The agent's e-mail. The user with this login or e-mail becomes the salesperson; without such a user the team assigns the lead.

    Email của tổng đài viên. Người dùng có tên đăng nhập hoặc email đó trở thành nhân viên sales; nếu không có, bộ phận sẽ phân công lead.
    """
    user_id: int | None
    """
    Who created the request: an internal user.

    Người tạo yêu cầu: một người dùng nội bộ.
    """
    contact_name: str | None
    """
    The customer's name.

    Tên liên hệ của khách hàng.
    """
    gender: Literal['male', 'female', 'other'] | None
    """
    The customer's gender.

    Giới tính của khách hàng.
    """
    country_id: int | None
    """
    Country.

    Quốc gia.
    """
    state_id: int | None
    """
    Province or city, of that country.

    Tỉnh/thành phố thuộc quốc gia đó.
    """
    district_id: int | None
    """
    District, since July 2025 ward or commune, of that province.

    Quận/huyện (từ tháng 7/2025 là phường/xã) thuộc tỉnh/thành phố đó.
    """
    street: str | None
    """
    The rest of the address.

    Địa chỉ chi tiết.
    """
    company_id: int | None
    """
    Company.

    Công ty.
    """
    price_list_id: int | None
    """
    Price list that this company may use.

    Bảng giá mà công ty này được dùng.
    """
    category_source_id: int | None
    """
    Source group.

    Nhóm nguồn.
    """
    source_id: int | None
    """
    Source, of that group.

    Nguồn thuộc nhóm đó.
    """
    campaign_id: int | None
    """
    Campaign.

    Chiến dịch.
    """
    crm_line_ids: list[int] | None
    """
    The services that the customer asks for, at least one; a service sent twice has quantity 2.

    Các dịch vụ khách hàng quan tâm, ít nhất một; gửi hai lần thì số lượng là 2.
    """
    birth_date: str | None
    """
    Date of birth, year-month-day.

    Ngày sinh, dạng năm-tháng-ngày.
    """
    email_from: str | None
    """
    The customer's e-mail.

    Email của khách hàng.
    """
    facebook_acc: str | None
    """
    Facebook account.

    Tài khoản Facebook.
    """
    zalo_acc: str | None
    """
    Zalo account.

    Tài khoản Zalo.
    """
    send_info_facebook: Literal['not_send', 'sent'] | None
    """
    Information by Facebook: not sent, sent.

    Tin Facebook: chưa gửi, đã gửi.
    """
    send_info_zalo: Literal['no_acc', 'not_response', 'sent'] | None
    """
    Information by Zalo: no account, sent without a response, responded.

    Tin Zalo: chưa có tài khoản, đã gửi nhưng chưa trả lời, đã trả lời.
    """
    overseas_vietnamese: Literal['no', 'marketing', 'branch'] | None
    """
    Overseas Vietnamese: no, won by marketing, won by a branch.

    Việt kiều: không, do marketing mang về, do chi nhánh mang về.
    """
    work_online: Literal['no', 'yes'] | None
    """
    The customer works online.

    Khách hàng làm việc online.
    """
    online_counseling: Literal['no', 'yes'] | None
    """
    The customer wants to be counseled by video or chat.

    Khách hàng muốn được tư vấn qua video hoặc chat.
    """
    shuttle_bus: Literal['no', 'yes'] | None
    """
    The customer wants to be fetched by the shuttle bus.

    Khách hàng muốn được xe đưa đón.
    """
    customer_portrait: CustomerPortraitOutput | None
    """
    The customer's portrait.

    Chân dung khách hàng.
    """
    id_lead: int
    """
    The lead's id.

    Id của lead.
    """
    link_lead_detail: str
    """
    Where staff find the lead in Odoo.

    Nơi nhân viên mở lead trong Odoo.
    """
    ticket_ids: list[int]
    """
    All tickets of the lead: several after leads were merged.

    Tất cả ticket của lead: có nhiều ticket nếu các lead đã được gộp.
    """
    state: Literal['new', 'contacted', 'qualified', 'won', 'lost']
    """
    new, contacted, qualified, won, or lost.

    new (mới), contacted (đã liên hệ), qualified (đủ điều kiện), won (đạt) hoặc lost (mất).
    """
    lost_reason: str | None
    """
    Why it was lost.

    Lý do mất.
    """
    owner: Owner | None
    """
    The salesperson; null: nobody yet.

    Nhân viên sales; null: chưa có ai.
    """
    team: str | None
    """
    The sales team.

    Bộ phận sales.
    """
    services: list[Service]
    """
    The services with their prices.

    Các dịch vụ kèm giá.
    """
    created_at: str
    """
    When the lead was made, UTC.

    Thời điểm lead được tạo, giờ UTC.
    """
    updated_at: str
    """
    When the lead last changed, UTC.

    Thời điểm lead thay đổi gần nhất, giờ UTC.
    """
    contacted_at: str | None
    """
    When staff first wrote to the customer or did an activity, UTC.

    Thời điểm nhân viên lần đầu nhắn tin cho khách hàng hoặc hoàn thành một hoạt động, giờ UTC.
    """
    closed_at: str | None
    """
    When it was won or lost, UTC.

    Thời điểm đạt hoặc mất, giờ UTC.
    """


class StoredLeadPage(TypedDict):
    items: list[StoredLead]
    next_cursor: NotRequired[str | None]
    """
    The cursor for the leads after these; null: there are no more leads yet.

    Giá trị gửi trong cursor để đọc các lead tiếp theo; null: hiện chưa có.
    """


class StoredLeadResponse(TypedDict):
    """
    One lead.
    """

    error: NotRequired[Literal[0]]
    message: NotRequired[Literal['Success']]
    data: StoredLead


class StoredLeadsResponse(TypedDict):
    """
    Several leads.
    """

    error: NotRequired[Literal[0]]
    message: NotRequired[Literal['Success']]
    data: StoredLeadPage


class StoredPhoneCall(TypedDict):
    """
    A phone call as it is now.
    """

    call_id: str
    """
    Your own id of the phone call.

    Mã riêng của bạn cho cuộc gọi.
    """
    direction: Literal['in', 'out']
    """
    in or out.

    in hoặc out.
    """
    phone: NotRequired[str | None]
    """
    The customer's number, as sent; null: withheld.

    Số của khách, như đã gửi; null: số ẩn.
    """
    agent_email: str
    """
    The agent.

    Tổng đài viên.
    """
    started_at: str
    """
    When it began to ring, UTC.

    Khi chuông bắt đầu reo, UTC.
    """
    answered_at: NotRequired[str | None]
    """
    When somebody answered, UTC.

    Khi có người nghe máy, UTC.
    """
    ended_at: NotRequired[str | None]
    """
    When it ended, UTC.

    Khi kết thúc, UTC.
    """
    duration: int
    """
    Seconds from the answer to the end; 0 without an answer.

    Số giây từ khi nghe máy đến khi kết thúc; 0 nếu không có người nghe.
    """
    outcome: NotRequired[Literal['answered', 'no_answer', 'busy', 'voicemail', 'wrong_number', 'callback'] | None]
    """
    The result; null: not known yet.

    Kết quả; null: chưa biết.
    """
    ticket_id: NotRequired[int | None]
    """
    The ticket in your system.

    Ticket trong hệ thống của bạn.
    """
    account_id: NotRequired[int | None]
    """
    The customer's account: as sent, or of the lead; of a customer who was found by phone only if your client looks customers up.

    Tài khoản của khách hàng: như đã gửi, hoặc của lead; của khách tìm được theo số điện thoại chỉ khi hệ thống có quyền tra cứu khách hàng.
    """
    id_lead: NotRequired[int | None]
    """
    The lead; null: there is none yet that your client may read.

    Lead; null: chưa có lead nào mà hệ thống được đọc.
    """
    call_type: NotRequired[str | None]
    """
    Your own word for the kind of call.

    Từ riêng của bạn cho loại cuộc gọi.
    """
    note: NotRequired[str | None]
    """
    The note of the agent.

    Ghi chú của tổng đài viên.
    """
    callback_at: NotRequired[str | None]
    """
    When to call again, UTC.

    Khi cần gọi lại, UTC.
    """
    recording_url: NotRequired[str | None]
    """
    The recording in your system.

    Bản ghi âm trong hệ thống của bạn.
    """
    recording: NotRequired[Recording | None]
    """
    The recording that Odoo keeps; null: none came yet, or it was erased.

    Bản ghi âm mà Odoo giữ; null: chưa gửi đến, hoặc đã bị xóa.
    """
    created_at: str
    """
    When Odoo first heard of it, UTC.

    Khi Odoo nhận tin lần đầu, UTC.
    """
    updated_at: str
    """
    When it last changed, UTC.

    Khi thay đổi lần cuối, UTC.
    """


class StoredPhoneCallPage(TypedDict):
    items: list[StoredPhoneCall]
    next_cursor: NotRequired[str | None]
    """
    The cursor for the calls after these; null: there are no more calls yet.

    Con trỏ cho các cuộc gọi tiếp theo; null: chưa có thêm cuộc gọi nào.
    """


class StoredPhoneCallResponse(TypedDict):
    """
    One phone call.
    """

    error: NotRequired[Literal[0]]
    message: NotRequired[Literal['Success']]
    data: StoredPhoneCall


class StoredPhoneCallsResponse(TypedDict):
    """
    Several phone calls.
    """

    error: NotRequired[Literal[0]]
    message: NotRequired[Literal['Success']]
    data: StoredPhoneCallPage


class Token(TypedDict):
    name: str
    hint: str
    """
    The end of the token.

    Phần cuối của token.
    """
    expires_at: str
    """
    UTC.

    Giờ UTC.
    """
    is_replaced: bool
    """
    There is a newer token: use the newer token from now on.

    Đã có token mới hơn: hãy dùng token đó từ nay.
    """


class TokenErrorResponse(TypedDict):
    """
    The body of a 401.
    """

    type: str
    message: str


class UpsertedLead(TypedDict):
    """
    The lead after it was changed or made.
    """

    account_id: int | None
    """
    The customer's account, if there is one: a contact's id. Without it phone_no1 is required.

    ID account của khách hàng nếu đã có: id của liên hệ. Không có thì bắt buộc gửi phone_no1.
    """
    phone_no1: str | None
    """
    The customer's first phone. Required without account_id.

    Số điện thoại của khách hàng. Bắt buộc khi không có account_id.
    """
    phone_no2: str | None
    """
    The customer's second phone.

    Số điện thoại 2 của khách hàng.
    """
    phone_no3: str | None
    """
    The customer's third phone.

    Số điện thoại 3 của khách hàng.
    """
    ticket_id: int | None
    """
    The ticket in your system.

    Ticket trong hệ thống của bạn.
    """
    agent_email: str | None
    """
    The agent's e-mail. The user with this login or e-mail becomes the salesperson; without such a user the team assigns the lead.

    Email của tổng đài viên. Người dùng có tên đăng nhập hoặc email đó trở thành nhân viên sales; nếu không có, bộ phận sẽ phân công lead.
    """
    user_id: int | None
    """
    Who created the request: an internal user.

    Người tạo yêu cầu: một người dùng nội bộ.
    """
    contact_name: str | None
    """
    The customer's name.

    Tên liên hệ của khách hàng.
    """
    gender: Literal['male', 'female', 'other'] | None
    """
    The customer's gender.

    Giới tính của khách hàng.
    """
    country_id: int | None
    """
    Country.

    Quốc gia.
    """
    state_id: int | None
    """
    Province or city, of that country.

    Tỉnh/thành phố thuộc quốc gia đó.
    """
    district_id: int | None
    """
    District, since July 2025 ward or commune, of that province.

    Quận/huyện (từ tháng 7/2025 là phường/xã) thuộc tỉnh/thành phố đó.
    """
    street: str | None
    """
    The rest of the address.

    Địa chỉ chi tiết.
    """
    company_id: int | None
    """
    Company.

    Công ty.
    """
    price_list_id: int | None
    """
    Price list that this company may use.

    Bảng giá mà công ty này được dùng.
    """
    category_source_id: int | None
    """
    Source group.

    Nhóm nguồn.
    """
    source_id: int | None
    """
    Source, of that group.

    Nguồn thuộc nhóm đó.
    """
    campaign_id: int | None
    """
    Campaign.

    Chiến dịch.
    """
    crm_line_ids: list[int] | None
    """
    The services that the customer asks for, at least one; a service sent twice has quantity 2.

    Các dịch vụ khách hàng quan tâm, ít nhất một; gửi hai lần thì số lượng là 2.
    """
    birth_date: str | None
    """
    Date of birth, year-month-day.

    Ngày sinh, dạng năm-tháng-ngày.
    """
    email_from: str | None
    """
    The customer's e-mail.

    Email của khách hàng.
    """
    facebook_acc: str | None
    """
    Facebook account.

    Tài khoản Facebook.
    """
    zalo_acc: str | None
    """
    Zalo account.

    Tài khoản Zalo.
    """
    send_info_facebook: Literal['not_send', 'sent'] | None
    """
    Information by Facebook: not sent, sent.

    Tin Facebook: chưa gửi, đã gửi.
    """
    send_info_zalo: Literal['no_acc', 'not_response', 'sent'] | None
    """
    Information by Zalo: no account, sent without a response, responded.

    Tin Zalo: chưa có tài khoản, đã gửi nhưng chưa trả lời, đã trả lời.
    """
    overseas_vietnamese: Literal['no', 'marketing', 'branch'] | None
    """
    Overseas Vietnamese: no, won by marketing, won by a branch.

    Việt kiều: không, do marketing mang về, do chi nhánh mang về.
    """
    work_online: Literal['no', 'yes'] | None
    """
    The customer works online.

    Khách hàng làm việc online.
    """
    online_counseling: Literal['no', 'yes'] | None
    """
    The customer wants to be counseled by video or chat.

    Khách hàng muốn được tư vấn qua video hoặc chat.
    """
    shuttle_bus: Literal['no', 'yes'] | None
    """
    The customer wants to be fetched by the shuttle bus.

    Khách hàng muốn được xe đưa đón.
    """
    customer_portrait: CustomerPortraitOutput | None
    """
    The customer's portrait.

    Chân dung khách hàng.
    """
    id_lead: int
    """
    The lead's id.

    Id của lead.
    """
    link_lead_detail: str
    """
    Where staff find the lead in Odoo.

    Nơi nhân viên mở lead trong Odoo.
    """
    ticket_ids: list[int]
    """
    All tickets of the lead: several after leads were merged.

    Tất cả ticket của lead: có nhiều ticket nếu các lead đã được gộp.
    """
    state: Literal['new', 'contacted', 'qualified', 'won', 'lost']
    """
    new, contacted, qualified, won, or lost.

    new (mới), contacted (đã liên hệ), qualified (đủ điều kiện), won (đạt) hoặc lost (mất).
    """
    lost_reason: str | None
    """
    Why it was lost.

    Lý do mất.
    """
    owner: Owner | None
    """
    The salesperson; null: nobody yet.

    Nhân viên sales; null: chưa có ai.
    """
    team: str | None
    """
    The sales team.

    Bộ phận sales.
    """
    services: list[Service]
    """
    The services with their prices.

    Các dịch vụ kèm giá.
    """
    created_at: str
    """
    When the lead was made, UTC.

    Thời điểm lead được tạo, giờ UTC.
    """
    updated_at: str
    """
    When the lead last changed, UTC.

    Thời điểm lead thay đổi gần nhất, giờ UTC.
    """
    contacted_at: str | None
    """
    When staff first wrote to the customer or did an activity, UTC.

    Thời điểm nhân viên lần đầu nhắn tin cho khách hàng hoặc hoàn thành một hoạt động, giờ UTC.
    """
    closed_at: str | None
    """
    When it was won or lost, UTC.

    Thời điểm đạt hoặc mất, giờ UTC.
    """
    proposed: list[Proposed]
    """
    The values that staff have to decide about.

    Các giá trị chờ nhân viên quyết định.
    """
    warnings: NotRequired[list[LeadWarning]]
    """
    Only if an administrator has switched on “Warnings in Answers” for the client: values that are no errors, but perhaps mistakes.

    Chỉ có khi quản trị viên đã bật “Cảnh báo trong câu trả lời” cho hệ thống: những giá trị không phải là lỗi nhưng có thể bị nhầm.
    """
    created: bool
    """
    true: the lead was made; false: it was changed.

    true: lead được tạo; false: lead được sửa.
    """


class UpsertedLeadResponse(TypedDict):
    """
    The answer to a lead that was changed or made.
    """

    error: NotRequired[Literal[0]]
    message: NotRequired[Literal['Success']]
    data: UpsertedLead


class Booking(TypedDict):
    """
    An appointment of a customer at a branch.
    """

    id_booking: NotRequired[int | None]
    """
    The booking's id; null in the answer to a dry run.

    ID của lịch hẹn; null trong câu trả lời cho lần chạy thử.
    """
    code: NotRequired[str | None]
    """
    The booking's code, for people; null in the answer to a dry run.

    Mã của lịch hẹn, cho người đọc; null trong câu trả lời cho lần chạy thử.
    """
    state: Literal['booked', 'confirmed', 'arrived', 'done', 'no_show', 'cancelled']
    """
    booked, confirmed and arrived are open, the others are closed.

    booked, confirmed và arrived là đang mở, các trạng thái khác là đã đóng.
    """
    start: str
    """
    When it begins, in the branch's zone.

    Bắt đầu lúc nào, theo múi giờ của chi nhánh.
    """
    end: str
    """
    When it ends.

    Kết thúc lúc nào.
    """
    company: NamedRecord
    """
    The branch.

    Chi nhánh.
    """
    seat: NamedRecord
    """
    The room, chair or doctor.

    Phòng, ghế hoặc bác sĩ.
    """
    services: list[Service]
    """
    The services with their prices.

    Các dịch vụ kèm giá.
    """
    id_lead: NotRequired[int | None]
    """
    The lead; null: a dry run would make the lead.

    Lead; null: lần chạy thật sẽ tạo lead.
    """
    ticket_id: NotRequired[int | str | None]
    """
    The ticket in your system.

    Ticket trong hệ thống của bạn.
    """
    account_id: NotRequired[int | None]
    """
    The customer's account, a contact's id.

    Tài khoản của khách hàng, là ID của một liên hệ.
    """
    note: NotRequired[str | None]
    """
    A note for the branch.

    Ghi chú cho chi nhánh.
    """
    link_booking_detail: NotRequired[str | None]
    """
    Where staff find the booking.

    Nơi nhân viên xem lịch hẹn.
    """


class BookingDryRun(TypedDict):
    dry_run: NotRequired[Literal[True]]
    booking: Booking
    """
    The booking that a real request would make, or leave.

    Lịch hẹn mà một yêu cầu thật sẽ tạo hoặc để lại.
    """
    lead: NotRequired[dict[str, Any] | None]
    """
    The lead that would be made, as in a dry run of POST /api/v1/lead.

    Lead sẽ được tạo, như khi chạy thử POST /api/v1/lead.
    """
    free: list[FreeStart]
    """
    The free times of that day.

    Các giờ còn trống của ngày đó.
    """
    warnings: NotRequired[list[LeadWarning]]


class BookingDryRunResponse(TypedDict):
    """
    The booking that a dry run would have made.
    """

    error: NotRequired[Literal[0]]
    message: NotRequired[Literal['Success']]
    data: BookingDryRun


class BookingErrorResponse(TypedDict):
    """
    The body of an error; ``error`` is the HTTP status.
    """

    error: int
    type: str
    message: str
    errors: NotRequired[list[ErrorItem] | None]
    state: NotRequired[str | None]
    leads: NotRequired[list[int] | None]
    reference: NotRequired[str | None]
    free: NotRequired[list[FreeStart] | None]
    """
    Of a start that cannot be booked: up to three free times near it.

    Khi giờ bắt đầu không đặt được: tối đa ba giờ còn trống gần đó.
    """
    booking: NotRequired[Booking | None]
    """
    Of a customer with an open booking: that booking.

    Khi khách đã có lịch hẹn đang mở: lịch hẹn đó.
    """


class BookingPage(TypedDict):
    items: list[Booking]
    next_cursor: NotRequired[str | None]
    """
    The cursor for the bookings after these; null: there are no more yet.

    Con trỏ cho các lịch hẹn tiếp theo; null: hiện chưa có thêm.
    """


class BookingRequest(TypedDict):
    """
    The body of ``POST /api/v1/bookings``.
    """

    id_lead: NotRequired[int | str | str | None]
    """
    The lead.

    Lead.
    """
    ticket_id: NotRequired[int | str | str | None]
    """
    The ticket in your system, of your client's open lead.

    Ticket trong hệ thống của bạn, của lead đang mở do hệ thống bạn gửi.
    """
    lead: NotRequired[LeadRequest | str | None]
    """
    The body of POST /api/v1/lead: lead, customer and booking are made together. Errors are named lead.gender.

    Nội dung của POST /api/v1/lead: lead, khách hàng và lịch hẹn được tạo cùng nhau. Lỗi có tên như lead.gender.
    """
    start: str
    """
    When the booking begins, as of RFC 3339, with a time zone.

    Lịch hẹn bắt đầu lúc nào, theo RFC 3339, kèm múi giờ.
    """
    company_id: NotRequired[int | str | str | None]
    """
    The branch: the lead's company, or one of its group. By default the first.

    Chi nhánh: công ty của lead, hoặc một công ty trong nhóm của nó. Mặc định là công ty của lead.
    """
    seat_id: NotRequired[int | str | str | None]
    """
    The room, chair or doctor; without it the first free one.

    Phòng, ghế hoặc bác sĩ; nếu không gửi thì lấy chỗ trống đầu tiên.
    """
    duration: NotRequired[int | str | str | None]
    """
    Minutes, from 5 to 720; by default the sum of the services'.

    Số phút, từ 5 đến 720; mặc định là tổng của các dịch vụ.
    """
    crm_line_ids: NotRequired[list[CrmLineId] | str | None]
    """
    The services; by default the lead's.

    Các dịch vụ; mặc định là của lead.
    """
    note: NotRequired[str | None]
    """
    A note for the branch.

    Ghi chú cho chi nhánh.
    """


class BookingResponse(TypedDict):
    """
    One booking.
    """

    error: NotRequired[Literal[0]]
    message: NotRequired[Literal['Success']]
    data: Booking


class BookingsResponse(TypedDict):
    """
    Several bookings, the oldest change first.
    """

    error: NotRequired[Literal[0]]
    message: NotRequired[Literal['Success']]
    data: BookingPage


class ChangedLead(TypedDict):
    """
    The lead after a change.
    """

    account_id: int | None
    """
    The customer's account, if there is one: a contact's id. Without it phone_no1 is required.

    ID account của khách hàng nếu đã có: id của liên hệ. Không có thì bắt buộc gửi phone_no1.
    """
    phone_no1: str | None
    """
    The customer's first phone. Required without account_id.

    Số điện thoại của khách hàng. Bắt buộc khi không có account_id.
    """
    phone_no2: str | None
    """
    The customer's second phone.

    Số điện thoại 2 của khách hàng.
    """
    phone_no3: str | None
    """
    The customer's third phone.

    Số điện thoại 3 của khách hàng.
    """
    ticket_id: int | None
    """
    The ticket in your system.

    Ticket trong hệ thống của bạn.
    """
    agent_email: str | None
    """
    The agent's e-mail. The user with this login or e-mail becomes the salesperson; without such a user the team assigns the lead.

    Email của tổng đài viên. Người dùng có tên đăng nhập hoặc email đó trở thành nhân viên sales; nếu không có, bộ phận sẽ phân công lead.
    """
    user_id: int | None
    """
    Who created the request: an internal user.

    Người tạo yêu cầu: một người dùng nội bộ.
    """
    contact_name: str | None
    """
    The customer's name.

    Tên liên hệ của khách hàng.
    """
    gender: Literal['male', 'female', 'other'] | None
    """
    The customer's gender.

    Giới tính của khách hàng.
    """
    country_id: int | None
    """
    Country.

    Quốc gia.
    """
    state_id: int | None
    """
    Province or city, of that country.

    Tỉnh/thành phố thuộc quốc gia đó.
    """
    district_id: int | None
    """
    District, since July 2025 ward or commune, of that province.

    Quận/huyện (từ tháng 7/2025 là phường/xã) thuộc tỉnh/thành phố đó.
    """
    street: str | None
    """
    The rest of the address.

    Địa chỉ chi tiết.
    """
    company_id: int | None
    """
    Company.

    Công ty.
    """
    price_list_id: int | None
    """
    Price list that this company may use.

    Bảng giá mà công ty này được dùng.
    """
    category_source_id: int | None
    """
    Source group.

    Nhóm nguồn.
    """
    source_id: int | None
    """
    Source, of that group.

    Nguồn thuộc nhóm đó.
    """
    campaign_id: int | None
    """
    Campaign.

    Chiến dịch.
    """
    crm_line_ids: list[int] | None
    """
    The services that the customer asks for, at least one; a service sent twice has quantity 2.

    Các dịch vụ khách hàng quan tâm, ít nhất một; gửi hai lần thì số lượng là 2.
    """
    birth_date: str | None
    """
    Date of birth, year-month-day.

    Ngày sinh, dạng năm-tháng-ngày.
    """
    email_from: str | None
    """
    The customer's e-mail.

    Email của khách hàng.
    """
    facebook_acc: str | None
    """
    Facebook account.

    Tài khoản Facebook.
    """
    zalo_acc: str | None
    """
    Zalo account.

    Tài khoản Zalo.
    """
    send_info_facebook: Literal['not_send', 'sent'] | None
    """
    Information by Facebook: not sent, sent.

    Tin Facebook: chưa gửi, đã gửi.
    """
    send_info_zalo: Literal['no_acc', 'not_response', 'sent'] | None
    """
    Information by Zalo: no account, sent without a response, responded.

    Tin Zalo: chưa có tài khoản, đã gửi nhưng chưa trả lời, đã trả lời.
    """
    overseas_vietnamese: Literal['no', 'marketing', 'branch'] | None
    """
    Overseas Vietnamese: no, won by marketing, won by a branch.

    Việt kiều: không, do marketing mang về, do chi nhánh mang về.
    """
    work_online: Literal['no', 'yes'] | None
    """
    The customer works online.

    Khách hàng làm việc online.
    """
    online_counseling: Literal['no', 'yes'] | None
    """
    The customer wants to be counseled by video or chat.

    Khách hàng muốn được tư vấn qua video hoặc chat.
    """
    shuttle_bus: Literal['no', 'yes'] | None
    """
    The customer wants to be fetched by the shuttle bus.

    Khách hàng muốn được xe đưa đón.
    """
    customer_portrait: CustomerPortraitOutput | None
    """
    The customer's portrait.

    Chân dung khách hàng.
    """
    id_lead: int
    """
    The lead's id.

    Id của lead.
    """
    link_lead_detail: str
    """
    Where staff find the lead in Odoo.

    Nơi nhân viên mở lead trong Odoo.
    """
    ticket_ids: list[int]
    """
    All tickets of the lead: several after leads were merged.

    Tất cả ticket của lead: có nhiều ticket nếu các lead đã được gộp.
    """
    state: Literal['new', 'contacted', 'qualified', 'won', 'lost']
    """
    new, contacted, qualified, won, or lost.

    new (mới), contacted (đã liên hệ), qualified (đủ điều kiện), won (đạt) hoặc lost (mất).
    """
    lost_reason: str | None
    """
    Why it was lost.

    Lý do mất.
    """
    owner: Owner | None
    """
    The salesperson; null: nobody yet.

    Nhân viên sales; null: chưa có ai.
    """
    team: str | None
    """
    The sales team.

    Bộ phận sales.
    """
    services: list[Service]
    """
    The services with their prices.

    Các dịch vụ kèm giá.
    """
    created_at: str
    """
    When the lead was made, UTC.

    Thời điểm lead được tạo, giờ UTC.
    """
    updated_at: str
    """
    When the lead last changed, UTC.

    Thời điểm lead thay đổi gần nhất, giờ UTC.
    """
    contacted_at: str | None
    """
    When staff first wrote to the customer or did an activity, UTC.

    Thời điểm nhân viên lần đầu nhắn tin cho khách hàng hoặc hoàn thành một hoạt động, giờ UTC.
    """
    closed_at: str | None
    """
    When it was won or lost, UTC.

    Thời điểm đạt hoặc mất, giờ UTC.
    """
    proposed: list[Proposed]
    """
    The values that staff have to decide about.

    Các giá trị chờ nhân viên quyết định.
    """
    warnings: NotRequired[list[LeadWarning]]
    """
    Only if an administrator has switched on “Warnings in Answers” for the client: values that are no errors, but perhaps mistakes.

    Chỉ có khi quản trị viên đã bật “Cảnh báo trong câu trả lời” cho hệ thống: những giá trị không phải là lỗi nhưng có thể bị nhầm.
    """


class ChangedLeadResponse(TypedDict):
    """
    The answer to a change of a lead.
    """

    error: NotRequired[Literal[0]]
    message: NotRequired[Literal['Success']]
    data: ChangedLead


class Customer(TypedDict):
    """
    A customer, as the contact in Odoo has it.
    """

    account_id: int
    """
    The contact's id.

    Id của liên hệ.
    """
    matched_by: MatchedBy
    """
    How the customer was found.

    Nhận ra khách hàng nhờ đâu.
    """
    contact_name: str | None
    """
    The customer's name.

    Tên liên hệ của khách hàng.
    """
    gender: Literal['male', 'female', 'other'] | None
    """
    The customer's gender.

    Giới tính của khách hàng.
    """
    birth_date: str | None
    """
    Date of birth, year-month-day.

    Ngày sinh, dạng năm-tháng-ngày.
    """
    phones: list[str]
    """
    All phones of the customer, in E.164 form.

    Tất cả số điện thoại của khách hàng, dạng E.164.
    """
    email: str | None
    """
    The customer's e-mail.

    Email của khách hàng.
    """
    street: str | None
    """
    The rest of the address.

    Địa chỉ chi tiết.
    """
    district: NamedRecord | None
    """
    District, since July 2025 ward or commune.

    Quận/Huyện; từ tháng 7/2025 là Phường/Xã.
    """
    state: NamedRecord | None
    """
    Province or city.

    Tỉnh/Thành phố.
    """
    country: NamedRecord | None
    """
    Country.

    Quốc gia.
    """
    owner: Owner | None
    """
    The salesperson of the contact; null: nobody yet.

    Nhân viên sales phụ trách liên hệ; null: chưa có ai.
    """
    link_customer_detail: str
    """
    Where staff find the contact in Odoo.

    Nơi nhân viên mở liên hệ trong Odoo.
    """
    portrait: NotRequired[CustomerPortraitOutput | None]
    """
    The newest portrait; null: there is none that the client may read.

    Chân dung mới nhất; null: không có chân dung nào mà hệ thống được đọc.
    """
    leads: NotRequired[list[StoredLead]]
    """
    The newest leads that the client may read, up to 10, the newest first.

    Các lead mới nhất mà hệ thống được đọc, tối đa 10, mới nhất trước.
    """
    phone_calls: NotRequired[list[StoredPhoneCall]]
    """
    The 10 newest phone calls that the client may read.

    10 cuộc gọi mới nhất mà hệ thống được đọc.
    """
    bookings: NotRequired[list[Booking]]
    """
    The bookings that the client may read, up to 10: open ones first, then the newest.

    Các lịch hẹn mà hệ thống được đọc, tối đa 10: lịch đang mở trước, rồi đến lịch mới nhất.
    """


class CustomersData(TypedDict):
    customers: list[Customer]
    """
    The customers that match, up to 5, the best first.

    Các khách hàng khớp, tối đa 5, khớp nhất trước.
    """


class CustomersResponse(TypedDict):
    """
    The customers that match; nobody found: an empty list.
    """

    error: NotRequired[Literal[0]]
    message: NotRequired[Literal['Success']]
    data: CustomersData


class DryRunData(TypedDict):
    dry_run: NotRequired[Literal[True]]
    customer_portrait: CustomerPortraitOutput
    contact: DryRunContact
    name: str
    """
    The title of the lead that staff would see.

    Tiêu đề của lead mà nhân viên sẽ thấy.
    """
    type: Literal['lead', 'opportunity']
    owner: NotRequired[Owner | None]
    """
    The salesperson; null: nobody yet.

    Nhân viên sales; null: chưa có ai.
    """
    team: NotRequired[str | None]
    """
    The sales team.

    Bộ phận sales.
    """
    services: list[Service]
    proposals: list[DryRunProposal]
    warnings: NotRequired[list[LeadWarning]]


class DryRunResponse(TypedDict):
    """
    The records that a dry run would have made.
    """

    error: NotRequired[Literal[0]]
    message: NotRequired[Literal['Success']]
    data: DryRunData


class EventData(TypedDict):
    """
    The progress of a lead; empty for a ping.
    """

    id_lead: NotRequired[int | None]
    """
    The lead's id.

    Id của lead.
    """
    ticket_id: NotRequired[int | str | None]
    """
    The ticket in your system.

    Ticket trong hệ thống của bạn.
    """
    state: NotRequired[Literal['new', 'contacted', 'qualified', 'won', 'lost'] | None]
    """
    new, contacted, qualified, won, or lost.

    new (mới), contacted (đã liên hệ), qualified (đủ điều kiện), won (đạt) hoặc lost (mất).
    """
    owner: NotRequired[Owner | None]
    """
    The salesperson; null: nobody yet.

    Nhân viên sales; null: chưa có ai.
    """
    lost_reason: NotRequired[str | None]
    """
    Why it was lost.

    Lý do mất.
    """
    link_lead_detail: NotRequired[str | None]
    """
    Where staff find the lead in Odoo.

    Nơi nhân viên mở lead trong Odoo.
    """
    merged_into: NotRequired[MergedInto | None]
    """
    Of merged leads: which one lives on.

    Với lead đã gộp: lead nào còn lại.
    """
    booking: NotRequired[BookingEventData | None]
    """
    The booking, in events about one.

    Lịch hẹn, trong các sự kiện về lịch hẹn.
    """
    reason: NotRequired[Literal['agent', 'owner', 'share', 'unskilled', 'leader', 'hand'] | None]
    """
    Of an assigned lead: agent (named by the request), owner (knows the customer), share (next by weight), unskilled (the same, without the skills), leader (of the team), hand (chosen by staff), null (the team gives no leads out).

    Với lead được giao: agent (yêu cầu nêu tên), owner (biết khách), share (đến lượt theo trọng số), unskilled (như vậy nhưng không có kỹ năng), leader (trưởng nhóm), hand (nhân viên chọn), null (bộ phận không chia lead).
    """
    former_owner: NotRequired[Owner | None]
    """
    Of a recalled lead: the salesperson who did not call in time.

    Với lead bị thu hồi: nhân viên đã không gọi kịp giờ.
    """


class LeadChange(TypedDict):
    """
    The body of ``PATCH /api/v1/lead``: the attributes of a lead that change.

    ``null`` empties an attribute; ``""`` means "not sent", as everywhere.
    """

    account_id: NotRequired[int | str | str | None]
    """
    The customer's account, if there is one: a contact's id. Without it phone_no1 is required.

    ID account của khách hàng nếu đã có: id của liên hệ. Không có thì bắt buộc gửi phone_no1.
    """
    phone_no1: NotRequired[str | None]
    """
    The customer's first phone. Required without account_id.

    Số điện thoại của khách hàng. Bắt buộc khi không có account_id.
    """
    phone_no2: NotRequired[str | None]
    """
    The customer's second phone.

    Số điện thoại 2 của khách hàng.
    """
    phone_no3: NotRequired[str | None]
    """
    The customer's third phone.

    Số điện thoại 3 của khách hàng.
    """
    ticket_id: NotRequired[int | str | str | None]
    """
    The ticket in your system.

    Ticket trong hệ thống của bạn.
    """
    agent_email: NotRequired[str | None]
    """
    The e-mail of the agent who becomes the salesperson, unless staff have chosen one; leave it out to keep the salesperson.

    Email của tổng đài viên sẽ phụ trách lead, trừ khi nhân viên đã chọn người phụ trách; bỏ thuộc tính này để giữ nguyên người phụ trách.
    """
    user_id: NotRequired[int | str | str | None]
    """
    Who created the request: an internal user.

    Người tạo yêu cầu: một người dùng nội bộ.
    """
    contact_name: NotRequired[str | None]
    """
    The customer's name.

    Tên liên hệ của khách hàng.
    """
    gender: NotRequired[Literal['male', 'female', 'other'] | str | None]
    """
    The customer's gender.

    Giới tính của khách hàng.
    """
    country_id: NotRequired[int | str | str | None]
    """
    Country.

    Quốc gia.
    """
    state_id: NotRequired[int | str | str | None]
    """
    Province or city, of that country.

    Tỉnh/thành phố thuộc quốc gia đó.
    """
    district_id: NotRequired[int | str | str | None]
    """
    District, since July 2025 ward or commune, of that province.

    Quận/huyện (từ tháng 7/2025 là phường/xã) thuộc tỉnh/thành phố đó.
    """
    street: NotRequired[str | None]
    """
    The rest of the address.

    Địa chỉ chi tiết.
    """
    company_id: NotRequired[int | str | str | None]
    """
    Company.

    Công ty.
    """
    price_list_id: NotRequired[int | str | str | None]
    """
    Price list that this company may use.

    Bảng giá mà công ty này được dùng.
    """
    category_source_id: NotRequired[int | str | str | None]
    """
    Source group.

    Nhóm nguồn.
    """
    source_id: NotRequired[int | str | str | None]
    """
    Source, of that group.

    Nguồn thuộc nhóm đó.
    """
    campaign_id: NotRequired[int | str | str | None]
    """
    Campaign.

    Chiến dịch.
    """
    crm_line_ids: NotRequired[list[CrmLineId] | str | None]
    """
    The services that the customer asks for, at least one; a service sent twice has quantity 2.

    Các dịch vụ khách hàng quan tâm, ít nhất một; gửi hai lần thì số lượng là 2.
    """
    birth_date: NotRequired[str | str | None]
    """
    Date of birth, year-month-day.

    Ngày sinh, dạng năm-tháng-ngày.
    """
    email_from: NotRequired[str | str | None]
    """
    The customer's e-mail.

    Email của khách hàng.
    """
    facebook_acc: NotRequired[str | None]
    """
    Facebook account.

    Tài khoản Facebook.
    """
    zalo_acc: NotRequired[str | None]
    """
    Zalo account.

    Tài khoản Zalo.
    """
    send_info_facebook: NotRequired[Literal['not_send', 'sent'] | str | None]
    """
    Information by Facebook: not sent, sent.

    Tin Facebook: chưa gửi, đã gửi.
    """
    send_info_zalo: NotRequired[Literal['no_acc', 'not_response', 'sent'] | str | None]
    """
    Information by Zalo: no account, sent without a response, responded.

    Tin Zalo: chưa có tài khoản, đã gửi nhưng chưa trả lời, đã trả lời.
    """
    overseas_vietnamese: NotRequired[Literal['no', 'marketing', 'branch'] | str | None]
    """
    Overseas Vietnamese: no, won by marketing, won by a branch.

    Việt kiều: không, do marketing mang về, do chi nhánh mang về.
    """
    work_online: NotRequired[Literal['no', 'yes'] | str | None]
    """
    The customer works online.

    Khách hàng làm việc online.
    """
    online_counseling: NotRequired[Literal['no', 'yes'] | str | None]
    """
    The customer wants to be counseled by video or chat.

    Khách hàng muốn được tư vấn qua video hoặc chat.
    """
    shuttle_bus: NotRequired[Literal['no', 'yes'] | str | None]
    """
    The customer wants to be fetched by the shuttle bus.

    Khách hàng muốn được xe đưa đón.
    """
    customer_portrait: NotRequired[PortraitChange | str | None]
    """
    The part of the portrait that changes: a new portrait has the rest of the present portrait, too.

    Phần chân dung thay đổi: chân dung mới giữ nguyên phần còn lại của chân dung hiện tại.
    """
    add_crm_line_ids: NotRequired[list[AddCrmLineId] | str | None]
    """
    Services to add; a service that the lead has gets one more.

    Các dịch vụ cần thêm; dịch vụ đã có trên lead thì tăng số lượng thêm một.
    """
    remove_crm_line_ids: NotRequired[list[RemoveCrmLineId] | str | None]
    """
    Services to remove.

    Các dịch vụ cần bỏ.
    """


class LeadData(TypedDict):
    """
    The stored portrait, the lead, and the lead's page.
    """

    customer_portrait: CustomerPortraitOutput
    id_lead: int
    """
    The lead's id.

    Id của lead.
    """
    link_lead_detail: str
    """
    Where staff find the lead in Odoo.

    Nơi nhân viên mở lead trong Odoo.
    """
    warnings: NotRequired[list[LeadWarning]]
    """
    Only if an administrator has switched on “Warnings in Answers” for the client: values that are no errors, but perhaps mistakes.

    Chỉ có khi quản trị viên đã bật “Cảnh báo trong câu trả lời” cho hệ thống: những giá trị không phải là lỗi nhưng có thể bị nhầm.
    """


class LeadResponse(TypedDict):
    """
    The answer to a lead.
    """

    error: NotRequired[Literal[0]]
    message: NotRequired[Literal['Success']]
    data: LeadData


class LeadResult(TypedDict):
    """
    The result of one lead.
    """

    index: int
    """
    The lead's place in the request, from 0.

    Vị trí của lead trong yêu cầu, tính từ 0.
    """
    ref: str | int | None
    """
    Your own word for the lead.

    Tên bạn tự đặt cho lead.
    """
    status: int
    """
    The HTTP status of a request with this lead alone.

    Mã trạng thái HTTP của yêu cầu nếu chỉ gửi riêng lead này.
    """
    body: LeadResponse | DryRunResponse | ErrorResponse | TokenErrorResponse
    """
    The answer's body to a request with this lead alone.

    Nội dung trả lời yêu cầu nếu chỉ gửi riêng lead này.
    """
    replayed: bool
    """
    true: the answer repeats an earlier answer; nothing was made.

    true: lặp lại câu trả lời cho lead đã gửi trước, không tạo gì.
    """


class LeadsData(TypedDict):
    results: list[LeadResult]
    """
    One for each lead, in their order.

    Mỗi lead một kết quả, theo đúng thứ tự.
    """


class LeadsResponse(TypedDict):
    """
    The results of many leads.
    """

    error: NotRequired[Literal[0]]
    message: NotRequired[Literal['Success']]
    data: LeadsData


class Me(TypedDict):
    """
    The client of the token, and its rights.
    """

    name: str
    """
    The client.

    Hệ thống.
    """
    companies: list[NamedRecord]
    rights: Rights
    defaults: dict[str, NamedRecord]
    """
    The values of attributes that the client does not send.

    Giá trị dùng cho các thuộc tính không được gửi.
    """
    limits: Limits
    mode: Literal['live', 'test']
    """
    test: the token is for tests; its leads are hidden from staff, and deleted after some days.

    test: token thử; nhân viên không thấy lead của token này, và chúng bị xóa sau vài ngày.
    """
    token: Token


class MeResponse(TypedDict):
    """
    The answer of ``GET /api/v1/me``.
    """

    error: NotRequired[Literal[0]]
    message: NotRequired[Literal['Success']]
    data: Me


class PutPhoneCall(TypedDict):
    """
    A phone call after it was made or changed.
    """

    call_id: str
    """
    Your own id of the phone call.

    Mã riêng của bạn cho cuộc gọi.
    """
    direction: Literal['in', 'out']
    """
    in or out.

    in hoặc out.
    """
    phone: NotRequired[str | None]
    """
    The customer's number, as sent; null: withheld.

    Số của khách, như đã gửi; null: số ẩn.
    """
    agent_email: str
    """
    The agent.

    Tổng đài viên.
    """
    started_at: str
    """
    When it began to ring, UTC.

    Khi chuông bắt đầu reo, UTC.
    """
    answered_at: NotRequired[str | None]
    """
    When somebody answered, UTC.

    Khi có người nghe máy, UTC.
    """
    ended_at: NotRequired[str | None]
    """
    When it ended, UTC.

    Khi kết thúc, UTC.
    """
    duration: int
    """
    Seconds from the answer to the end; 0 without an answer.

    Số giây từ khi nghe máy đến khi kết thúc; 0 nếu không có người nghe.
    """
    outcome: NotRequired[Literal['answered', 'no_answer', 'busy', 'voicemail', 'wrong_number', 'callback'] | None]
    """
    The result; null: not known yet.

    Kết quả; null: chưa biết.
    """
    ticket_id: NotRequired[int | None]
    """
    The ticket in your system.

    Ticket trong hệ thống của bạn.
    """
    account_id: NotRequired[int | None]
    """
    The customer's account: as sent, or of the lead; of a customer who was found by phone only if your client looks customers up.

    Tài khoản của khách hàng: như đã gửi, hoặc của lead; của khách tìm được theo số điện thoại chỉ khi hệ thống có quyền tra cứu khách hàng.
    """
    id_lead: NotRequired[int | None]
    """
    The lead; null: there is none yet that your client may read.

    Lead; null: chưa có lead nào mà hệ thống được đọc.
    """
    call_type: NotRequired[str | None]
    """
    Your own word for the kind of call.

    Từ riêng của bạn cho loại cuộc gọi.
    """
    note: NotRequired[str | None]
    """
    The note of the agent.

    Ghi chú của tổng đài viên.
    """
    callback_at: NotRequired[str | None]
    """
    When to call again, UTC.

    Khi cần gọi lại, UTC.
    """
    recording_url: NotRequired[str | None]
    """
    The recording in your system.

    Bản ghi âm trong hệ thống của bạn.
    """
    recording: NotRequired[Recording | None]
    """
    The recording that Odoo keeps; null: none came yet, or it was erased.

    Bản ghi âm mà Odoo giữ; null: chưa gửi đến, hoặc đã bị xóa.
    """
    created_at: str
    """
    When Odoo first heard of it, UTC.

    Khi Odoo nhận tin lần đầu, UTC.
    """
    updated_at: str
    """
    When it last changed, UTC.

    Khi thay đổi lần cuối, UTC.
    """
    created: bool
    """
    true: made; false: changed.

    true: đã tạo; false: đã thay đổi.
    """


class PutPhoneCallResponse(TypedDict):
    """
    The answer to a phone call that was made or changed.
    """

    error: NotRequired[Literal[0]]
    message: NotRequired[Literal['Success']]
    data: PutPhoneCall


class QuoteData(TypedDict):
    services: list[Service]
    """
    The services with their prices, in the order of the request.

    Các dịch vụ kèm giá, theo thứ tự của yêu cầu.
    """
    total: float
    """
    The sum of all services.

    Tổng của tất cả dịch vụ.
    """
    currency: str
    """
    The currency of the price list.

    Tiền tệ của bảng giá.
    """


class QuoteResponse(TypedDict):
    """
    The price of services.
    """

    error: NotRequired[Literal[0]]
    message: NotRequired[Literal['Success']]
    data: QuoteData


class RecordingResponse(TypedDict):
    """
    The phone call with its new recording.
    """

    error: NotRequired[Literal[0]]
    message: NotRequired[Literal['Success']]
    data: StoredPhoneCall


class Event(TypedDict):
    """
    The body of a request to a client's address for events.
    """

    id: str
    """
    The same each time it is sent.

    Không đổi mỗi lần gửi lại.
    """
    type: Literal['lead.assigned', 'lead.contacted', 'lead.won', 'lead.lost', 'lead.merged', 'ping', 'booking.booked', 'booking.confirmed', 'booking.moved', 'booking.arrived', 'booking.done', 'booking.no_show', 'booking.cancelled', 'booking.reminder_due', 'lead.recalled']
    """
    The kind of event.

    Loại sự kiện.
    """
    timestamp: str
    """
    When it happened, UTC.

    Thời điểm xảy ra, giờ UTC.
    """
    data: EventData
