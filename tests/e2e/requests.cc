#include "tests/e2e/requests.h"

#include <chrono>
#include <ctime>

#include "ledger/sha256.h"
#include "ledger/text.h"

namespace meritbook::e2e {
namespace {

// Asia/Shanghai has been eight hours ahead, all year round, since 1991.
constexpr int64_t kZoneSeconds = 8 * 3600;
constexpr int64_t kDaySeconds = 86'400;

int64_t DayNumberAgo(int days) { return (NowUs() / 1'000'000 + kZoneSeconds) / kDaySeconds - days; }

}  // namespace

int64_t NowUs() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string DaysAgo(int days) {
  const std::time_t midnight = DayNumberAgo(days) * kDaySeconds;
  std::tm parts{};
  gmtime_r(&midnight, &parts);
  char text[16];
  MB_CHECK(std::strftime(text, sizeof text, "%Y-%m-%d", &parts) == 10);
  return text;
}

int64_t InstantUs(int days_ago, int hour, int minute) {
  const int64_t seconds =
      DayNumberAgo(days_ago) * kDaySeconds - kZoneSeconds + hour * 3600 + minute * 60;
  return seconds * 1'000'000;
}

int64_t Instant(const std::string& text) {
  std::tm parts{};
  const char* const end = strptime(text.c_str(), "%Y-%m-%d %H:%M", &parts);
  MB_CHECK(end != nullptr && *end == '\0');
  return (int64_t{timegm(&parts)} - kZoneSeconds) * 1'000'000;
}

v1::CreateLedgerRequest Founding(bool migrating) {
  return Parse<v1::CreateLedgerRequest>(
      Text("request_id: 'found' command { migrating: ", migrating ? "true" : "false", " }"));
}

v1::PublishRuleRequest Rule(int recording_unit_minutes) {
  return Parse<v1::PublishRuleRequest>(
      Text("request_id: 'rule' command { effective_from_day: '2020-01-01' earning { "
           "rates { category: 'traffic_courtesy' points_per_hour: 25 percentage: 100 } "
           "recording_unit_minutes: ",
           recording_unit_minutes,
           " credited_minutes_per_day: 480 backdating_days: 90 } expiry { rolling_months: 12 } }"));
}

v1::RegisterOrganisationRequest Organisation(const std::string& id) {
  return Parse<v1::RegisterOrganisationRequest>(
      Text("request_id: '", id, "' command { organisation_id: '", id,
           "' kind: ORGANISATION_KIND_COMMUNITY headcount: 30 }"));
}

v1::RegisterActivityRequest Activity(const std::string& id, const std::string& organisation) {
  return Parse<v1::RegisterActivityRequest>(Text(
      "request_id: '", id, "' command { activity_id: '", id, "' organisation_id: '", organisation,
      "' category: 'traffic_courtesy' site: 'crossing-7' starts_us: ", InstantUs(80, 0, 0), " }"));
}

v1::RegisterSessionRequest Session(const std::string& id, const std::string& activity) {
  return Parse<v1::RegisterSessionRequest>(
      Text("request_id: '", id, "' command { session_id: '", id, "' activity_id: '", activity,
           "' service_day: '", DaysAgo(2), "' slot: 'morning' starts_us: ", InstantUs(2, 8, 0),
           " ends_us: ", InstantUs(2, 10, 0), " }"));
}

v1::RegisterVolunteerRequest Volunteer(const std::string& id) {
  return Parse<v1::RegisterVolunteerRequest>(
      Text("request_id: '", id, "' command { volunteer_id: '", id,
           "' age_band: AGE_BAND_18_TO_59 cohorts: COHORT_PARTY }"));
}

v1::ServiceRecord Service(const std::string& record, const std::string& volunteer, int days_ago,
                          int minutes) {
  v1::ServiceRecord service;
  service.set_record_id(record);
  service.set_volunteer_id(volunteer);
  service.set_activity_id(kActivity);
  service.mutable_duration()->set_service_day(DaysAgo(days_ago));
  service.mutable_duration()->set_minutes(static_cast<uint32_t>(minutes));
  return service;
}

v1::CreditHoursRequest Credit(const std::string& record, const std::string& volunteer, int days_ago,
                              int minutes) {
  v1::CreditHoursRequest request;
  request.set_ledger_id(kLedger);
  *request.mutable_command()->mutable_record() = Service(record, volunteer, days_ago, minutes);
  return request;
}

v1::CreditHoursItem Item(const v1::CreditHoursRequest& request) {
  v1::CreditHoursItem item;
  if (request.has_request_id()) item.set_request_id(request.request_id());
  if (request.has_recorded_us()) item.set_recorded_us(request.recorded_us());
  *item.mutable_command() = request.command();
  return item;
}

v1::SubmitHoursRequest Submit(const std::string& record, const std::string& volunteer, int days_ago,
                              int minutes) {
  v1::SubmitHoursRequest request;
  request.set_ledger_id(kLedger);
  *request.mutable_command()->mutable_record() = Service(record, volunteer, days_ago, minutes);
  return request;
}

std::string Ref(const std::string& record) {
  return Text("record { source: 'dev' record_id: '", record, "' }");
}

v1::GetRecordRequest RecordNamed(const std::string& record) {
  return Parse<v1::GetRecordRequest>(Ref(record));
}

v1::ReviewHoursRequest Judge(const std::string& id, const std::string& record, bool approve) {
  return Parse<v1::ReviewHoursRequest>(
      Text("request_id: '", id, "' command { ", Ref(record),
           " reason_code: 'seen' verdict: ", approve ? "VERDICT_APPROVE" : "VERDICT_REJECT", " }"));
}

v1::DisputeHoursRequest Dispute(const std::string& id, const std::string& record) {
  return Parse<v1::DisputeHoursRequest>(
      Text("request_id: '", id, "' command { ", Ref(record), " reason_code: 'doubt' }"));
}

v1::CorrectHoursRequest Correct(const std::string& record, const v1::ServiceRecord& replacement) {
  auto request = Parse<v1::CorrectHoursRequest>(Text(
      "request_id: 'correct-", record, "' command { ", Ref(record), " reason_code: 'misread' }"));
  *request.mutable_command()->mutable_replacement() = replacement;
  return request;
}

v1::RevokeHoursRequest Revoke(const std::string& record) {
  return Parse<v1::RevokeHoursRequest>(Text("request_id: 'revoke-", record, "' command { ",
                                            Ref(record), " reason_code: 'absent' }"));
}

v1::ProposeChangeRequest Propose(const std::string& proposal, const std::string& change) {
  return Parse<v1::ProposeChangeRequest>(Text("request_id: 'propose-", proposal,
                                              "' command { proposal_id: '", proposal, "' ", change,
                                              " }"));
}

v1::ApproveChangeRequest Agree(const std::string& proposal) {
  return Parse<v1::ApproveChangeRequest>(
      Text("request_id: 'agree-", proposal, "' command { proposal_id: '", proposal, "' }"));
}

v1::GetBalanceRequest BalanceOf(const std::string& volunteer) {
  return Parse<v1::GetBalanceRequest>(Text("volunteer_id: '", volunteer, "'"));
}

v1::OnboardMerchantRequest Merchant(const std::string& id) {
  return Parse<v1::OnboardMerchantRequest>(
      Text("request_id: '", id, "' command { merchant_id: '", id, "' kind: 'bakery' }"));
}

v1::PublishItemRequest Offer(const std::string& item, const std::string& merchant, int price_points,
                             int stock) {
  return Parse<v1::PublishItemRequest>(
      Text("request_id: '", item, "' command { item_id: '", item, "' merchant_id: '", merchant,
           "' price_points: ", price_points, " stock: ", stock, " }"));
}

v1::RedeemNowRequest Redeem(const std::string& order, const std::string& volunteer,
                            const std::string& merchant, const std::string& item, int quantity) {
  return Parse<v1::RedeemNowRequest>(
      Text("command { order_id: '", order, "' volunteer_id: '", volunteer, "' merchant_id: '",
           merchant, "' lines { item_id: '", item, "' quantity: ", quantity, " } }"));
}

v1::RefundOrderRequest Refund(const std::string& id, const std::string& order,
                              const std::string& item, int quantity) {
  return Parse<v1::RefundOrderRequest>(Text("request_id: '", id, "' command { order_id: '", order,
                                            "' lines { item_id: '", item, "' quantity: ", quantity,
                                            " } reason_code: 'stale' }"));
}

v1::RegisterPrincipalRequest Principal(const std::string& id,
                                       const std::string& roles_and_binding) {
  auto request = Parse<v1::RegisterPrincipalRequest>(Text(
      "request_id: 'add-", id, "' command { principal_id: '", id, "' ", roles_and_binding, " }"));
  request.mutable_command()->set_key_sha256(std::string(AsBytes(Sha256("secret-of-" + id))));
  return request;
}

std::string KeyOf(const std::string& principal) {
  return Text("Bearer ", principal, ".secret-of-", principal);
}

}  // namespace meritbook::e2e
