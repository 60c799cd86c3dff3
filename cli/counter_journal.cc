#include "cli/counter_journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/escaping.h"
#include "cli/request_id.h"
#include "cli/text.h"
#include "cli/voucher_code.h"

namespace meritbook::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::pair<TakenState, const char*> kStates[] = {{TakenState::kWaiting, "waiting"},
                                                          {TakenState::kDone, "done"},
                                                          {TakenState::kRefused, "refused"}};

absl::Status Problem(const std::string& file, std::string_view why) {
  return absl::InvalidArgumentError(Text(file, ": ", why));
}

absl::Status SystemProblem(const std::string& file) { return Problem(file, std::strerror(errno)); }

std::string LineOf(const TakenVoucher& voucher) {
  Json json;
  for (const auto& [state, name] : kStates) {
    if (state == voucher.state) json["state"] = name;
  }
  json["ledger_id"] = voucher.ledger_id;
  json["merchant_id"] = voucher.merchant_id;
  json["request_id"] = voucher.request_id;
  json["code"] = voucher.code;
  json["sha256"] = voucher.sha256;
  json["last_four"] = voucher.last_four;
  json["happened_us"] = voucher.happened_us;
  json["outcome"] = voucher.outcome;
  return json.dump() + "\n";
}

bool ReadLine(const std::string& line, TakenVoucher& voucher) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) return false;
  const auto text = [&json](const char* key, std::string& to) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_string()) return false;
    to = found->get<std::string>();
    return true;
  };
  std::string state;
  const auto happened = json.find("happened_us");
  if (!text("state", state) || !text("ledger_id", voucher.ledger_id) ||
      !text("merchant_id", voucher.merchant_id) || !text("request_id", voucher.request_id) ||
      !text("code", voucher.code) || !text("sha256", voucher.sha256) ||
      !text("last_four", voucher.last_four) || !text("outcome", voucher.outcome) ||
      happened == json.end() || !happened->is_number_integer()) {
    return false;
  }
  voucher.happened_us = happened->get<int64_t>();
  for (const auto& [known, name] : kStates) {
    if (state != name) continue;
    voucher.state = known;
    return known != TakenState::kWaiting || PassesLuhn(voucher.code);
  }
  return false;
}

// Also the folder, so that the new name survives a power cut.
bool SyncFolder(const std::string& file) {
  const std::string folder = std::filesystem::path(file).parent_path().string();
  const int fd = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool synced = fsync(fd) == 0;
  close(fd);
  return synced;
}

bool WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t done = write(fd, text.data(), text.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return false;
    text.remove_prefix(static_cast<size_t>(done));
  }
  return fsync(fd) == 0;
}

// Replaces the file as a whole.
absl::Status WriteFile(const std::string& file, const std::vector<TakenVoucher>& vouchers) {
  const std::string name = file + ".new";
  std::string text;
  for (const TakenVoucher& voucher : vouchers) text += LineOf(voucher);
  unlink(name.c_str());
  const int fd = open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return SystemProblem(name);
  const bool written = WriteAll(fd, text);
  const int error = errno;
  close(fd);
  if (!written) {
    unlink(name.c_str());
    return Problem(name, std::strerror(error));
  }
  if (rename(name.c_str(), file.c_str()) != 0) return SystemProblem(file);
  return SyncFolder(file) ? absl::OkStatus() : SystemProblem(file);
}

std::string HashOf(const std::string& code) { return absl::BytesToHexString(Sha256(code)); }

}  // namespace

absl::StatusOr<std::unique_ptr<CounterJournal>> CounterJournal::Open(const std::string& file) {
  std::unique_ptr<CounterJournal> journal(new CounterJournal(file));
  const absl::Status locked = journal->Lock();
  if (!locked.ok()) return locked;
  const absl::Status loaded = journal->Load();
  if (!loaded.ok()) return loaded;
  return journal;
}

CounterJournal::~CounterJournal() {
  if (lock_fd_ >= 0) close(lock_fd_);
}

absl::Status CounterJournal::Lock() {
  // Beside the file, which is replaced whenever it changes.
  const std::string name = file_ + ".lock";
  lock_fd_ = open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_fd_ < 0) return SystemProblem(name);
  if (flock(lock_fd_, LOCK_EX | LOCK_NB) == 0) return absl::OkStatus();
  return Problem(file_,
                 "another counter on this machine has this journal; close it, or give this "
                 "one a --terminal or --journal of its own");
}

absl::Status CounterJournal::Load() {
  struct stat info = {};
  if (stat(file_.c_str(), &info) != 0) {
    return errno == ENOENT ? absl::OkStatus() : SystemProblem(file_);
  }
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Problem(file_, "others on this machine can read or change it; chmod 600 it");
  }
  std::ifstream in(file_);
  if (!in) return SystemProblem(file_);
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    TakenVoucher voucher;
    if (!ReadLine(line, voucher)) {
      return Problem(file_, Text("line ", number, " is no voucher that was taken"));
    }
    vouchers_.push_back(std::move(voucher));
  }
  return in.bad() ? SystemProblem(file_) : absl::OkStatus();
}

size_t CounterJournal::waiting_count() const {
  return static_cast<size_t>(std::count_if(
      vouchers_.begin(), vouchers_.end(),
      [](const TakenVoucher& voucher) { return voucher.state == TakenState::kWaiting; }));
}

const TakenVoucher* CounterJournal::Find(const std::string& code) const {
  const std::string hash = HashOf(code);
  for (const TakenVoucher& voucher : vouchers_) {
    if (voucher.sha256 == hash) return &voucher;
  }
  return nullptr;
}

absl::Status CounterJournal::Add(TakenVoucher voucher) {
  voucher.state = TakenState::kWaiting;
  voucher.sha256 = HashOf(voucher.code);
  voucher.last_four =
      voucher.code.substr(voucher.code.size() - std::min<size_t>(4, voucher.code.size()));
  std::vector<TakenVoucher> vouchers = vouchers_;
  vouchers.push_back(std::move(voucher));
  return Replace(std::move(vouchers));
}

absl::Status CounterJournal::Settle(const std::string& request_id, TakenState state,
                                    const std::string& outcome) {
  std::vector<TakenVoucher> vouchers = vouchers_;
  for (TakenVoucher& voucher : vouchers) {
    if (voucher.request_id != request_id) continue;
    voucher.state = state;
    voucher.outcome = outcome;
    voucher.code.clear();
  }
  return Replace(std::move(vouchers));
}

absl::Status CounterJournal::Replace(std::vector<TakenVoucher> vouchers) {
  absl::Status status = WriteFile(file_, vouchers);
  if (status.ok()) {
    vouchers_ = std::move(vouchers);
    return status;
  }
  // Nobody hands goods over for what failed, so it must not be sent one day.
  (void)WriteFile(file_, vouchers_);
  return status;
}

absl::StatusOr<std::string> DefaultJournalFile(const std::string& ledger_id,
                                               const std::string& merchant_id,
                                               const std::string& terminal_id) {
  const auto variable = [](const char* name) {
    const char* const value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  std::filesystem::path folder = variable("XDG_STATE_HOME");
  if (!folder.is_absolute()) {
    const std::string home = variable("HOME");
    if (home.empty()) {
      return absl::InvalidArgumentError(
          "where are vouchers kept while the server is away? Give --journal FILE or set HOME");
    }
    folder = std::filesystem::path(home) / ".local" / "state";
  }
  folder /= "meritbook";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return Problem(folder.string(), error.message());
  return (folder / Text("counter-", ledger_id, "-", merchant_id, "-", terminal_id, ".journal"))
      .string();
}

}  // namespace meritbook::cli
