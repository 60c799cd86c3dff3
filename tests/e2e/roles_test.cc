// Who may call what: every RPC of every service, by the proto's own annotations.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "google/protobuf/dynamic_message.h"
#include "ledger/text.h"
#include "meritbook/v1/access.pb.h"
#include "tests/e2e/town.h"

namespace meritbook::e2e {
namespace {

using google::protobuf::MethodDescriptor;

std::vector<const MethodDescriptor*> AllMethods() {
  std::vector<const MethodDescriptor*> methods;
  for (const auto* file :
       {v1::GetBalanceRequest::descriptor()->file(), v1::ImportRequest::descriptor()->file(),
        v1::GetLedgerRequest::descriptor()->file(), v1::CreditHoursRequest::descriptor()->file(),
        v1::RedeemNowRequest::descriptor()->file(), v1::GetStatementRequest::descriptor()->file(),
        v1::GetSummaryRequest::descriptor()->file()}) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        methods.push_back(file->service(s)->method(m));
      }
    }
  }
  return methods;
}

// An empty request that names the ledger; for any shape of call.
Outcome Ask(const Client& client, const MethodDescriptor& method) {
  google::protobuf::DynamicMessageFactory factory;
  const std::unique_ptr<google::protobuf::Message> request(
      factory.GetPrototype(method.input_type())->New());
  if (const auto* field = method.input_type()->FindFieldByName("ledger_id")) {
    request->GetReflection()->SetString(request.get(), field, kLedger);
  }
  const auto stream = client.Open(method);
  stream->Write(*request);
  stream->WritesDone();
  const std::unique_ptr<google::protobuf::Message> response(
      factory.GetPrototype(method.output_type())->New());
  while (stream->Read(response.get())) continue;
  return stream->Finish();
}

std::set<int> RolesOf(const MethodDescriptor& method) {
  const auto& roles = method.options().GetExtension(v1::access).roles();
  return {roles.begin(), roles.end()};
}

class Roles : public testing::Test {
 protected:
  Client With(std::optional<std::string> authorization) {
    return {town_.server().port(), std::move(authorization)};
  }

  Town town_;
};

TEST_F(Roles, TheServerHasTheseServicesAndNoOthers) {
  std::set<std::string> services;
  for (const MethodDescriptor* method : AllMethods()) {
    services.insert(method->service()->full_name());
  }
  EXPECT_EQ(services.size(), 7);
  EXPECT_EQ(AllMethods().size(), 79);
  // Reflection's list: the field `list_services` (7) of its request, names somewhere in the answer.
  std::string listed;
  const auto client = With(std::nullopt);
  ASSERT_EQ(client.CallPath("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                            "\x3a\x01*", &listed),
            "OK");
  for (const std::string& service : services) {
    EXPECT_NE(listed.find(service), std::string::npos) << service;
  }
  size_t ours = 0;
  for (size_t at = 0; (at = listed.find("meritbook.", at)) != std::string::npos; ++at) ++ours;
  EXPECT_EQ(ours, services.size()) << "a service that no test here calls";
}

TEST_F(Roles, NobodyCallsAnythingWithoutAKey) {
  const std::string key = town_.server().DevKey("operator");
  const std::string token = key.substr(std::string("Bearer ").size());
  const std::pair<const char*, std::optional<std::string>> keys[] = {
      {"no key", std::nullopt},
      {"empty", ""},
      {"Bearer alone", "Bearer "},
      {"no Bearer", token},
      {"another scheme", "Basic " + token},
      {"bearer in small letters", "bearer " + token},
      {"two spaces", "Bearer  " + token},
      {"a dot behind", key + "."},
      {"no dot", "Bearer nodot"},
      {"wrong secret", key.substr(0, key.size() - 1) + (key.back() == 'A' ? "B" : "A")},
      {"secret cut short", key.substr(0, key.size() - 1)},
      {"no secret", "Bearer dev-operator."},
      {"no principal", "Bearer ." + token.substr(token.find('.') + 1)},
      {"another's name", "Bearer dev-auditor." + token.substr(token.find('.') + 1)},
      {"unknown principal", "Bearer nobody.secret"},
  };
  for (const auto& [name, authorization] : keys) {
    const Client client = With(authorization);
    for (const MethodDescriptor* method : AllMethods()) {
      EXPECT_EQ(Ask(client, *method), "UNAUTHENTICATED UNAUTHENTICATED authorization")
          << method->full_name() << " with " << name;
    }
  }
}

TEST_F(Roles, OnlyTheRolesOfTheAnnotationMayCall) {
  const std::pair<const char*, v1::Role> roles[] = {{"operator", v1::ROLE_OPERATOR},
                                                    {"committee", v1::ROLE_COMMITTEE},
                                                    {"platform", v1::ROLE_PLATFORM},
                                                    {"auditor", v1::ROLE_AUDITOR},
                                                    {"till", v1::ROLE_MERCHANT}};
  ASSERT_EQ(town_.platform().Call(Merchant("bakery")), "OK");
  ASSERT_EQ(town_.operators().Call(Principal("till", "roles: ROLE_MERCHANT merchant_id: 'bakery'")),
            "OK");
  for (const auto& [name, role] : roles) {
    const Client client =
        role == v1::ROLE_MERCHANT ? town_.As(name) : With(town_.server().DevKey(name));
    for (const MethodDescriptor* method : AllMethods()) {
      // Not in any one ledger, so a ledger's own principal is nobody there.
      const bool nobody = role == v1::ROLE_MERCHANT &&
                          method->input_type()->FindFieldByName("ledger_id") == nullptr;
      const Outcome outcome = Ask(client, *method);
      if (nobody) {
        EXPECT_EQ(outcome, "UNAUTHENTICATED UNAUTHENTICATED authorization") << method->name();
      } else if (RolesOf(*method).count(role) == 0) {
        EXPECT_EQ(outcome, "PERMISSION_DENIED ROLE_MISSING authorization")
            << method->full_name() << " as " << name;
      } else {
        EXPECT_NE(outcome.reason, "ROLE_MISSING") << method->full_name() << " as " << name;
        EXPECT_NE(outcome.reason, "UNAUTHENTICATED") << method->full_name() << " as " << name;
      }
    }
  }
}

TEST_F(Roles, APrincipalWorksFromItsRegistrationToItsRevocation) {
  const auto request = Parse<v1::GetLedgerRequest>("");
  const Client clerk = town_.As("clerk");
  EXPECT_EQ(clerk.Call(request), "UNAUTHENTICATED UNAUTHENTICATED authorization");
  ASSERT_EQ(town_.operators().Call(Principal("clerk", "roles: ROLE_AUDITOR")), "OK");
  EXPECT_EQ(clerk.Call(request), "OK");
  EXPECT_EQ(clerk.Call(BalanceOf("ann")), "OK");
  EXPECT_EQ(clerk.Call(Volunteer("ben")), "PERMISSION_DENIED ROLE_MISSING authorization");

  town_.server().Kill();
  town_.Start();
  EXPECT_EQ(town_.As("clerk").Call(request), "OK");
  EXPECT_EQ(town_.Stop(), 0);
  town_.Start();
  const Client again = town_.As("clerk");
  EXPECT_EQ(again.Call(request), "OK");

  const auto revoke =
      Parse<v1::RevokePrincipalRequest>("request_id: 'revoke' command { principal_id: 'clerk' }");
  ASSERT_EQ(town_.operators().Call(revoke), "OK");
  EXPECT_EQ(again.Call(request), "UNAUTHENTICATED UNAUTHENTICATED authorization");
  town_.server().Kill();
  town_.Start();
  EXPECT_EQ(town_.As("clerk").Call(request), "UNAUTHENTICATED UNAUTHENTICATED authorization");
  // Its id is never given out again.
  auto anew = Principal("clerk", "roles: ROLE_AUDITOR");
  anew.set_request_id("anew");
  EXPECT_EQ(town_.operators().Call(anew), "ALREADY_EXISTS PRINCIPAL_EXISTS command.principal_id");
  EXPECT_EQ(town_.As("clerk").Call(request), "UNAUTHENTICATED UNAUTHENTICATED authorization");
}

TEST_F(Roles, ARevokedPrincipalStaysOutWhenItsRegistrationIsRepeated) {
  const auto add = Principal("clerk", "roles: ROLE_AUDITOR");
  ASSERT_EQ(town_.operators().Call(add), "OK");
  ASSERT_EQ(town_.operators().Call(Parse<v1::RevokePrincipalRequest>(
                "request_id: 'revoke' command { principal_id: 'clerk' }")),
            "OK");
  EXPECT_EQ(town_.operators().Call(add), "OK") << "a repetition";
  EXPECT_EQ(town_.As("clerk").Call(BalanceOf("ann")),
            "UNAUTHENTICATED UNAUTHENTICATED authorization");
}

TEST_F(Roles, APrincipalOfOneLedgerIsNobodyInAnother) {
  auto other = Founding();
  other.set_ledger_id("yuhuan");
  ASSERT_EQ(town_.operators().Call(other), "OK");
  ASSERT_EQ(town_.operators().Call(
                Principal("app", "roles: ROLE_PLATFORM roles: ROLE_AUDITOR source: 'app'")),
            "OK");
  const Client app = town_.As("app");
  for (const MethodDescriptor* method : AllMethods()) {
    if (RolesOf(*method).count(v1::ROLE_PLATFORM) == 0) continue;
    if (method->client_streaming() || method->server_streaming()) continue;
    google::protobuf::DynamicMessageFactory factory;
    const std::unique_ptr<google::protobuf::Message> request(
        factory.GetPrototype(method->input_type())->New());
    request->GetReflection()->SetString(
        request.get(), method->input_type()->FindFieldByName("ledger_id"), "yuhuan");
    std::string response;
    EXPECT_EQ(app.CallPath(Text("/", method->service()->full_name(), "/", method->name()),
                           request->SerializeAsString(), &response),
              "UNAUTHENTICATED UNAUTHENTICATED authorization")
        << method->full_name();
  }
  EXPECT_EQ(app.Call(BalanceOf("ann")), "OK");
}

class Till : public Roles {
 protected:
  void SetUp() override {
    ASSERT_EQ(town_.platform().Call(Credit("r1", "ann", 3, 480)), "OK");
    for (const char* merchant : {"bakery", "cinema"}) {
      ASSERT_EQ(town_.platform().Call(Merchant(merchant)), "OK");
      ASSERT_EQ(town_.platform().Call(Offer(Text("gift-of-", merchant), merchant, 10, 5)), "OK");
      ASSERT_EQ(town_.operators().Call(
                    Principal(Text("till-of-", merchant),
                              Text("roles: ROLE_MERCHANT merchant_id: '", merchant, "'"))),
                "OK");
    }
  }
};

TEST_F(Till, RedeemsAtItsOwnMerchantOnly) {
  const Client till = town_.As("till-of-bakery");
  EXPECT_EQ(till.Call(Redeem("o1", "ann", "bakery", "gift-of-bakery", 1)), "OK");
  EXPECT_EQ(till.Call(Redeem("o2", "ann", "cinema", "gift-of-cinema", 1)),
            "PERMISSION_DENIED MERCHANT_NOT_YOURS command.merchant_id");
  EXPECT_EQ(till.Call(Redeem("o2", "ann", "bakery", "gift-of-cinema", 1)),
            "FAILED_PRECONDITION ITEM_NOT_OF_MERCHANT command.lines.item_id");
  EXPECT_EQ(town_.BalanceOf("ann").available_units(), 8 * kUnitsPerHour - 10 * 6000);
}

TEST_F(Till, ItsOrderIdsAreItsMerchantsOwn) {
  EXPECT_EQ(town_.As("till-of-bakery").Call(Redeem("o1", "ann", "bakery", "gift-of-bakery", 1)),
            "OK");
  v1::RedeemNowResponse other;
  EXPECT_EQ(
      town_.As("till-of-cinema").Call(Redeem("o1", "ann", "cinema", "gift-of-cinema", 1), &other),
      "OK");
  EXPECT_FALSE(other.receipt().already_applied());
}

TEST_F(Till, NobodyRedeemsForHerself) {
  ASSERT_EQ(town_.operators().Call(Principal(
                "ann-at-bakery", "roles: ROLE_MERCHANT merchant_id: 'bakery' volunteer_id: 'ann'")),
            "OK");
  ASSERT_EQ(town_.operators().Call(Principal(
                "ann-at-platform", "roles: ROLE_PLATFORM source: 'app' volunteer_id: 'ann'")),
            "OK");
  ASSERT_EQ(town_.platform().Call(Volunteer("ben")), "OK");
  ASSERT_EQ(town_.platform().Call(Credit("r2", "ben", 3, 480)), "OK");
  const auto own = Redeem("o1", "ann", "bakery", "gift-of-bakery", 1);
  for (const char* self : {"ann-at-bakery", "ann-at-platform"}) {
    EXPECT_EQ(town_.As(self).Call(own), "PERMISSION_DENIED SELF_REDEMPTION command.volunteer_id");
  }
  // Not even what a colleague redeemed before.
  EXPECT_EQ(town_.As("till-of-bakery").Call(own), "OK");
  EXPECT_EQ(town_.As("ann-at-bakery").Call(own),
            "PERMISSION_DENIED SELF_REDEMPTION command.volunteer_id");
  EXPECT_EQ(town_.As("ann-at-bakery").Call(Redeem("o2", "ben", "bakery", "gift-of-bakery", 1)),
            "OK");
}

}  // namespace
}  // namespace meritbook::e2e
