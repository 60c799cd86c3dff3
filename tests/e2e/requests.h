// Owns: sound requests for the ledger of the tests, and the dates in them.
// Promises: a ledger made by Founding, Rule and Basics takes every one of them.
// Thread: any.
#ifndef MERITBOOK_TESTS_E2E_REQUESTS_H_
#define MERITBOOK_TESTS_E2E_REQUESTS_H_

#include <cstdint>
#include <string>

#include "google/protobuf/text_format.h"
#include "ledger/check.h"
#include "meritbook/v1/account.pb.h"
#include "meritbook/v1/admin.pb.h"
#include "meritbook/v1/audit.pb.h"
#include "meritbook/v1/hours.pb.h"
#include "meritbook/v1/mall.pb.h"
#include "meritbook/v1/report.pb.h"
#include "meritbook/v1/settlement.pb.h"

namespace meritbook::e2e {

inline constexpr char kLedger[] = "linhai";
inline constexpr char kActivity[] = "patrol";
inline constexpr char kSession[] = "patrol-morning";  // the day before yesterday, 8 to 10
inline constexpr int64_t kUnitsPerHour = 25 * 6000;

// Days and instants of Asia/Shanghai, counted back from today.
std::string DaysAgo(int days);
int64_t InstantUs(int days_ago, int hour, int minute);
int64_t NowUs();
// Of "2021-03-05 08:00" in Asia/Shanghai.
int64_t Instant(const std::string& text);

// From protobuf text format, with the ledger's id filled in where there is none.
template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  MB_CHECK(google::protobuf::TextFormat::ParseFromString(text, &message));
  if constexpr (requires { message.set_ledger_id(kLedger); }) {
    if (message.ledger_id().empty()) message.set_ledger_id(kLedger);
  }
  return message;
}

v1::CreateLedgerRequest Founding(bool migrating = false);
// 25 points an hour, 480 minutes a day, 90 days back, lapsing at a month's end a year later.
v1::PublishRuleRequest Rule(int recording_unit_minutes);
v1::RegisterOrganisationRequest Organisation(const std::string& id);
v1::RegisterActivityRequest Activity(const std::string& id, const std::string& organisation);
v1::RegisterSessionRequest Session(const std::string& id, const std::string& activity);

v1::RegisterVolunteerRequest Volunteer(const std::string& id);
// Of the activity, known by its length only.
v1::ServiceRecord Service(const std::string& record, const std::string& volunteer, int days_ago,
                          int minutes);
v1::CreditHoursRequest Credit(const std::string& record, const std::string& volunteer, int days_ago,
                              int minutes);
v1::CreditHoursItem Item(const v1::CreditHoursRequest& request);
v1::SubmitHoursRequest Submit(const std::string& record, const std::string& volunteer, int days_ago,
                              int minutes);
// Names a record of --dev's platform.
std::string Ref(const std::string& record);
v1::GetRecordRequest RecordNamed(const std::string& record);
// The request id is "<id>".
v1::ReviewHoursRequest Judge(const std::string& id, const std::string& record, bool approve);
v1::DisputeHoursRequest Dispute(const std::string& id, const std::string& record);
v1::CorrectHoursRequest Correct(const std::string& record, const v1::ServiceRecord& replacement);
v1::RevokeHoursRequest Revoke(const std::string& record);
// `change` such as "adjust_points { … }".
v1::ProposeChangeRequest Propose(const std::string& proposal, const std::string& change);
v1::ApproveChangeRequest Agree(const std::string& proposal);
v1::GetBalanceRequest BalanceOf(const std::string& volunteer);

v1::OnboardMerchantRequest Merchant(const std::string& id);
v1::PublishItemRequest Offer(const std::string& item, const std::string& merchant, int price_points,
                             int stock);
v1::RedeemNowRequest Redeem(const std::string& order, const std::string& volunteer,
                            const std::string& merchant, const std::string& item, int quantity);

v1::RefundOrderRequest Refund(const std::string& id, const std::string& order,
                              const std::string& item, int quantity);

// The key's secret is "secret-of-<id>".
v1::RegisterPrincipalRequest Principal(const std::string& id, const std::string& roles_and_binding);
std::string KeyOf(const std::string& principal);

}  // namespace meritbook::e2e

#endif  // MERITBOOK_TESTS_E2E_REQUESTS_H_
