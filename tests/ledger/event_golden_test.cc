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
CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" session_id: "s1" interval { start_us: @2021-02-28T22:30 end_us: @2021-03-01T00:30 } }
by till merchant=bakery
RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 6 }
RefundOrder #q16 order_id: "x1" lines { item_id: "bun" quantity: 2 } reason_code: "stale"
by committee
PublishRule #q17 effective_from_day: "2021-02-28" earning { rates { category: "traffic" points_per_hour: 30 percentage: 150 } recording_unit_minutes: 15 credited_minutes_per_day: 480 backdating_days: 30 auto_minutes_per_day: 240 maturity_days: 7 credited_minutes_per_month: 2400 credited_minutes_per_activity: 6000 backfill_earns: true awards { award: "blood" points_max: 20 times_per_year: 2 } } expiry { year_end_grace_days: 31 from_crediting: true grace_days: 30 } review { late_submission_days: 7 revocation_points_max: 100 late_correction_days: 60 }
RegisterOrganisation #q18 organisation_id: "redcross" kind: ORGANISATION_KIND_CAUSE
SetRoster #q19 organisation_id: "o1" headcount: 31
RegisterVolunteer #q20 volunteer_id: "bob" age_band: AGE_BAND_60_PLUS
RegisterVolunteer #q21 volunteer_id: "cat" age_band: AGE_BAND_60_PLUS
by app source=app
SubmitActivity #q22 activity_id: "fair" organisation_id: "o1" category: "traffic" site: "x2" starts_us: @2020-01-01T00:00 ends_us: @2022-01-01T00:00 capacity: 20
SubmitHours record { record_id: "r3" volunteer_id: "bob" activity_id: "patrol" duration { service_day: "2021-02-10" minutes: 90 } }
SubmitHours record { record_id: "r2" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-02-28T09:00 end_us: @2021-02-28T10:00 } }
BackfillHours record { record_id: "r4" volunteer_id: "bob" activity_id: "patrol" duration { service_day: "2021-02-05" minutes: 60 } }
AwardPoints #q23 record_id: "w1" volunteer_id: "ann" award: "blood" award_day: "2021-03-01" points: 20
by committee
ReviewActivity #q24 activity_id: "fair" verdict: VERDICT_APPROVE reason_code: "good"
ReviewHours #q25 record { source: "app" record_id: "r3" } verdict: VERDICT_APPROVE reason_code: "seen"
DisputeHours #q26 record { source: "app" record_id: "r1" } reason_code: "doubt"
by mei
ReviewHours #q27 record { source: "app" record_id: "r1" } verdict: VERDICT_REJECT reason_code: "seen"
by app source=app
RecordAttendance #q28 activity_id: "fair" start_us: @2021-03-01T06:00 end_us: @2021-03-01T07:00 attendees { record_id: "a1" volunteer_id: "ann" } attendees { record_id: "a2" volunteer_id: "bob" end_us: @2021-03-01T06:45 }
CorrectHours #q29 record { source: "app" record_id: "r2" } replacement { record_id: "r5" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-02-28T09:00 end_us: @2021-02-28T11:00 } } reason_code: "typo"
RevokeHours #q30 record { source: "app" record_id: "a2" } reason_code: "fraud"
CloseActivity #q31 activity_id: "fair"
CancelActivity #q32 activity_id: "fair" reason_code: "rain"
by lin
ProposeChange #q33 proposal_id: "p1" adjust_points { volunteer_id: "bob" units: 180000 expiry_day: "2021-03-31" reason_code: "gift" }
ProposeChange #q34 proposal_id: "p2" merge_volunteers { volunteer_id: "bob" survivor_id: "ann" }
ProposeChange #q35 proposal_id: "p3" load_opening_balances { file_sha256: "f^32" part: 1 parts: 2 balances { volunteer_id: "cat" lots { expiry_day: "2021-12-31" units: 120000 } lots { units: 6000 } credited_minutes: 600 honorary_minutes: 60 } }
ProposeChange #q36 proposal_id: "p4" adjust_points { volunteer_id: "cat" units: 6000 reason_code: "gift" }
by mei
ApproveChange #q37 proposal_id: "p1"
ApproveChange #q38 proposal_id: "p2"
ApproveChange #q39 proposal_id: "p3"
RejectChange #q40 proposal_id: "p4" reason_code: "no"
DonatePoints #q41 volunteer_id: "cat" cause_id: "redcross" points: 5
by committee
FreezeVolunteer #q14 volunteer_id: "ann" reason_code: "audit"
FinishMigration #q15


recorded -
at 2021-04-01 00:00
sweep
UnfreezeVolunteer #q42 volunteer_id: "ann" reason_code: "cleared"
by lin
ProposeChange #q43 proposal_id: "p5" reinstate_points { volunteer_id: "ann" lapsed_day: "2021-03-31" units: 6000 expiry_day: "2021-12-31" reason_code: "ill" }
by mei
ApproveChange #q44 proposal_id: "p5"
CloseVolunteer #q45 volunteer_id: "cat" reason: CLOSE_REASON_MOVED
by committee
PublishRule #q46 effective_from_day: "2021-04-01" earning { rates { category: "traffic" points_per_hour: 25 percentage: 100 } recording_unit_minutes: 15 credited_minutes_per_day: 480 backdating_days: 30 } expiry { never {} } mall { hold_seconds_max: 1800 voucher_days_max: 30 offline_grace_minutes: 120 refund_days: 14 volunteer_orders_per_day: 50 volunteer_points_per_day: 5000 merchant_orders_per_day: 500 open_amount_fen_per_point: 5 statement_close_days: 10 } star_hours: 100 star_hours: 300
OnboardMerchant #q47 merchant_id: "teahouse" kind: "food"
SuspendMerchant #q48 merchant_id: "teahouse" reason_code: "audit"
ResumeMerchant #q49 merchant_id: "teahouse" reason_code: "clean"
OffboardMerchant #q50 merchant_id: "teahouse" last_day: "2021-04-30" reason_code: "moved"
PublishItem #q51 item_id: "oil" merchant_id: "bakery" price_points: 10 stock: 20 settle_fen: 300 funding: FUNDING_PROGRAMME limit { quantity: 9 period: LIMIT_PERIOD_MONTH } age_bands: AGE_BAND_60_PLUS age_bands: AGE_BAND_18_TO_59
WithdrawItem #q52 item_id: "bun" reason_code: "stale"
ReturnStock #q53 item_id: "bun" quantity: 2 reason_code: "spoilt"
RegisterVolunteer #q54 volunteer_id: "dan" age_band: AGE_BAND_18_TO_59
by lin
ProposeChange #q55 proposal_id: "p6" allocate_budget { source: "programme" year: 2021 fen: 6000 warn_percent: 10 }
by mei
ApproveChange #q56 proposal_id: "p6"
by app source=app
CreditHours record { record_id: "r9" volunteer_id: "dan" activity_id: "patrol" duration { service_day: "2021-04-01" minutes: 480 } }
by till merchant=bakery
HoldOrder order_id: "h1" volunteer_id: "dan" merchant_id: "bakery" lines { item_id: "oil" quantity: 3 } lines { quantity: 7 } hold_seconds: 600 offline: true
IssueVoucher order_id: "v1" volunteer_id: "dan" merchant_id: "bakery" lines { item_id: "oil" quantity: 2 } valid_days: 2 code_sha256: "v^32"
HoldOrder order_id: "h2" volunteer_id: "dan" merchant_id: "bakery" lines { item_id: "oil" quantity: 1 }
CancelOrder #q57 order_id: "h2" reason_code: "gone"
HoldOrder order_id: "h3" volunteer_id: "dan" merchant_id: "bakery" lines { item_id: "oil" quantity: 1 }
at 2021-04-01 01:00
ConfirmOrder #q58 order_id: "h1" lines { item_id: "oil" quantity: 2 } happened_us: @2021-04-01T00:05
at 2021-05-01 09:00
by committee
ClosePeriod #q59 month: "2021-04"
OpenStatement #q60 statement_id: "s4" merchant_id: "bakery" through_month: "2021-04"
by till merchant=bakery
ObjectStatement #q61 statement_id: "s4" reason_code: "less"
by committee
ResolveObjection #q62 statement_id: "s4" upheld: true reason_code: "right"
by lin
ProposeChange #q63 proposal_id: "p7" write_off { statement_id: "s4" amounts { units: -6000 fen: -50 } budget { source: "programme" year: 2021 } reason_code: "agreed" }
by mei
ApproveChange #q64 proposal_id: "p7"
by committee
CloseStatement #q65 statement_id: "s4"
RecordPayment #q66 statement_id: "s4" fen: 650 reference: "bank-1"
ReversePayment #q67 statement_id: "s4" reason_code: "account"
by operator
DeclareLoss #q68 kept_size: $ guard_size: 99 guard_sha256: "g^32" declared_by: "operator" reason_code: "disk"
)";

const std::map<v1::Event::BodyCase, const char*> kWant = {
    {v1::Event::kLedgerCreated,
     "1080c0a2e4e48def021880c0a2e4e48def0222086f70657261746f7230033a02713140015001590100000000"
     "00000082012a0a110a0d417369612f5368616e67686169100112066c696e6861691a0d417369612f5368616e"
     "67686169"},
    {v1::Event::kMigrationFinished,
     "08301080c0a2e4e48def021880c0a2e4e48def022209636f6d6d697474656530033a03713135400248305001"
     "5931000000000000008a01020a00"},
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
     "082f1080c0a2e4e48def021880c0a2e4e48def022209636f6d6d697474656530033a037131344007482f5001"
     "59300000000000000062090a03616e6e100c182ab2010e0a0c0a03616e6e12056175646974"},
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
     "0000000000000062090a03616e6e10021808d2015d0a2b0a290a0272311203616e6e1a06706174726f6c2202"
     "73312a12088094b8b0e58cef021080a4d599808def02122e0a1608fe9101103c181e20012819306438f09309"
     "40eb94010a1408ff9101101e20012819306438f8c904408a9501"},
    {v1::Event::kPointsExpired,
     "08321080c080a8f3daef021880c080a8f3daef024832500159330000000000000062090a03616e6e100e1831"
     "da010f0a03616e6e1208089d920110e0d403"},
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
     "5001590d0000000000000062090a03616e6e1003180bfa01440a1a0a0278311203616e6e1a0662616b657279"
     "22070a0362756e100612090a0362756e1006180518a0fe0a220808eb940110f093092208088a950110b0ea01"
     "2a03616e6e"},
    {v1::Event::kVolunteerUnfrozen,
     "08331080c080a8f3daef021880c080a8f3daef022209636f6d6d697474656530033a03713432401048335001"
     "59340000000000000062090a03616e6e100f18328202100a0e0a03616e6e1207636c6561726564"},
    {v1::Event::kVolunteerClosed,
     "08371080c080a8f3daef021880c080a8f3daef0222036d656930033a03713435401148375001593800000000"
     "00000062090a036361741004182e8a02180a070a036361741001120808b094011090bf05120310f02e"},
    {v1::Event::kVolunteersMerged,
     "082a1080c0a2e4e48def021880c0a2e4e48def0222036d656930033a03713338402148295002592b00000000"
     "00000062090a03626f621008182862090a03616e6e100b181f92021a0a0a0a03626f621203616e6e18909214"
     "3208089d920110c0a907"},
    {v1::Event::kRosterSet,
     "08101080c0a2e4e48def021880c0a2e4e48def022209636f6d6d697474656530033a03713139401248105001"
     "5911000000000000009a02080a060a026f31101f"},
    {v1::Event::kActivitySubmitted,
     "08131080c0a2e4e48def021880c0a2e4e48def0222036170702a0361707030013a0371323240134813500159"
     "1400000000000000a2022d0a2b0a046661697212026f311a0774726166666963220278322880c0f4eaa0e0e6"
     "02308080f19ab48ef5023814"},
    {v1::Event::kActivityReviewed,
     "08181080c0a2e4e48def021880c0a2e4e48def022209636f6d6d697474656530033a03713234401448185001"
     "591900000000000000aa02100a0e0a046661697210011a04676f6f64"},
    {v1::Event::kActivityClosed,
     "08211080c0a2e4e48def021880c0a2e4e48def0222036170702a0361707030013a0371333140154821500159"
     "2200000000000000b202080a060a0466616972"},
    {v1::Event::kActivityCancelled,
     "08221080c0a2e4e48def021880c0a2e4e48def0222036170702a0361707030013a0371333240164822500159"
     "2300000000000000ba020e0a0c0a046661697212047261696e"},
    {v1::Event::kHoursSubmitted,
     "08141080c0a2e4e48def021880c0bd8796ddee0222036170702a0361707030013a0272334017481450015915"
     "0000000000000062090a03626f6210021811c202290a230a210a0272331203626f621a06706174726f6c320e"
     "0a0a323032312d30322d3130105a1a020102"},
    {v1::Event::kAttendanceRecorded,
     "081c1080c0a2e4e48def021880c0a2e4e48def0222036170702a0361707030013a037132384018481c500359"
     "1d00000000000000ca023b0a370a04666169721880b085fbc98def022080f8d3afd78def022a090a02613112"
     "03616e6e2a120a0261321203626f622080a6c082d48def021002"},
    {v1::Event::kHoursBackfilled,
     "08161080c0a2e4e48def02188080eaddccd0ee0222036170702a0361707030013a0272344019481650015917"
     "0000000000000062090a03626f6210031814d202390a230a210a0272341203626f621a06706174726f6c320e"
     "0a0a323032312d30322d3035103c12120a1008e79101183c20012819306440eb9401"},
    {v1::Event::kHoursReviewed,
     "08191080c0a2e4e48def021880c0a2e4e48def022209636f6d6d697474656530033a03713235401a48195001"
     "591a0000000000000062090a03626f6210041816da02340a130a090a036170701202723310011a047365656e"
     "1203626f621a180a1608ec9101103c181e20012819306438f0930940eb9401"},
    {v1::Event::kHoursCorrected,
     "081f1080c0a2e4e48def021880c893aab08bef0222036170702a0361707030013a03713239401b481f500159"
     "200000000000000062090a03616e6e100a181de2028c010a380a090a036170701202723212250a0272351203"
     "616e6e1a06706174726f6c2a120880c893aab08bef021080d8b093cb8bef021a047479706f1203616e6e1a10"
     "0a0e08869201120808cf940110b0bd1022100a0e08869201120808cf940110b0bd102a270a1508fe91011078"
     "2002281e30960138e0fa2040cf9401108692011a0a0a0808cf940110b0bd10"},
    {v1::Event::kHoursRevoked,
     "08201080c0a2e4e48def021880c0a2e4e48def0222036170702a0361707030013a03713330401c4820500159"
     "210000000000000062090a03626f621006181eea022b0a120a090a0361707012026132120566726175641203"
     "626f621a100a0e08869201120808cf94011084ae0c"},
    {v1::Event::kHoursDisputed,
     "081a1080c0a2e4e48def021880c0a2e4e48def022209636f6d6d697474656530033a03713236401d481a5001"
     "591b0000000000000062090a03616e6e10071817f202190a120a090a03617070120272311205646f75627412"
     "03616e6e"},
    {v1::Event::kAwardSubmitted,
     "08171080c0a2e4e48def02188080aebff98cef0222036170702a0361707030013a03713233401e4817500159"
     "180000000000000062090a03616e6e10061815fa02200a1e0a0277311203616e6e1a05626c6f6f64220a3230"
     "32312d30332d30312814"},
    {v1::Event::kPointsMatured,
     "08311080c080a8f3daef021880c0bcc6c69eef024831500159320000000000000062090a03616e6e100d182f"
     "82031f0a03616e6e108692011a0808cf94011090b831220a0a0808cf94011090b831"},
    {v1::Event::kPointsAdjusted,
     "08281080c0a2e4e48def021880c0a2e4e48def0222036d656930033a03713337402148275002592900000000"
     "00000062090a03626f62100718208a03290a1b0a03626f6210c0fc151a0a323032312d30332d333122046769"
     "6674120a0a08089d920110a0fe0a"},
    {v1::Event::kPointsReinstated,
     "08361080c080a8f3daef021880c080a8f3daef0222036d656930033a03713434402148355002593700000000"
     "00000062090a03616e6e101018339203340a250a03616e6e120a323032312d30332d333118f02e220a323032"
     "312d31322d33312a03696c6c120b0a0908b0940110f02e1801"},
    {v1::Event::kPointsDonated,
     "082e1080c0a2e4e48def021880c0a2e4e48def0222036d656930033a03713431401f482e5001592f00000000"
     "00000062090a036361741003182c9a03210a110a03636174120872656463726f7373180510b0ea011a0808b0"
     "940110b0ea01"},
    {v1::Event::kOpeningBalanceLoaded,
     "082c1080c0a2e4e48def021880c0a2e4e48def0222036d656930033a037133394021482b5002592d00000000"
     "00000062090a0363617410021812a203560a210a0363617412100a0a323032312d31322d333110c0a9071203"
     "10f02e18d804203c122066666666666666666666666666666666666666666666666666666666666666661a0f"
     "0a0808b0940110c0a9070a0310f02e"},
    {v1::Event::kChangeProposed,
     "08231080c0a2e4e48def021880c0a2e4e48def0222036c696e30033a03713333402048235001592400000000"
     "000000aa03230a210a027031121b0a03626f6210c0fc151a0a323032312d30332d3331220467696674"},
    {v1::Event::kChangeApproved,
     "08271080c0a2e4e48def021880c0a2e4e48def0222036d656930033a03713337402148275002592800000000"
     "000000b2030b0a040a02703112036c696e"},
    {v1::Event::kChangeRejected,
     "082d1080c0a2e4e48def021880c0a2e4e48def0222036d656930033a037134304022482d5001592e00000000"
     "000000ba030a0a080a02703412026e6f"},
    {v1::Event::kOrderRefunded,
     "080d1080c0a2e4e48def021880c0a2e4e48def02220474696c6c2a0662616b65727930023a03713136402348"
     "0d5001590e0000000000000062090a03616e6e1004180cc2036c0a140a02783112070a0362756e10021a0573"
     "74616c651203616e6e1a0662616b65727922090a0362756e1002180528e0d4033208088a950110b0ea013208"
     "08eb940110b0ea013a140a0808eb940110b0ea010a08088a950110b0ea01420e0802120662616b6572791a02"
     "7831"},
    {v1::Event::kMerchantSuspended,
     "083a1080c080a8f3daef021880c080a8f3daef022209636f6d6d697474656530033a037134384024483a5001"
     "593b00000000000000ca03130a110a08746561686f75736512056175646974"},
    {v1::Event::kMerchantResumed,
     "083b1080c080a8f3daef021880c080a8f3daef022209636f6d6d697474656530033a037134394025483b5001"
     "593c00000000000000d203130a110a08746561686f7573651205636c65616e"},
    {v1::Event::kMerchantOffboarded,
     "083c1080c080a8f3daef021880c080a8f3daef022209636f6d6d697474656530033a037135304026483c5001"
     "593d00000000000000da031f0a1d0a08746561686f757365120a323032312d30342d33301a056d6f766564"},
    {v1::Event::kItemWithdrawn,
     "083e1080c080a8f3daef021880c080a8f3daef022209636f6d6d697474656530033a037135324027483e5001"
     "593f00000000000000e2030e0a0c0a0362756e12057374616c65"},
    {v1::Event::kStockReturned,
     "083f1080c080a8f3daef021880c080a8f3daef022209636f6d6d697474656530033a037135334028483f5001"
     "594000000000000000ea03110a0f0a0362756e10021a0673706f696c74"},
    {v1::Event::kBudgetAllocated,
     "08431080c080a8f3daef021880c080a8f3daef0222036d656930033a03713536402148425002594400000000"
     "000000f203180a130a0970726f6772616d6d6510e50f18e05d200a10f02e"},
    {v1::Event::kOrderHeld,
     "08451080c080a8f3daef021880c080a8f3daef02220474696c6c2a0662616b65727930023a02683140294845"
     "500259460000000000000062090a0364616e1003184482047a0a230a026831120364616e1a0662616b657279"
     "22070a036f696c10032202100728d804300112530a0364616e121a0a036f696c1003180a20ac022a0970726f"
     "6772616d6d6530e50f12141007180120052a0970726f6772616d6d6530e50f18b0c60d220410b0c60d2880cc"
     "8dc6f5daef023080dcaaaf90dbef02"},
    {v1::Event::kBudgetWarned,
     "08461080c080a8f3daef021880c080a8f3daef02220474696c6c2a0662616b65727930023a02683140294845"
     "5002594700000000000000fa03180a0e0a0970726f6772616d6d6510e50f100a18f02e20a707"},
    {v1::Event::kVoucherIssued,
     "08471080c080a8f3daef021880c080a8f3daef02220474696c6c2a0662616b65727930023a027631402a4847"
     "500159480000000000000062090a0364616e100418458a047f0a3e0a027631120364616e1a0662616b657279"
     "22070a036f696c10022802322076767676767676767676767676767676767676767676767676767676767676"
     "76123d0a0364616e121a0a036f696c1002180a20ac022a0970726f6772616d6d6530e50f18c0a907220410c0"
     "a9072880c0bb85f7dfef023080d0d8ee91e0ef02"},
    {v1::Event::kOrderCancelled,
     "08491080c080a8f3daef021880c080a8f3daef02220474696c6c2a0662616b65727930023a03713537402c48"
     "495001594a0000000000000062090a0364616e100618489a04370a0a0a0268321a04676f6e6512290a0e0802"
     "120662616b6572791a026832120364616e1a0662616b65727920e0d4032a060a0410e0d403"},
    {v1::Event::kHoldTimedOut,
     "084b108088cfdc80dbef021880e4a782fadaef02484b5001594c0000000000000062090a0364616e1008184a"
     "a2042b0a290a0e0802120662616b6572791a026833120364616e1a0662616b65727920e0d4032a060a0410e0"
     "d403"},
    {v1::Event::kOrderConfirmed,
     "084c108088cfdc80dbef0218808687b7f4daef02220474696c6c2a0662616b65727930023a03713538402b48"
     "4c5001594d0000000000000062090a0364616e1009184b9204630a160a02683122070a036f696c1002288086"
     "87b7f4daef02120e0802120662616b6572791a0268311a0364616e220662616b6572792a1a0a036f696c1002"
     "180a20ac022a0970726f6772616d6d6530e50f30c0a9073a0410c0a90742060a0410f09c06"},
    {v1::Event::kPeriodClosed,
     "084e1080c8b8fba3a7f0021880c8b8fba3a7f0022209636f6d6d697474656530033a037135394033484e5001"
     "594f00000000000000e2040e0a090a07323032312d303410e704"},
    {v1::Event::kStatementOpened,
     "084f1080c8b8fba3a7f0021880c8b8fba3a7f0022209636f6d6d697474656530033a03713630402d484f5001"
     "595000000000000000aa04570a150a027334120662616b6572791a07323032312d303412200a00120708c0cf"
     "2410b0091a0408c0a90722002a0032003a070880a61d10b0091a130a0e0a0970726f6772616d6d6510e50f10"
     "b0092880c09cf5bdbff002"},
    {v1::Event::kStatementObjected,
     "08501080c8b8fba3a7f0021880c8b8fba3a7f002220474696c6c2a0662616b65727930023a03713631402e48"
     "505001595100000000000000b204140a0a0a02733412046c657373120662616b657279"},
    {v1::Event::kObjectionResolved,
     "08511080c8b8fba3a7f0021880c8b8fba3a7f0022209636f6d6d697474656530033a03713632402f48515001"
     "595200000000000000ba04200a0d0a02733410011a057269676874120662616b6572791880c09cf5bdbff002"},
    {v1::Event::kPayableWrittenOff,
     "08541080c8b8fba3a7f0021880c8b8fba3a7f00222036d656930033a03713634402148535002595500000000"
     "000000da04410a230a027334120508df5d10631a0e0a0970726f6772616d6d6510e50f220661677265656412"
     "0662616b6572791a120a0e0a0970726f6772616d6d6510e50f1063"},
    {v1::Event::kStatementClosed,
     "08551080c8b8fba3a7f0021880c8b8fba3a7f0022209636f6d6d697474656530033a03713635403048555001"
     "595600000000000000c2044e0a040a027334120273341a0662616b65727922250a00120708c0cf2410b0091a"
     "0408c0a90722002a00320508df5d10633a0708e0831e10940a2a130a0e0a0970726f6772616d6d6510e50f10"
     "940a"},
    {v1::Event::kPaymentRecorded,
     "08561080c8b8fba3a7f0021880c8b8fba3a7f0022209636f6d6d697474656530033a03713636403148565001"
     "595700000000000000ca04370a0f0a027334108a051a0662616e6b2d31120662616b6572791a0708e0831e10"
     "940a22130a0e0a0970726f6772616d6d6510e50f10940a"},
    {v1::Event::kPaymentReversed,
     "08571080c8b8fba3a7f0021880c8b8fba3a7f0022209636f6d6d697474656530033a03713637403248575001"
     "595800000000000000d204350a0d0a02733412076163636f756e74120662616b6572791a0708e0831e10940a"
     "22130a0e0a0970726f6772616d6d6510e50f10940a"},
    {v1::Event::kLossDeclared,
     "08581080c8b8fba3a7f0021880c8b8fba3a7f00222086f70657261746f7230033a0371363840344858500159"
     "5900000000000000ea04380a36085810631a2067676767676767676767676767676767676767676767676767"
     "6767676767676722086f70657261746f722a046469736b"},
};

TEST(EventGolden, Bytes) {
  Script script;
  script.Given(kLife);
  std::set<v1::Event::BodyCase> seen;
  for (size_t i = 0; i < script.events().size(); ++i) {
    const v1::Event event = script.event(i);
    if (!seen.insert(event.body_case()).second) continue;  // the first of each kind
    SCOPED_TRACE(event.ShortDebugString());
    const auto want = kWant.find(event.body_case());
    EXPECT_EQ(absl::BytesToHexString(script.events()[i]),
              want == kWant.end() ? "none" : want->second);
  }
  EXPECT_EQ(seen.size(), kWant.size());
  // Every kind of the oneof has its bytes here.
  EXPECT_EQ(static_cast<int>(seen.size()),
            v1::Event::descriptor()->FindOneofByName("body")->field_count());
}

}  // namespace
}  // namespace meritbook
