#include <openssl/rand.h>

#include <iostream>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "cli/commands.h"
#include "cli/event_line.h"
#include "cli/language.h"
#include "cli/output.h"
#include "cli/sending.h"

namespace meritbook::cli {
namespace {

using Account = v1::AccountService::Stub;
using Mall = v1::MallService::Stub;

constexpr uint32_t kEntriesPageMax = 1'024;

std::string Expiry(const Context& context, const v1::LotUnits& lot) {
  return lot.has_expiry_day_number() ? FormatDay(lot.expiry_day_number())
                                     : Label("never", context.client.language);
}

void PrintReceipt(const Context& context, const v1::Receipt& receipt, const std::string& what) {
  if (context.format == Format::kJson) {
    PrintJson(ToJson(receipt));
    return;
  }
  std::cout << what << (receipt.already_applied() ? " already" : "") << " (event "
            << receipt.sequence() << ")\n";
}

std::string RandomOrder() {
  unsigned char bytes[9];
  if (RAND_bytes(bytes, sizeof bytes) != 1) {
    throw CommandError(Exit::kRefused, "this machine gives no random bytes");
  }
  std::string text;
  absl::WebSafeBase64Escape(absl::string_view(reinterpret_cast<const char*>(bytes), sizeof bytes),
                            &text);
  return "order-" + text;
}

}  // namespace

void AddVolunteer(const Context& context, const VolunteerWords& words, const Sending& sending) {
  const Client client(context.client);
  v1::RegisterVolunteerRequest request;
  v1::RegisterVolunteer* command = request.mutable_command();
  command->set_volunteer_id(words.id);
  if (!words.organisation.empty()) command->set_organisation_id(words.organisation);
  for (std::string cohort : words.cohorts) {
    absl::AsciiStrToUpper(&cohort);
    v1::Cohort value;
    if (!v1::Cohort_Parse("COHORT_" + cohort, &value)) {
      throw CommandError(Exit::kUsage, Join("--cohort ", cohort, ": not party or league"));
    }
    command->add_cohorts(value);
  }
  std::string band = words.age_band;
  absl::AsciiStrToUpper(&band);
  if (band == "14_17" || band == "18_59") band.replace(2, 1, "_TO_");
  v1::AgeBand value;
  if (!v1::AgeBand_Parse("AGE_BAND_" + band, &value)) {
    throw CommandError(Exit::kUsage, Join("--age-band ", words.age_band,
                                          ": not one of under_14, 14_17, 18_59, 60_plus"));
  }
  command->set_age_band(value);
  command->set_guardian_consent(words.guardian_consent);
  FillHead(client, sending, words.id, &request);
  Account stub(client.channel());
  const auto response = client.Call(stub, &Account::RegisterVolunteer, request);
  PrintReceipt(context, response.receipt(), Join("volunteer ", words.id, " is registered"));
}

void FreezeVolunteer(const Context& context, const std::string& id, const std::string& reason,
                     const Sending& sending) {
  const Client client(context.client);
  v1::FreezeVolunteerRequest request;
  request.mutable_command()->set_volunteer_id(id);
  request.mutable_command()->set_reason_code(reason);
  FillHead(client, sending, id, &request);
  Account stub(client.channel());
  const auto response = client.Call(stub, &Account::FreezeVolunteer, request);
  PrintReceipt(context, response.receipt(), Join("volunteer ", id, " is frozen"));
}

void ShowBalance(const Context& context, const std::string& volunteer) {
  const Client client(context.client);
  v1::GetBalanceRequest request;
  request.set_ledger_id(client.ledger());
  request.set_volunteer_id(volunteer);
  Account stub(client.channel());
  const auto response = client.Call(stub, &Account::GetBalance, request);
  const v1::Balance& balance = response.balance();
  if (context.format == Format::kJson) {
    PrintJson(ToJson(response));
    return;
  }
  Facts facts(context);
  const std::string language = context.client.language;
  facts.Add("volunteer_id", "volunteer", balance.volunteer_id(), balance.volunteer_id());
  facts.Add("available_units", "available", FormatPoints(balance.available_units()),
            balance.available_units());
  // What can't be other than nothing for most people is shown only where it is something.
  const bool csv = context.format == Format::kCsv;
  const auto add = [&](const char* key, const char* label, int64_t units) {
    if (csv || units != 0) facts.Add(key, label, FormatPoints(units), units);
  };
  add("pending_units", "pending", balance.pending_units());
  add("held_units", "held", balance.held_units());
  add("debt_units", "debt", balance.debt_units());
  facts.Add("credited_minutes", "credited time", FormatMinutes(balance.credited_minutes()),
            balance.credited_minutes());
  if (csv || balance.honorary_minutes() != 0) {
    facts.Add("honorary_minutes", "honorary time", FormatMinutes(balance.honorary_minutes()),
              balance.honorary_minutes());
  }
  facts.Add("frozen", "frozen", Label(balance.frozen() ? "yes" : "-", language), balance.frozen());
  facts.Add("event_count", "events", FormatCount(static_cast<int64_t>(balance.event_count())),
            balance.event_count());
  facts.Print();
  if (csv || balance.lots().empty()) return;
  std::cout << "\n";
  Table lots(
      {{Label("lapses after", language)}, {Label("points", language), Table::Align::kRight}});
  for (const v1::LotUnits& lot : balance.lots()) {
    lots.Add({Expiry(context, lot), FormatPoints(lot.units())});
  }
  Print(context, lots);
}

void ShowEntries(const Context& context, const std::string& volunteer, uint32_t limit) {
  const Client client(context.client);
  const std::string zone = client.GetLedger().time_zone();
  Account stub(client.channel());
  v1::ListEntriesRequest request;
  request.set_ledger_id(client.ledger());
  request.set_volunteer_id(volunteer);
  EventTable table(context, zone);
  Json json = Json::array();
  for (uint32_t left = limit; left > 0;) {
    request.set_page_size(std::min(left, kEntriesPageMax));
    const auto response = client.Call(stub, &Account::ListEntries, request);
    for (const v1::Event& event : response.events()) {
      if (context.format == Format::kJson) {
        json.push_back(ToJson(event));
      } else {
        table.Add(event);
      }
    }
    left -= static_cast<uint32_t>(response.events_size());
    if (response.next_page_token().empty()) break;
    request.set_page_token(response.next_page_token());
  }
  if (context.format == Format::kJson) {
    PrintJson(json);
  } else {
    table.Print();
  }
}

void ShowItem(const Context& context, const std::string& item) {
  const Client client(context.client);
  v1::GetItemRequest request;
  request.set_ledger_id(client.ledger());
  request.set_item_id(item);
  Mall stub(client.channel());
  const auto response = client.Call(stub, &Mall::GetItem, request);
  if (context.format == Format::kJson) {
    PrintJson(ToJson(response));
    return;
  }
  Facts facts(context);
  facts.Add("item_id", "item", response.item_id(), response.item_id());
  facts.Add("merchant_id", "merchant", response.merchant_id(), response.merchant_id());
  facts.Add("price_points", "price", FormatCount(response.price_points()), response.price_points());
  facts.Add("on_hand", "pieces left", FormatCount(static_cast<int64_t>(response.on_hand())),
            response.on_hand());
  facts.Print();
}

void ReceiveStock(const Context& context, const std::string& item, uint32_t quantity,
                  const Sending& sending) {
  const Client client(context.client);
  if (sending.request_id.empty()) {
    throw CommandError(Exit::kUsage,
                       "--request-id is needed, such as the delivery note's number: "
                       "two equal deliveries are two requests");
  }
  v1::ReceiveStockRequest request;
  request.mutable_command()->set_item_id(item);
  request.mutable_command()->set_quantity(quantity);
  FillHead(client, sending, "", &request);
  Mall stub(client.channel());
  const auto response = client.Call(stub, &Mall::ReceiveStock, request);
  PrintReceipt(context, response.receipt(), Join(quantity, " pieces of ", item, " are received"));
}

void Redeem(const Context& context, const RedeemWords& words, const Sending& sending) {
  const Client client(context.client);
  v1::RedeemNowRequest request;
  v1::RedeemNow* command = request.mutable_command();
  command->set_order_id(words.order.empty() ? RandomOrder() : words.order);
  command->set_volunteer_id(words.volunteer);
  command->set_merchant_id(words.merchant);
  for (const std::string& item : words.items) {
    const size_t equals = item.find('=');
    v1::OrderLine* line = command->add_lines();
    line->set_item_id(item.substr(0, equals));
    uint32_t quantity = 1;
    if (equals != std::string::npos && !absl::SimpleAtoi(item.substr(equals + 1), &quantity)) {
      throw CommandError(Exit::kUsage, Join("--item ", item, ": not ID or ID=QUANTITY"));
    }
    line->set_quantity(quantity);
  }
  FillHead(client, sending, command->order_id(), &request);
  // A till may not read the ledger's state, and needn't: only a migrating ledger wants a time.
  Mall stub(client.channel());
  const auto response = client.Call(stub, &Mall::RedeemNow, request);
  if (context.format == Format::kJson) {
    Json json = ToJson(response);
    json["order_id"] = command->order_id();
    PrintJson(json);
    return;
  }
  Facts facts(context);
  facts.Add("order_id", "order", command->order_id(), command->order_id());
  facts.Add("volunteer_id", "volunteer", words.volunteer, words.volunteer);
  facts.Add("merchant_id", "merchant", words.merchant, words.merchant);
  for (const v1::PricedLine& line : response.lines()) {
    facts.Add("item_id", "item",
              Join(line.item_id(), " x ", line.quantity(), " at ", line.price_points()),
              line.item_id());
  }
  facts.Add("units", "paid", FormatPoints(response.units()), response.units());
  facts.Add("sequence", "event", FormatCount(static_cast<int64_t>(response.receipt().sequence())),
            response.receipt().sequence());
  facts.Print();
}

}  // namespace meritbook::cli
