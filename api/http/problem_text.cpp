#include "api/http/problem_text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace nova::api {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;
constexpr std::array sentences{
    Entry{"validation_error", "الطلب يخالف عدة قواعد؛ التفاصيل تذكرها كلها."},
    Entry{"malformed_json", "محتوى الطلب ليس JSON صحيحًا."},
    Entry{"malformed_request", "الطلب ليس طلب HTTP صحيحًا."},
    Entry{"malformed_body", "تعذر فك ضغط محتوى الطلب."},
    Entry{"unexpected_body", "هذا الطلب لا يقبل محتوى."},
    Entry{"unknown_member", "هذا الحقل غير معروف."},
    Entry{"duplicate_member", "ورد هذا الحقل أكثر من مرة."},
    Entry{"unknown_parameter", "هذا المعامل غير معروف."},
    Entry{"repeated_parameter", "ورد هذا المعامل أكثر من مرة."},
    Entry{"unknown_value", "هذه القيمة ليست من القيم المسموح بها."},
    Entry{"invalid_value", "هذه القيمة غير صالحة."},
    Entry{"invalid_range", "بداية المدى بعد نهايته."},
    Entry{"invalid_cursor", "مؤشر الصفحة غير صالح."},
    Entry{"invalid_if_match", "ترويسة If-Match غير صالحة."},
    Entry{"invalid_idempotency_key", "ترويسة Idempotency-Key غير صالحة."},
    Entry{"invalid_key", "اسم الحقل غير مسموح به."},
    Entry{"too_deep", "تداخل محتوى الطلب عميق جدًا."},
    Entry{"wrong_type", "نوع القيمة غير صحيح."},
    Entry{"required", "هذا الحقل مطلوب."},
    Entry{"too_short", "النص قصير جدًا."},
    Entry{"too_long", "النص طويل جدًا."},
    Entry{"too_many", "العدد أكبر من المسموح به."},
    Entry{"too_small", "القيمة أصغر من المسموح بها."},
    Entry{"too_large", "الحجم أو القيمة أكبر من المسموح به."},
    Entry{"not_whole", "يجب أن يكون العدد صحيحًا."},
    Entry{"control_character", "النص يحتوي على محارف تحكم غير مسموح بها."},
    Entry{"invalid_utf8", "النص ليس بترميز UTF-8."},
    Entry{"invalid_phone", "رقم الجوال غير صحيح."},
    Entry{"invalid_email", "البريد الإلكتروني غير صحيح."},
    Entry{"invalid_id", "المعرف غير صحيح."},
    Entry{"invalid_time", "الوقت غير صحيح."},
    Entry{"invalid_date", "التاريخ غير صحيح."},
    Entry{"weak_password", "كلمة المرور ضعيفة."},
    Entry{"no_upper", "كلمة المرور تحتاج إلى حرف كبير."},
    Entry{"no_lower", "كلمة المرور تحتاج إلى حرف صغير."},
    Entry{"no_digit", "كلمة المرور تحتاج إلى رقم."},
    Entry{"no_special", "كلمة المرور تحتاج إلى رمز خاص."},
    Entry{"too_common", "كلمة المرور شائعة جدًا."},
    Entry{"contains_identity", "كلمة المرور تحتوي على الاسم أو البريد."},
    Entry{"unauthenticated", "يجب تسجيل الدخول أولًا."},
    Entry{"token_missing", "يجب تسجيل الدخول أولًا."},
    Entry{"token_expired", "انتهت صلاحية الجلسة."},
    Entry{"token_invalid", "رمز الدخول غير صالح."},
    Entry{"invalid_credentials", "البريد الإلكتروني أو كلمة المرور غير صحيحة."},
    Entry{"forbidden", "ليست لديك صلاحية لهذا الإجراء."},
    Entry{"not_found", "العنصر غير موجود."},
    Entry{"no_such_path", "هذا المسار غير موجود."},
    Entry{"method_not_allowed", "هذا المسار لا يقبل هذه الطريقة."},
    Entry{"version_conflict", "تغير العنصر منذ آخر قراءة."},
    Entry{"user_exists", "المستخدم موجود مسبقًا."},
    Entry{"duplicate_customer", "يوجد عميل بنفس رقم الجوال أو البريد."},
    Entry{"customer_archived", "العميل مؤرشف؛ لا يمكن تغيير غير حالته."},
    Entry{"assignee_not_member", "المسؤول المختار ليس عضوًا نشطًا."},
    Entry{"wrong_state", "حالة العنصر لا تسمح بهذا الإجراء."},
    Entry{"idempotency_key_reused", "استُخدم مفتاح التكرار نفسه مع محتوى آخر."},
    Entry{"unsupported_media_type", "نوع المحتوى غير مدعوم؛ المطلوب JSON بترميز UTF-8."},
    Entry{"header_too_large", "ترويسات الطلب كبيرة جدًا."},
    Entry{"request_timeout", "لم يصل الطلب كاملًا في الوقت المسموح."},
    Entry{"rate_limited", "طلبات كثيرة جدًا، حاول مرة أخرى لاحقًا."},
    Entry{"too_many_attempts", "محاولات دخول كثيرة جدًا، حاول مرة أخرى لاحقًا."},
    Entry{"internal_error", "حدث خطأ غير متوقع."},
    Entry{"unavailable", "الخدمة غير متاحة مؤقتًا؛ لم يتم أي تغيير."},
    Entry{"outcome_unknown", "لم تُعرف النتيجة بعد؛ أعد الطلب بنفس مفتاح التكرار."},
};

}  // namespace

std::string_view arabic_of(std::string_view code) {
    const auto at = std::find_if(sentences.begin(), sentences.end(), [&](const Entry& e) { return e.first == code; });
    return at == sentences.end() ? std::string_view() : at->second;
}

}  // namespace nova::api
