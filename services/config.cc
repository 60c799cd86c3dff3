#include "services/config.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"
#include "ledger/id.h"
#include "ledger/text.h"

namespace meritbook {
namespace {

class Collector final : public google::protobuf::io::ErrorCollector {
 public:
  Collector(const std::string& file, Problems& problems) : file_(file), problems_(problems) {}
  void AddError(int line, int column, const std::string& message) override {
    problems_.push_back(Text(file_, ":", line + 1, ":", column + 1, ": ", message));
  }

 private:
  const std::string& file_;
  Problems& problems_;
};

// Host and port of "127.0.0.1:7117" or "[::1]:7117".
bool SplitListen(const std::string& listen, std::string& host, int& port) {
  const size_t colon = listen.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  host = listen.substr(0, colon);
  return absl::SimpleAtoi(listen.substr(colon + 1), &port) && port >= 0 && port <= 65'535;
}

bool IsLoopback(const std::string& host) {
  return host == "127.0.0.1" || host == "localhost" || host == "[::1]";
}

// Where a path leads, symbolic links of what exists resolved, without a slash at the end.
std::filesystem::path Place(const std::string& path) {
  std::error_code error;
  std::filesystem::path place = std::filesystem::weakly_canonical(path, error);
  if (error) place = std::filesystem::absolute(path).lexically_normal();
  return place.has_filename() ? place : place.parent_path();
}

// What destroys the data must not destroy the backups with it; and a store has no strange files.
void CheckBackupDir(const server::v1::Config& config, Problems& problems) {
  if (config.backup_dir().empty()) return;
  const std::filesystem::path backups = Place(config.backup_dir());
  const std::filesystem::path data = Place(config.data_dir());
  const auto [of_data, of_backups] =
      std::mismatch(data.begin(), data.end(), backups.begin(), backups.end());
  if (of_data == data.end()) {
    problems.push_back(Text("backup_dir: ", config.backup_dir(), " lies in data_dir"));
  } else if (of_backups == backups.end()) {
    problems.push_back(Text("backup_dir: data_dir lies in ", config.backup_dir()));
  }
}

void CheckPrincipals(const server::v1::Config& config, bool dev, Problems& problems) {
  bool has_operator = dev;
  std::set<std::string> ids;
  for (const server::v1::ServerPrincipal& principal : config.principals()) {
    const std::string& id = principal.principal_id();
    const std::string name = Text("principals[", ids.size(), "]");
    if (!IsId(id) || IsPersonalIdentifier(id)) {
      problems.push_back(Text(name, ".principal_id: not an id of 1 to 64 A-Z a-z 0-9 . _ : -"));
    }
    if (!ids.insert(id).second) {
      problems.push_back(Text(name, ".principal_id: ", id, " stands twice"));
      ids.insert(name);
    }
    if (principal.roles().empty()) problems.push_back(Text(name, ".roles: at least one is needed"));
    for (int role : principal.roles()) {
      if (role == v1::ROLE_OPERATOR) has_operator = true;
      if (role == v1::ROLE_PLATFORM && !IsId(principal.source())) {
        problems.push_back(Text(name, ".source: ROLE_PLATFORM needs the id of its platform"));
      }
      if (role == v1::ROLE_MERCHANT) {
        problems.push_back(
            Text(name, ".roles: a merchant's till belongs to one ledger; register it there"));
      }
    }
    const std::string& key = principal.key_sha256_hex();
    bool hex = key.size() == 64;
    for (char c : key) hex = hex && absl::ascii_isxdigit(static_cast<unsigned char>(c));
    if (!hex) problems.push_back(Text(name, ".key_sha256_hex: not 64 hex digits"));
  }
  if (!has_operator) {
    problems.push_back(
        "principals: none has ROLE_OPERATOR, so nobody could found a ledger (or use --dev)");
  }
}

}  // namespace

std::variant<server::v1::Config, Problems> ReadConfig(const std::string& file) {
  std::ifstream in(file);
  if (!in) return Problems{Text(file, ": ", std::strerror(errno))};
  std::stringstream text;
  text << in.rdbuf();
  return ParseConfig(file, text.str());
}

std::variant<server::v1::Config, Problems> ParseConfig(const std::string& file,
                                                       std::string_view text) {
  server::v1::Config config;
  Problems problems;
  Collector collector(file, problems);
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&collector);
  if (!parser.ParseFromString(std::string(text), &config) && problems.empty()) {
    problems.push_back(Text(file, ": not a configuration"));
  }
  if (!problems.empty()) return problems;
  return config;
}

void SetDefaults(server::v1::Config& config) {
  if (config.data_dir().empty()) config.set_data_dir("meritbook-data");
  if (config.listen().empty()) config.set_listen("127.0.0.1:7117");
  if (!config.has_free_bytes_floor()) config.set_free_bytes_floor(256 << 20);
  if (!config.has_queue_commands_max()) config.set_queue_commands_max(65'536);
  if (!config.has_scrub_bytes_per_second()) config.set_scrub_bytes_per_second(4 << 20);
}

Problems CheckConfig(const server::v1::Config& config, bool dev) {
  Problems problems;
  std::string host;
  int port = 0;
  if (!SplitListen(config.listen(), host, port)) {
    problems.push_back(Text("listen: ", config.listen(), " is not an address and a port"));
  } else if (!IsLoopback(host)) {
    // API keys would cross the wire in the clear.
    problems.push_back(Text("listen: ", host, " is not loopback; TLS is not there yet, so put a ",
                            "TLS proxy in front"));
  }
  if (config.free_bytes_floor() < (16 << 20)) {
    problems.push_back("free_bytes_floor: below 16777216 the store itself could not close cleanly");
  }
  if (config.queue_commands_max() < 1'024 || config.queue_commands_max() > 1'048'576) {
    problems.push_back("queue_commands_max: not 1024 to 1048576");
  }
  const uint64_t scrub = config.scrub_bytes_per_second();
  if (scrub != 0 && (scrub < (64 << 10) || scrub > (1 << 30))) {
    problems.push_back("scrub_bytes_per_second: neither 0 nor 65536 to 1073741824");
  }
  CheckBackupDir(config, problems);
  CheckPrincipals(config, dev, problems);
  return problems;
}

}  // namespace meritbook
