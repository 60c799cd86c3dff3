// The exact bytes of an event of each kind: a drift of the format is seen here. Until the formats
// freeze, new bytes may be taken over from the failure's message; afterwards a change is a new
// field.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "absl/strings/escaping.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

constexpr std::string_view kLife = R"(at 2022-01-01 00:00
recorded 2021-03-01 08:00
by operator
CreateLedger #q1 time_zone: "Asia/Shanghai" migrating: true
by committee
PublishRule #q2 effective_from_day: "2021-01-01" earning { rates { category: "traffic" points_per_hour: 25 percentage: 100 } recording_unit_minutes: 15 credited_minutes_per_day: 60 backdating_days: 30 } expiry { rolling_months: 12 }
OnboardMerchant #q3 merchant_id: "bakery" kind: "food"
PublishItem #q4 item_id: "bun" merchant_id: "bakery" price_points: 5 stock: 10
ReceiveStock #q5 item_id: "bun" quantity: 3
by app source=app
RegisterOrganisation #q6 organisation_id: "o1" kind: ORGANISATION_KIND_TEAM headcount: 30
RegisterActivity #q7 activity_id: "patrol" organisation_id: "o1" category: "traffic" site: "x1" starts_us: @2020-01-01T00:00 ends_us: @2022-01-01T00:00
RegisterSession #q8 session_id: "s1" activity_id: "patrol" service_day: "2021-02-28" slot: "night" starts_us: @2021-02-28T22:00 ends_us: @2021-03-01T02:00
RegisterVolunteer #q9 volunteer_id: "ann" cohorts: COHORT_LEAGUE organisation_id: "o1" age_band: AGE_BAND_UNDER_14 guardian_consent: true
RegisterPrincipal #q10 principal_id: "p1" roles: ROLE_MERCHANT merchant_id: "bakery" key_sha256: "k^32"
RevokePrincipal #q11 principal_id: "p1"
CreditHours record_id: "r1" volunteer_id: "ann" activity_id: "patrol" session_id: "s1" interval { start_us: @2021-02-28T22:30 end_us: @2021-03-01T00:30 }
by till merchant=bakery
RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 6 }
by committee
FreezeVolunteer #q14 volunteer_id: "ann" reason_code: "audit"
FinishMigration #q15
recorded -
at 2022-04-01 00:00
sweep
)";

const std::map<v1::Event::BodyCase, const char*> kWant = {
    {v1::Event::kLedgerCreated,
     "1080c0a2e4e48def021880c0a2e4e48def0222086f70657261746f7230033a02713140015001590100000000"
     "00000082012a0a110a0d417369612f5368616e67686169100112066c696e6861691a0d417369612f5368616e"
     "67686169"},
    {v1::Event::kMigrationFinished,
     "080e1080c0a2e4e48def021880c0a2e4e48def022209636f6d6d697474656530033a037131354002480e5001"
     "590f000000000000008a01020a00"},
    {v1::Event::kRulePublished,
     "08011080c0a2e4e48def021880c0a2e4e48def022209636f6d6d697474656530033a02713240034801500159"
     "020000000000000092012b0a270a0a323032312d30312d303112150a0d0a077472616666696310191864100f"
     "183c201e1a02100c1001"},
    {v1::Event::kPrincipalRegistered,
     "08091080c0a2e4e48def021880c0a2e4e48def0222036170702a0361707030013a0371313040044809500159"
     "0a000000000000009a01330a310a027031120104220662616b65727932206b6b6b6b6b6b6b6b6b6b6b6b6b6b"
     "6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b"},
    {v1::Event::kPrincipalRevoked,
     "080a1080c0a2e4e48def021880c0a2e4e48def0222036170702a0361707030013a037131314005480a500159"
     "0b00000000000000a201060a040a027031"},
    {v1::Event::kVolunteerRegistered,
     "08081080c0a2e4e48def021880c0a2e4e48def0222036170702a0361707030013a0271394006480850015909"
     "0000000000000062070a03616e6e1001aa01120a100a03616e6e1201021a026f3120012801"},
    {v1::Event::kVolunteerFrozen,
     "080d1080c0a2e4e48def021880c0a2e4e48def022209636f6d6d697474656530033a037131344007480d5001"
     "590e0000000000000062090a03616e6e1004180cb2010e0a0c0a03616e6e12056175646974"},
    {v1::Event::kOrganisationRegistered,
     "08051080c0a2e4e48def021880c0a2e4e48def0222036170702a0361707030013a0271364008480550015906"
     "00000000000000ba010a0a080a026f311002181e"},
    {v1::Event::kActivityRegistered,
     "08061080c0a2e4e48def021880c0a2e4e48def0222036170702a0361707030013a0271374009480650015907"
     "00000000000000c2012d0a2b0a06706174726f6c12026f311a0774726166666963220278312880c0f4eaa0e0"
     "e602308080f19ab48ef502"},
    {v1::Event::kSessionRegistered,
     "08071080c0a2e4e48def021880c0a2e4e48def0222036170702a0361707030013a027138400a480750015908"
     "00000000000000ca01330a310a0273311206706174726f6c1a0a323032312d30322d323822056e6967687430"
     "80f090d6de8cef02388090cba8948def02"},
    {v1::Event::kHoursCredited,
     "080b1080c0a2e4e48def02188094b8b0e58cef0222036170702a0361707030013a027231400b480b5001590c"
     "0000000000000062090a03616e6e10021808d201590a290a0272311203616e6e1a06706174726f6c22027331"
     "2a12088094b8b0e58cef021080a4d599808def02121608fe9101103c181e20012819306438f0930940eb9401"
     "121408ff9101101e20012819306438f8c904408a9501"},
    {v1::Event::kPointsExpired,
     "080f108080d088dcf0f602188080d088dcf0f602480f500159100000000000000062090a03616e6e1005180d"
     "da010f0a03616e6e1208088a950110c8df02"},
    {v1::Event::kMerchantOnboarded,
     "08021080c0a2e4e48def021880c0a2e4e48def022209636f6d6d697474656530033a027133400c4802500159"
     "0300000000000000e201100a0e0a0662616b6572791204666f6f64"},
    {v1::Event::kItemPublished,
     "08031080c0a2e4e48def021880c0a2e4e48def022209636f6d6d697474656530033a027134400d4803500159"
     "0400000000000000ea01130a110a0362756e120662616b6572791805200a"},
    {v1::Event::kStockReceived,
     "08041080c0a2e4e48def021880c0a2e4e48def022209636f6d6d697474656530033a027135400e4804500159"
     "0500000000000000f201090a070a0362756e1003"},
    {v1::Event::kOrderRedeemed,
     "080c1080c0a2e4e48def021880c0a2e4e48def02220474696c6c2a0662616b65727930023a027831400f480c"
     "5001590d0000000000000062090a03616e6e1003180bfa013f0a1a0a0278311203616e6e1a0662616b657279"
     "22070a0362756e100612090a0362756e1006180518a0fe0a220808eb940110f093092208088a950110b0ea01"},
};

TEST(EventGolden, Bytes) {
  Script script;
  script.Given(kLife);
  std::set<v1::Event::BodyCase> seen;
  for (size_t i = 0; i < script.events().size(); ++i) {
    const v1::Event event = script.event(i);
    SCOPED_TRACE(event.ShortDebugString());
    seen.insert(event.body_case());
    const auto want = kWant.find(event.body_case());
    EXPECT_EQ(absl::BytesToHexString(script.events()[i]),
              want == kWant.end() ? "none" : want->second);
  }
  // Every kind of the oneof has its bytes here.
  EXPECT_EQ(static_cast<int>(seen.size()),
            v1::Event::descriptor()->FindOneofByName("body")->field_count());
}

}  // namespace
}  // namespace meritbook
