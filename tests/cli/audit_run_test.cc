// The audit over the wire, against a server that serves a small log while it grows.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/audit/run.h"
#include "meritbook/v1/account.grpc.pb.h"
#include "meritbook/v1/audit.grpc.pb.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::audit {
namespace {

constexpr int64_t kStartUs = int64_t{1'614'556'800} * 1'000'000;

v1::Event Envelope(uint64_t sequence, v1::CommandKind kind) {
  v1::Event event;
  event.set_sequence(sequence);
  event.set_recorded_us(kStartUs);
  event.set_occurred_us(kStartUs);
  event.set_actor("operator");
  event.set_scope(v1::REQUEST_SCOPE_PRINCIPAL);
  event.set_request_id("r" + std::to_string(sequence));
  event.set_kind(kind);
  event.set_command_first_sequence(sequence);
  event.set_command_event_count(1);
  return event;
}

// Event 0 founds the ledger; event n registers volunteer n.
std::vector<std::string> SmallLog(uint64_t volunteers) {
  std::vector<std::string> log;
  v1::Event founding = Envelope(0, v1::COMMAND_KIND_CREATE_LEDGER);
  founding.mutable_ledger_created()->mutable_command();
  founding.mutable_ledger_created()->set_ledger_id("county");
  founding.mutable_ledger_created()->set_time_zone("Asia/Shanghai");
  log.push_back(founding.SerializeAsString());
  for (uint64_t n = 1; n <= volunteers; ++n) {
    v1::Event event = Envelope(n, v1::COMMAND_KIND_REGISTER_VOLUNTEER);
    auto* command = event.mutable_volunteer_registered()->mutable_command();
    command->set_volunteer_id("v" + std::to_string(n));
    command->set_age_band(v1::AGE_BAND_60_PLUS);
    v1::PassbookLink* link = event.add_passbook();
    link->set_volunteer_id(command->volunteer_id());
    link->set_event_count(1);
    log.push_back(event.SerializeAsString());
  }
  return log;
}

// Serves pages of two; before each page another volunteer is registered.
class Accounts final : public v1::AccountService::Service {
 public:
  grpc::Status ListBalances(grpc::ServerContext* context, const v1::ListBalancesRequest* request,
                            v1::ListBalancesResponse* response) override {
    if (context->client_metadata().count("who") == 0) {
      return {grpc::StatusCode::UNAUTHENTICATED, "who?"};
    }
    EXPECT_EQ(request->page_size(), 8'192u);
    const uint64_t from = request->page_token().empty() ? 1 : std::stoull(request->page_token());
    if (from == 1) due = registered;
    ++registered;
    for (uint64_t n = from; n < from + 2 && n <= due; ++n) {
      v1::Balance* balance = response->add_balances();
      balance->set_volunteer_id("v" + std::to_string(n));
      balance->set_event_count(1);
      balance->set_last_sequence(n);
    }
    if (from + 2 <= due) response->set_next_page_token(std::to_string(from + 2));
    response->set_size(from == 1 ? due + 1 : registered + 1);
    return grpc::Status::OK;
  }

  uint64_t registered = 5;
  uint64_t due = 0;
};

class Audits final : public v1::AuditService::Service {
 public:
  explicit Audits(Accounts& accounts) : accounts_(accounts) {}

  grpc::Status GetTrialBalance(grpc::ServerContext*, const v1::GetTrialBalanceRequest*,
                               v1::GetTrialBalanceResponse* response) override {
    response->set_volunteers(accounts_.registered);
    response->set_size(accounts_.registered + 1);
    return grpc::Status::OK;
  }

  grpc::Status StreamEvents(grpc::ServerContext*, const v1::StreamEventsRequest* request,
                            grpc::ServerWriter<v1::StreamEventsResponse>* writer) override {
    EXPECT_EQ(request->from_sequence(), 0u);
    EXPECT_FALSE(request->follow());
    std::vector<std::string> log = SmallLog(events_served - 1);
    if (spoil) spoil(log);
    const uint64_t end = request->max_events() == 0 ? log.size() : request->max_events();
    for (uint64_t at = 0; at < log.size() && at < end; at += 3) {
      v1::StreamEventsResponse response;
      response.set_first_sequence(at);
      // The last answer may hold more than was asked for.
      for (uint64_t i = at; i < at + 3 && i < log.size(); ++i) response.add_events(log[i]);
      writer->Write(response);
    }
    return grpc::Status::OK;
  }

  uint64_t events_served = 20;
  std::function<void(std::vector<std::string>&)> spoil;

 private:
  Accounts& accounts_;
};

class AuditRun : public testing::Test {
 protected:
  AuditRun() : audits_(accounts_) {
    grpc::ServerBuilder builder;
    builder.RegisterService(&accounts_);
    builder.RegisterService(&audits_);
    server_ = builder.BuildAndStart();
  }

  absl::StatusOr<AuditReport> Run(const std::string& ledger_id,
                                  ArchiveComparison* archive = nullptr) {
    return RunAudit(
        server_->InProcessChannel({}),
        [](grpc::ClientContext& context) { context.AddMetadata("who", "auditor"); }, ledger_id,
        [this](uint64_t done, uint64_t total) { progress_.emplace_back(done, total); }, archive);
  }

  // With an archive of the small log, four events to a file.
  absl::StatusOr<AuditReport> RunWithArchive(uint64_t events) {
    std::string folder = testing::TempDir() + "audit-run-XXXXXX";
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
    const std::vector<std::string> log = SmallLog(events - 1);
    std::string before(kArchiveHashBytes, '\0');
    for (uint64_t first = 0; first < events; first += 4) {
      PartBuilder part("county", first, before);
      for (uint64_t i = first; i < first + 4 && i < events; ++i) part.Add(log[i]);
      const std::string bytes = part.Finish();
      before = bytes.substr(bytes.size() - kArchiveHashBytes);
      std::ofstream(folder + "/" + PartName(first), std::ios::binary) << bytes;
    }
    if (spoil_folder_) spoil_folder_(folder);
    auto archive = Archive::Open(folder);
    EXPECT_TRUE(archive.ok()) << archive.status();
    ArchiveComparison comparison(*std::move(archive));
    auto report = Run("county", &comparison);
    std::filesystem::remove_all(folder);
    return report;
  }

  void ExpectDiffers(const absl::StatusOr<AuditReport>& report, uint64_t sequence,
                     const std::string& message) {
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_FALSE(report->ok());
    ASSERT_FALSE(report->findings.empty());
    const Finding& finding = report->findings.back();
    EXPECT_EQ(finding.invariant, Invariant::ARCHIVE_DIFFERS) << finding.message;
    EXPECT_EQ(finding.sequence, sequence);
    EXPECT_EQ(finding.message, message);
  }

  Accounts accounts_;
  Audits audits_;
  std::function<void(const std::string&)> spoil_folder_;
  std::unique_ptr<grpc::Server> server_;
  std::vector<std::pair<uint64_t, uint64_t>> progress_;
};

TEST_F(AuditRun, PassesALedgerThatGrows) {
  const auto report = Run("county");
  ASSERT_TRUE(report.ok()) << report.status();
  for (const Finding& finding : report->findings) ADD_FAILURE() << finding.message;
  EXPECT_TRUE(report->ok());
  EXPECT_EQ(report->events, 9u);  // three pages, so three more than five volunteers
  EXPECT_EQ(report->volunteers, 8u);
  EXPECT_EQ(report->balances_compared, 5u);
  ASSERT_FALSE(progress_.empty());
  EXPECT_EQ(progress_.back(), std::pair(uint64_t{9}, uint64_t{9}));
}

TEST_F(AuditRun, TellsALogThatIsTooShort) {
  audits_.events_served = 7;
  const auto report = Run("county");
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_FALSE(report->ok());
  ASSERT_EQ(report->findings.size(), 1u);
  EXPECT_EQ(report->findings[0].invariant, Invariant::LOG_TOO_SHORT);
}

TEST_F(AuditRun, TellsAnotherLedgersLog) {
  const auto report = Run("city");
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_EQ(report->findings.size(), 1u);
  EXPECT_EQ(report->findings[0].invariant, Invariant::LEDGER_ID_WRONG);
}

// An archive that ends before the answers, at them, and beyond: the server has grown since.
TEST_F(AuditRun, PassesAServerThatHasWhatWasArchived) {
  for (const uint64_t events : {1, 4, 5, 12, 19, 20}) {
    SCOPED_TRACE(events);
    accounts_.registered = 5;
    const auto report = RunWithArchive(events);
    ASSERT_TRUE(report.ok()) << report.status();
    for (const Finding& finding : report->findings) ADD_FAILURE() << finding.message;
    EXPECT_EQ(report->balances_compared, 5u);
    ASSERT_TRUE(report->archive.has_value());
    EXPECT_EQ(report->archive->events, events);
    EXPECT_EQ(report->archive->files, (events + 3) / 4);
    EXPECT_EQ(report->archive->last_hash.size(), kArchiveHashBytes);
  }
}

// The served log is sound by itself: only the archive knows that it was another.
TEST_F(AuditRun, TellsTheFirstEventThatWasRewritten) {
  for (const uint64_t rewritten : {0, 3, 4, 8, 11}) {
    SCOPED_TRACE(rewritten);
    accounts_.registered = 5;
    audits_.spoil = [rewritten](std::vector<std::string>& log) {
      for (uint64_t i = rewritten; i < log.size(); ++i) {
        v1::Event event;
        event.ParseFromString(log[i]);
        event.set_salt(7);
        log[i] = event.SerializeAsString();
      }
    };
    const auto report = RunWithArchive(12);
    ExpectDiffers(
        report, rewritten,
        "event " + std::to_string(rewritten) + " is served otherwise than it was archived");
    EXPECT_EQ(report->findings_total, 1u);
    EXPECT_EQ(report->archive->events, 12u);
  }
}

TEST_F(AuditRun, TellsALossThatWasDeclaredSince) {
  audits_.spoil = [](std::vector<std::string>& log) {
    v1::Event event = Envelope(9, v1::COMMAND_KIND_DECLARE_LOSS);
    auto* command = event.mutable_loss_declared()->mutable_command();
    command->set_kept_size(9);
    command->set_guard_size(12);
    command->set_guard_sha256(std::string(32, 'g'));
    command->set_declared_by("operator");
    command->set_reason_code("disk");
    log.resize(9);
    log.push_back(event.SerializeAsString());
  };
  const auto report = RunWithArchive(12);
  ExpectDiffers(report, 9,
                "event 9 is served otherwise than it was archived: there the served log declares a "
                "loss");
  ASSERT_EQ(report->losses.size(), 1u);
  EXPECT_EQ(report->losses[0].sequence, 9u);
  EXPECT_EQ(report->findings_total, 1u);
}

TEST_F(AuditRun, TellsAServerThatHasLessThanWasArchived) {
  audits_.events_served = 10;
  ExpectDiffers(RunWithArchive(15), 10, "the served log ends after 10 events, the archive has 15");
}

TEST_F(AuditRun, IsNotCarriedOutWithADamagedArchive) {
  spoil_folder_ = [](const std::string& folder) {
    std::filesystem::resize_file(folder + "/" + PartName(8), 100);
  };
  const auto report = RunWithArchive(12);
  EXPECT_EQ(report.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(std::string(report.status().message()).find(PartName(8)), std::string::npos);
}

TEST_F(AuditRun, PassesOnWhyACallFailed) {
  const auto report = RunAudit(server_->InProcessChannel({}), {}, "county", {});
  EXPECT_EQ(report.status().code(), absl::StatusCode::kUnauthenticated);
}

}  // namespace
}  // namespace meritbook::audit
