#include <fcntl.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "cli/commands.h"
#include "cli/language.h"
#include "cli/output.h"
#include "cli/sending.h"

namespace meritbook::cli {
namespace {

using Admin = v1::AdminService::Stub;

void PrintReceipt(const Context& context, const v1::Receipt& receipt, const std::string& what) {
  if (context.format == Format::kJson) {
    PrintJson(ToJson(receipt));
    return;
  }
  std::cout << what << (receipt.already_applied() ? " was there already" : "") << " (event "
            << receipt.sequence() << ")\n";
}

v1::PublishRule ReadRule(const std::string& file) {
  class Collector final : public google::protobuf::io::ErrorCollector {
   public:
    void AddError(int line, int column, const std::string& message) override {
      if (first.empty()) first = Join(", line ", line + 1, ", column ", column + 1, ": ", message);
    }
    std::string first;
  };
  std::ifstream in(file);
  if (!in) throw CommandError(Exit::kUsage, Join(file, ": ", std::strerror(errno)));
  std::stringstream text;
  text << in.rdbuf();
  v1::PublishRule rule;
  Collector collector;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&collector);
  if (!parser.ParseFromString(text.str(), &rule)) {
    throw CommandError(Exit::kUsage, Join(file, collector.first));
  }
  return rule;
}

// 256 random bits as 43 characters.
std::string MakeSecret() {
  std::string bytes(32, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), 32) != 1) {
    throw CommandError(Exit::kRefused, "this machine gives no random bytes");
  }
  std::string secret;
  absl::WebSafeBase64Escape(bytes, &secret);
  return secret;
}

void WriteKey(const std::string& file, const std::string& key) {
  const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600);
  const std::string line = key + "\n";
  const bool written =
      fd >= 0 && write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  const int error = errno;
  if (fd >= 0) close(fd);
  if (!written) throw CommandError(Exit::kUsage, Join(file, ": ", std::strerror(error)));
}

}  // namespace

void CreateLedger(const Context& context, const std::string& id, bool migrating,
                  const std::string& time_zone, const Sending& sending) {
  const Client client(context.client);
  v1::CreateLedgerRequest request;
  request.set_ledger_id(id);
  request.set_request_id(sending.request_id.empty() ? id : sending.request_id);
  if (!sending.recorded_at.empty()) {
    request.set_recorded_us(InstantOf("--recorded-at", sending.recorded_at));
  } else if (migrating) {
    request.set_recorded_us(std::chrono::duration_cast<std::chrono::microseconds>(
                                std::chrono::system_clock::now().time_since_epoch())
                                .count());
  }
  request.mutable_command()->set_migrating(migrating);
  if (!time_zone.empty()) request.mutable_command()->set_time_zone(time_zone);
  Admin stub(client.channel());
  const auto response = client.Call(stub, &Admin::CreateLedger, request);
  PrintReceipt(context, response.receipt(), "ledger " + id);
}

void ListLedgers(const Context& context) {
  const Client client(context.client);
  Admin stub(client.channel());
  const auto response = client.Call(stub, &Admin::ListLedgers, v1::ListLedgersRequest());
  if (context.format == Format::kJson) {
    PrintJson(ToJson(response));
    return;
  }
  for (const std::string& id : response.ledger_ids()) std::cout << id << "\n";
}

void ShowLedger(const Context& context) {
  const Client client(context.client);
  const v1::GetLedgerResponse ledger = client.GetLedger();
  std::string state = v1::LedgerState_Name(ledger.state()).substr(std::strlen("LEDGER_STATE_"));
  absl::AsciiStrToLower(&state);
  Facts facts(context);
  facts.Add("ledger_id", "ledger", ledger.ledger_id(), ledger.ledger_id());
  facts.Add("state", "state", state, state);
  facts.Add("time_zone", "time zone", ledger.time_zone(), ledger.time_zone());
  facts.Add("size", "events", FormatCount(static_cast<int64_t>(ledger.size())), ledger.size());
  facts.Add("last_recorded_us", "last recorded",
            FormatInstant(ledger.last_recorded_us(), ledger.time_zone()),
            ledger.last_recorded_us());
  facts.Add("rule_version", "rule version", std::to_string(ledger.rule_version()),
            ledger.rule_version());
  facts.Print();
}

void FinishMigration(const Context& context, const Sending& sending) {
  const Client client(context.client);
  v1::FinishMigrationRequest request;
  FillHead(client, sending, "finish-migration", &request);
  request.mutable_command();
  Admin stub(client.channel());
  const auto response = client.Call(stub, &Admin::FinishMigration, request);
  PrintReceipt(context, response.receipt(), "the end of the migration");
}

void PublishRule(const Context& context, const std::string& file, const Sending& sending) {
  const Client client(context.client);
  v1::PublishRuleRequest request;
  *request.mutable_command() = ReadRule(file);
  FillHead(client, sending, "rule:" + request.command().effective_from_day(), &request);
  Admin stub(client.channel());
  const auto response = client.Call(stub, &Admin::PublishRule, request);
  PrintReceipt(context, response.receipt(), Join("rule ", response.rule_version()));
}

void AddPrincipal(const Context& context, const PrincipalWords& words, const Sending& sending) {
  const Client client(context.client);
  v1::RegisterPrincipalRequest request;
  v1::RegisterPrincipal* command = request.mutable_command();
  command->set_principal_id(words.id);
  for (std::string role : words.roles) {
    absl::AsciiStrToUpper(&role);
    v1::Role value;
    if (!v1::Role_Parse("ROLE_" + role, &value)) {
      throw CommandError(Exit::kUsage, Join("--role ", role, ": not one of operator, committee, ",
                                            "platform, merchant, auditor"));
    }
    command->add_roles(value);
  }
  if (!words.source.empty()) command->set_source(words.source);
  if (!words.merchant.empty()) command->set_merchant_id(words.merchant);
  if (!words.volunteer.empty()) command->set_volunteer_id(words.volunteer);
  const std::string secret = MakeSecret();
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), hash);
  command->set_key_sha256(hash, sizeof hash);
  const std::string key = Join(words.id, ".", secret);
  FillHead(client, sending, words.id, &request);
  // The key first: a principal whose key could not be kept would be of no use.
  if (!words.key_out.empty()) WriteKey(words.key_out, key);
  Admin stub(client.channel());
  try {
    const auto response = client.Call(stub, &Admin::RegisterPrincipal, request);
    if (context.format == Format::kJson) {
      Json json = ToJson(response.receipt());
      if (words.key_out.empty()) json["api_key"] = key;
      PrintJson(json);
      return;
    }
    PrintReceipt(context, response.receipt(), "principal " + words.id);
  } catch (const CommandError&) {
    if (!words.key_out.empty()) unlink(words.key_out.c_str());
    throw;
  }
  if (words.key_out.empty()) {
    std::cout << "API key, shown this once: " << key << "\n";
  } else {
    std::cout << "API key in " << words.key_out << "\n";
  }
}

void RevokePrincipal(const Context& context, const std::string& id, const Sending& sending) {
  const Client client(context.client);
  v1::RevokePrincipalRequest request;
  request.mutable_command()->set_principal_id(id);
  FillHead(client, sending, id, &request);
  Admin stub(client.channel());
  const auto response = client.Call(stub, &Admin::RevokePrincipal, request);
  PrintReceipt(context, response.receipt(), "revocation of " + id);
}

void ConfirmClock(const Context& context) {
  const Client client(context.client);
  Admin stub(client.channel());
  (void)client.Call(stub, &Admin::ConfirmClock, v1::ConfirmClockRequest());
  std::cout << "the server's clock is believed again\n";
}

}  // namespace meritbook::cli
