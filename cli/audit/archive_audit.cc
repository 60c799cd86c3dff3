#include "cli/audit/archive_audit.h"

#include <chrono>
#include <utility>

#include "cli/audit/reducer.h"
#include "cli/audit/text.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::audit {
namespace {

ArchiveFacts FactsOf(const Archive& archive) {
  return {archive.files(), archive.size(), archive.last_hash()};
}

// A loss that was declared is told as what it is: the archive was taken before it.
std::string_view Explained(std::string_view served) {
  v1::Event event;
  const bool loss = event.ParseFromArray(served.data(), static_cast<int>(served.size())) &&
                    event.has_loss_declared();
  return loss ? ": there the served log declares a loss" : "";
}

}  // namespace

absl::StatusOr<AuditReport> AuditArchive(const std::string& folder, const std::string& ledger_id,
                                         const Progress& progress) {
  const auto started = std::chrono::steady_clock::now();
  auto archive = Archive::Open(folder);
  if (!archive.ok()) return archive.status();
  if (archive->files() == 0) {
    return absl::InvalidArgumentError(Text(folder, ": there is no file of an archive"));
  }
  Reducer reducer(ledger_id);
  while (true) {
    const auto part = archive->Next();
    if (!part.ok()) return part.status();
    if (!*part) break;
    uint64_t sequence = (*part)->first;
    for (const std::string_view event : (*part)->events) reducer.Add(sequence++, event);
    if (progress) progress(archive->bytes_read(), archive->bytes());
  }
  reducer.Finish();
  AuditReport report;
  report.events = reducer.size();
  report.volunteers = reducer.books().volunteers.rows().size();
  report.archive = FactsOf(*archive);
  report.losses = reducer.books().losses;
  report.findings = reducer.findings();
  report.findings_total = reducer.findings_total();
  report.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return report;
}

absl::Status ArchiveComparison::Load() {
  if (ended_ || (part_ && at_ < part_->events.size())) return absl::OkStatus();
  auto part = archive_.Next();
  if (!part.ok()) return part.status();
  part_ = *std::move(part);
  at_ = 0;
  ended_ = !part_.has_value();
  return absl::OkStatus();
}

absl::StatusOr<bool> ArchiveComparison::GoesOn() {
  if (finding_) return false;
  if (absl::Status status = Load(); !status.ok()) return status;
  return !ended_;
}

absl::Status ArchiveComparison::Compare(std::string_view served) {
  const auto goes_on = GoesOn();
  if (!goes_on.ok() || !*goes_on) return goes_on.status();
  const uint64_t sequence = compared_++;
  if (part_->events[at_++] == served) return absl::OkStatus();
  finding_ = Finding{
      sequence, Invariant::ARCHIVE_DIFFERS, "",
      Text("event ", sequence, " is served otherwise than it was archived", Explained(served))};
  return absl::OkStatus();
}

absl::Status ArchiveComparison::Finish() {
  const auto goes_on = GoesOn();
  if (!goes_on.ok()) return goes_on.status();
  // The rest is verified all the same.
  while (!ended_) {
    at_ = part_ ? part_->events.size() : 0;
    if (absl::Status status = Load(); !status.ok()) return status;
  }
  if (!*goes_on) return absl::OkStatus();
  finding_ = Finding{
      compared_, Invariant::ARCHIVE_DIFFERS, "",
      Text("the served log ends after ", compared_, " events, the archive has ", archive_.size())};
  return absl::OkStatus();
}

ArchiveFacts ArchiveComparison::facts() const { return FactsOf(archive_); }

}  // namespace meritbook::audit
