// Who asks for what.
#include "tests/ledger/property_world.h"

namespace meritbook::property {

void World::As(Ask& ask, const std::string& who) const {
  ask.principal = who;
  ask.source = who == "app" || who == "app2" || who == "self" ? "app" : who == "web" ? "web" : "";
  ask.merchant = who == "till0" ? "m0" : who == "till1" ? "m1" : "";
  ask.volunteer = who == "till1" || who == "self" ? "v1" : "";
  ask.of_ledger = who[0] == 'p';
  if (!ask.of_ledger) return;
  const auto row = model_.principals.find(who);
  if (row != model_.principals.end()) ask.volunteer = row->second.volunteer;
}

std::string World::Twin(const std::string& principal) const {
  const auto row = model_.principals.find(principal);
  if (row == model_.principals.end() || row->second.volunteer.empty()) return "";
  const std::string self = model_.Survivor(row->second.volunteer);
  for (const auto& [id, other] : model_.principals) {
    if (id != principal && !other.revoked && model_.Survivor(other.volunteer) == self) return id;
  }
  return model_.Survivor("v1") == self ? "self" : "";
}

std::string World::AnyPrincipal() {
  std::vector<std::string> ids;
  for (const auto& [id, row] : model_.principals) {
    if (!row.revoked) ids.push_back(id);
  }
  if (ids.empty()) return chances_.Percent(90) ? "boss" : "p0";
  return chances_.Percent(96) ? chances_.From(ids) : chances_.Id("p", 4);
}

bool World::SetShop(Ask& ask) {
  const auto name_as = [&](const std::string& who) {
    As(ask, who);
    const auto* confirm = model::As<v1::ConfirmOrder>(ask);
    const auto* cancel = model::As<v1::CancelOrder>(ask);
    const auto* refund = model::As<v1::RefundOrder>(ask);
    if (confirm != nullptr && !confirm->voucher_sha256().empty()) {
      for (const auto& [name, order] : model_.orders) {
        if (order.voucher == confirm->voucher_sha256()) return name;
      }
      return std::string();
    }
    return confirm != nullptr  ? model::OrderNamed(ask, *confirm)
           : cancel != nullptr ? model::OrderNamed(ask, *cancel)
                               : model::OrderNamed(ask, *refund);
  };
  // Its merchant, where somebody is named.
  const std::string named = name_as("app");
  if (const auto order = model_.orders.find(named);
      order != model_.orders.end() && chances_.Percent(55)) {
    As(ask, order->second.merchant == "m1" ? "till1" : "till0");
    if (ask.merchant == order->second.merchant) return true;
  }
  for (const char* who : {"app", "till0", "till1", "web", "boss", "p0", "p1", "p2"}) {
    const std::string name = name_as(who);
    if (model_.orders.count(name) == 0) continue;
    if (name.starts_with(model::Owner(ask) + "|")) return true;
  }
  return false;
}

void World::SetCaller(Ask& ask) {
  using Weights = std::vector<std::pair<uint32_t, const char*>>;
  static const Weights posts = {{76, "app"}, {10, "app2"}, {6, "web"}, {6, "self"}, {2, "boss"}};
  static const Weights decides = {{44, "boss"}, {38, "boss2"}, {6, "app"},
                                  {1, "self"},  {1, "web"},    {10, "p"}};
  static const Weights proposes = {
      {36, "boss"}, {23, "boss2"}, {20, "app"}, {1, "self"}, {20, "p"}};
  static const Weights corrects = {{68, "app"}, {14, "boss"}, {8, "boss2"},
                                   {3, "web"},  {3, "self"},  {4, "p"}};
  static const Weights sells = {{50, "app"}, {15, "till0"}, {15, "till1"},
                                {6, "web"},  {10, "boss"},  {4, "p"}};
  static const Weights settles = {{30, "boss"}, {30, "till0"}, {30, "till1"}, {10, "p"}};
  static const Weights rest = {{84, "app"},  {6, "boss"}, {4, "till0"},
                               {1, "till1"}, {3, "web"},  {2, "p"}};
  const Weights* weights = &rest;
  if (model::As<v1::CreditHours>(ask) || model::As<v1::SubmitHours>(ask) ||
      model::As<v1::RecordAttendance>(ask) || model::As<v1::BackfillHours>(ask) ||
      model::As<v1::AwardPoints>(ask)) {
    weights = &posts;
  } else if (model::As<v1::ReviewHours>(ask) || model::As<v1::ReviewActivity>(ask) ||
             model::As<v1::ApproveChange>(ask)) {
    weights = &decides;
  } else if (model::As<v1::ProposeChange>(ask) || model::As<v1::RejectChange>(ask)) {
    weights = &proposes;
  } else if (model::As<v1::CorrectHours>(ask) || model::As<v1::RevokeHours>(ask) ||
             model::As<v1::DisputeHours>(ask)) {
    weights = &corrects;
  } else if (model::As<v1::RedeemNow>(ask) || model::As<v1::HoldOrder>(ask) ||
             model::As<v1::IssueVoucher>(ask)) {
    weights = &sells;
  } else if (model::As<v1::ConfirmOrder>(ask) || model::As<v1::CancelOrder>(ask) ||
             model::As<v1::RefundOrder>(ask)) {
    weights = &sells;
    if (chances_.Percent(88) && SetShop(ask)) return;
  } else if (model::As<v1::ObjectStatement>(ask) || model::As<v1::CloseStatement>(ask)) {
    weights = &settles;
  }
  if (const auto* approve = model::As<v1::ApproveChange>(ask)) {
    const auto proposal = model_.proposals.find(approve->proposal_id());
    if (proposal != model_.proposals.end()) {
      const std::string& proposer = proposal->second.proposed_by;
      const std::string twin = Twin(proposer);
      if (!twin.empty() && chances_.Percent(50)) return As(ask, twin);
      if (chances_.Percent(70)) return As(ask, proposer == "boss" ? "boss2" : "boss");
    }
  }
  const auto* redeem = model::As<v1::RedeemNow>(ask);
  const auto* hold = model::As<v1::HoldOrder>(ask);
  if ((redeem != nullptr || hold != nullptr) && chances_.Percent(60)) {
    const std::string& merchant = redeem != nullptr ? redeem->merchant_id() : hold->merchant_id();
    const std::string& volunteer =
        redeem != nullptr ? redeem->volunteer_id() : hold->volunteer_id();
    As(ask, merchant == "m0" || volunteer == "v1" ? "till0" : "till1");
    if (merchant == ask.merchant) return;
  }
  const auto* voucher = model::As<v1::IssueVoucher>(ask);
  if ((redeem != nullptr || hold != nullptr || voucher != nullptr) && chances_.Percent(60)) {
    return As(ask, "app");
  }
  uint32_t at = chances_.Below(100);
  size_t who = 0;
  while (at >= (*weights)[who].first) at -= (*weights)[who++].first;
  const std::string name = (*weights)[who].second;
  As(ask, name == "p" ? AnyPrincipal() : name);
}

}  // namespace meritbook::property
