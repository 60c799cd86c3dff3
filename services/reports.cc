#include "services/reports.h"

#include <string>
#include <utility>

#include "ledger/text.h"

namespace meritbook {
namespace {

// Which fields a kind takes.
struct Takes {
  bool group = false;
  bool volunteer = false;
  bool merchant = false;
  bool from_day = false;
};

Takes TakenBy(v1::ReportKind kind) {
  switch (kind) {
    case v1::REPORT_KIND_COMMUNITIES:
    case v1::REPORT_KIND_ORGANISATIONS:
    case v1::REPORT_KIND_CROSSINGS:
    case v1::REPORT_KIND_SUSPICIOUS:
      return {.from_day = true};
    case v1::REPORT_KIND_TOTALS:
      return {.group = true, .from_day = true};
    case v1::REPORT_KIND_DAYBOOK:
      return {.merchant = true, .from_day = true};
    case v1::REPORT_KIND_ACCOUNT:
      return {.volunteer = true, .merchant = true, .from_day = true};
    case v1::REPORT_KIND_SETTLEMENT:
    case v1::REPORT_KIND_STOCK:
    case v1::REPORT_KIND_OPEN_ORDERS:
      return {.merchant = true};
    case v1::REPORT_KIND_PASSBOOK:
    case v1::REPORT_KIND_CERTIFICATE:
      return {.volunteer = true};
    case v1::REPORT_KIND_TRIAL_BALANCE:
    case v1::REPORT_KIND_ROLL_FORWARD:
    case v1::REPORT_KIND_EXCEPTIONS:
    case v1::REPORT_KIND_EXPIRY_CALENDAR:
    case v1::REPORT_KIND_REVIEWS:
    case v1::REPORT_KIND_STARS:
    case v1::REPORT_KIND_BUDGETS:
    case v1::REPORT_KIND_MONTHS:
    case v1::REPORT_KIND_UNSPECIFIED:
    case v1::ReportKind_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::ReportKind_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return {};
}

Refused Missing(const char* field, const char* why) {
  return {v1::REFUSAL_FIELD_MISSING, field, why, {}};
}
Refused Invalid(const char* field, const char* why) {
  return {v1::REFUSAL_FIELD_INVALID, field, why, {}};
}

// Whom a report is about, by the books.
std::variant<uint32_t, Refused> PersonNamed(const books::Books& books, const std::string& id) {
  const auto index = books.volunteer_ids.Of(id);
  if (!index) {
    return Refused{v1::REFUSAL_VOLUNTEER_UNKNOWN,
                   "volunteer_id",
                   Text("there is no volunteer ", id),
                   {{"volunteer_id", id}}};
  }
  const uint32_t survivor = books.Survivor(*index);
  if (survivor == *index) return survivor;
  const std::string survivor_id(books.volunteer_ids[survivor]);
  return Refused{v1::REFUSAL_VOLUNTEER_MERGED,
                 "volunteer_id",
                 Text(id, " was merged into ", survivor_id),
                 {{"survivor_id", survivor_id}}};
}

std::variant<ReportTable, Refused> OfVolunteer(const books::Books& books, const Window& window,
                                               const ReportRequest& request) {
  const auto person = PersonNamed(books, request.volunteer_id);
  if (const auto* refused = std::get_if<Refused>(&person)) return *refused;
  const uint32_t who = std::get<uint32_t>(person);
  if (request.kind == v1::REPORT_KIND_PASSBOOK) return Passbook(books, window, who);
  if (request.kind == v1::REPORT_KIND_CERTIFICATE) return Certificate(books, window, who);
  return VolunteerAccount(books, window, who);
}

}  // namespace

std::variant<ReportRequest, Refused> CheckReport(const v1::GetReportRequest& request) {
  if (request.kind() == v1::REPORT_KIND_UNSPECIFIED) return Missing("kind", "which report?");
  if (!v1::ReportKind_IsValid(request.kind())) return Invalid("kind", "there is no such report");
  const Takes takes = TakenBy(request.kind());
  ReportRequest checked;
  checked.kind = request.kind();
  if (request.group() != v1::REPORT_GROUP_UNSPECIFIED) {
    if (!takes.group || !v1::ReportGroup_IsValid(request.group())) {
      return Invalid("group", "this report isn't grouped that way");
    }
    checked.group = request.group();
  } else if (takes.group) {
    return Missing("group", "by what should it add up?");
  }
  if (!request.volunteer_id().empty() && !takes.volunteer) {
    return Invalid("volunteer_id", "this report isn't about one volunteer");
  }
  if (!request.merchant_id().empty() && !takes.merchant) {
    return Invalid("merchant_id", "this report isn't about one merchant");
  }
  if (takes.volunteer && takes.merchant) {
    if (request.volunteer_id().empty() && request.merchant_id().empty()) {
      return Missing("volunteer_id", "whose account? Or name a merchant");
    }
    if (!request.volunteer_id().empty() && !request.merchant_id().empty()) {
      return Invalid("merchant_id", "an account is a volunteer's or a merchant's");
    }
  } else if (takes.volunteer && request.volunteer_id().empty()) {
    return Missing("volunteer_id", "whose?");
  }
  checked.volunteer_id = request.volunteer_id();
  checked.merchant_id = request.merchant_id();
  if (!request.as_of().until_day().empty()) {
    checked.until = ParseDay(request.as_of().until_day());
    if (!checked.until) return Invalid("as_of.until_day", "not a day as 2021-03-05");
  }
  if (!request.from_day().empty()) {
    if (!takes.from_day) return Invalid("from_day", "this report begins with the ledger");
    checked.from = ParseDay(request.from_day());
    if (!checked.from) return Invalid("from_day", "not a day as 2021-03-05");
    if (checked.until && *checked.from > *checked.until) {
      return Invalid("from_day", "after as_of.until_day");
    }
  }
  return checked;
}

std::variant<ReportTable, Refused> MakeReport(const books::Books& books,
                                              const ReportRequest& request) {
  const Window window = WindowOf(books, request.from, request.until);
  MerchantChoice merchant;
  if (!request.merchant_id.empty()) {
    merchant = books.merchant_ids.Of(request.merchant_id);
    if (!merchant) {
      return Refused{v1::REFUSAL_MERCHANT_UNKNOWN,
                     "merchant_id",
                     Text("there is no merchant ", request.merchant_id),
                     {{"merchant_id", request.merchant_id}}};
    }
  }
  switch (request.kind) {
    case v1::REPORT_KIND_COMMUNITIES:
      return Communities(books, window);
    case v1::REPORT_KIND_ORGANISATIONS:
      return Organisations(books, window);
    case v1::REPORT_KIND_TOTALS:
      return Totals(books, window, request.group);
    case v1::REPORT_KIND_CROSSINGS:
      return Crossings(books, window);
    case v1::REPORT_KIND_DAYBOOK:
      return Daybook(books, window, merchant);
    case v1::REPORT_KIND_SETTLEMENT:
      return Settlement(books, window, merchant);
    case v1::REPORT_KIND_PASSBOOK:
    case v1::REPORT_KIND_CERTIFICATE:
      return OfVolunteer(books, window, request);
    case v1::REPORT_KIND_ACCOUNT:
      if (merchant) return MerchantAccount(books, window, *merchant);
      return OfVolunteer(books, window, request);
    case v1::REPORT_KIND_TRIAL_BALANCE:
      return TrialBalance(books, window);
    case v1::REPORT_KIND_ROLL_FORWARD:
      return RollForward(books, window);
    case v1::REPORT_KIND_EXCEPTIONS:
      return Exceptions(books, window);
    case v1::REPORT_KIND_EXPIRY_CALENDAR:
      return ExpiryCalendar(books, window);
    case v1::REPORT_KIND_STOCK:
      return Stock(books, window, merchant);
    case v1::REPORT_KIND_OPEN_ORDERS:
      return OpenOrders(books, window, merchant);
    case v1::REPORT_KIND_REVIEWS:
      return Reviews(books, window);
    case v1::REPORT_KIND_STARS:
      return Stars(books, window);
    case v1::REPORT_KIND_SUSPICIOUS:
      return Suspicious(books, window);
    case v1::REPORT_KIND_BUDGETS:
      return Budgets(books, window);
    case v1::REPORT_KIND_MONTHS:
      return Months(books, window);
    case v1::REPORT_KIND_UNSPECIFIED:
    case v1::ReportKind_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::ReportKind_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return Invalid("kind", "there is no such report");
}

}  // namespace meritbook
