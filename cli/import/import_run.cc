#include "cli/import/import_run.h"

#include <array>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "cli/import/import_stream.h"
#include "cli/import/input_file.h"
#include "cli/import/mapped_file.h"
#include "cli/import/merge_order.h"
#include "cli/import/refused_file.h"
#include "cli/import/row_encoder.h"
#include "cli/problem.h"
#include "cli/refusal_words.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

constexpr size_t kRequestBytesMax = 4 << 20;  // of CSV; well below the server's 16 MiB

// The files of a folder, in the order of their kinds.
struct Folder {
  std::vector<std::unique_ptr<MappedFile>> mapped;
  std::vector<InputFile> files;
  std::array<size_t, kFileKinds> by_kind{};

  const InputFile& Of(FileKind kind) const { return files[by_kind[static_cast<size_t>(kind)]]; }
};

absl::StatusOr<Folder> OpenFolder(const ImportOptions& options) {
  Folder folder;
  for (size_t kind = 0; kind < kFileKinds; ++kind) {
    const FileSpec& spec = SpecOf(static_cast<FileKind>(kind));
    auto mapped = MappedFile::Open((std::filesystem::path(options.folder) / spec.name).string());
    if (absl::IsNotFound(mapped.status())) continue;
    if (!mapped.ok()) return mapped.status();
    auto file = InputFile::Open(static_cast<FileKind>(kind), (*mapped)->text());
    if (!file.ok()) return file.status();
    for (const std::string& column : file->ignored()) {
      options.note(Text(spec.name, ": column ", column, " is not read"));
    }
    folder.by_kind[kind] = folder.files.size();
    folder.mapped.push_back(*std::move(mapped));
    folder.files.push_back(*std::move(file));
  }
  if (!folder.files.empty()) return folder;
  std::string names;
  for (size_t kind = 0; kind < kFileKinds; ++kind) {
    names += Text(kind == 0 ? "" : ", ", SpecOf(static_cast<FileKind>(kind)).name);
  }
  return absl::InvalidArgumentError(Text(options.folder, ": none of ", names, " is there"));
}

// Counts the answers and writes down what was refused. In the stream's thread while there is one.
class Answers {
 public:
  Answers(const ImportOptions& options, const Folder& folder, RefusedFile& refused)
      : options_(options), folder_(folder), refused_(refused) {}

  ImportCounts& counts() { return counts_; }
  uint64_t done() const { return done_; }

  void AddFault(const RefusedRow& row) {
    const InputFile& file = folder_.Of(row.place.file);
    Refuse(row.place, file.ColumnLabel(row.fault.column), row.fault.reason, row.fault.message);
  }

  absl::Status Take(const ImportBatch& batch, const v1::ImportResponse* response) {
    for (const RefusedRow& row : batch.refused) AddFault(row);
    for (size_t i = 0; i < batch.rows.size(); ++i) {
      const v1::ItemResult& result = response->results(static_cast<int>(i));
      if (result.has_receipt()) {
        ++(result.receipt().already_applied() ? counts_.already_applied : counts_.applied);
        continue;
      }
      if (RetryCanHelp(result.error().code())) return RefusedBy(result.error());
      AddError(batch.rows[i], result.error());
    }
    done_ += batch.rows.size() + batch.refused.size();
    options_.progress(done_, counts_.commands);
    return absl::OkStatus();
  }

 private:
  void AddError(const RowPlace& place, const google::rpc::Status& error) {
    const auto info = ErrorInfoOf(error);
    const std::string reason = info ? info->reason() : "UNKNOWN";
    const InputFile& file = folder_.Of(place.file);
    std::string column;
    if (info && info->metadata().contains("field")) {
      column = file.ColumnLabel(file.ColumnOfField(info->metadata().at("field")));
    }
    const auto words = WordsOf(std::string_view(reason));
    const bool translate = options_.language != Language::kEnglish && words.has_value();
    Refuse(place, std::move(column), reason,
           translate ? words->Meaning(options_.language) : error.message());
  }

  void Refuse(const RowPlace& place, std::string column, const std::string& reason,
              const std::string& message) {
    ++counts_.refused[reason];
    const InputFile& file = folder_.Of(place.file);
    RefusedLine line{file.spec().name, place.line, std::move(column), reason, message, ""};
    RowFault fault;
    file.Split(place.offset, &row_, &fault);
    // A phone number in the place of an id must not spread into one more file.
    if (!fault && reason != "PERSONAL_IDENTIFIER") line.id = file.Field(row_, 1);
    refused_.Add(line);
  }

  const ImportOptions& options_;
  const Folder& folder_;
  RefusedFile& refused_;
  ImportCounts counts_;
  uint64_t done_ = 0;
  CsvRow row_;
};

// Fills and sends batches in the one order of all files.
void SendAll(const ImportOptions& options, const Folder& folder, MergeOrder& order,
             ImportStream& stream) {
  CsvRow row;
  ImportBatch* batch = nullptr;
  size_t batch_bytes = 0;
  while (const MergeOrder::Entry* entry = order.Next()) {
    if (batch == nullptr) {
      batch = stream.Begin();
      if (batch == nullptr) return;
      batch->request->set_ledger_id(options.ledger_id);
      batch_bytes = 0;
    }
    const InputFile& file = folder.Of(entry->place.file);
    RowFault fault;  // of the shape: none, since the order has well-formed rows only
    batch_bytes += file.Split(entry->place.offset, &row, &fault) - entry->place.offset;
    v1::ImportItem* const item = batch->request->add_items();
    fault = entry->place.freezes ? EncodeFreeze(file, row, item) : EncodeRow(file, row, item);
    if (fault) {
      batch->request->mutable_items()->RemoveLast();
      batch->refused.push_back({entry->place, std::move(fault)});
    } else {
      if (options.with_recorded_time) item->set_recorded_us(entry->recorded_us);
      batch->rows.push_back(entry->place);
    }
    if (batch->rows.size() + batch->refused.size() == options.batch_items_max ||
        batch_bytes >= kRequestBytesMax) {
      stream.Send();
      batch = nullptr;
    }
  }
  if (batch != nullptr) stream.Send();
}

absl::Status Stopped(const absl::Status& status, uint64_t done, const ImportOptions& options) {
  if (!RetryCanHelp(status.raw_code())) return status;
  const std::string why =
      DetailsOf(status) ? Sentence(status, options.language)
                        : Pick(options.language, "the server went away", "与服务器的连接已中断");
  return absl::UnavailableError(
      Text(Pick(options.language, "stopped after ", "导入中断，已完成命令数 "), done,
           Pick(options.language, " commands: ", "："), why,
           Pick(options.language, "; run the same import again: nothing doubles",
                "；请重新运行同一导入，不会重复入账")));
}

}  // namespace

absl::StatusOr<ImportCounts> RunImport(const Client& client, const ImportOptions& options) {
  const auto folder = OpenFolder(options);
  if (!folder.ok()) return folder.status();
  const auto refused = RefusedFile::Start(options.refused_file);
  if (!refused.ok()) return refused.status();
  MergeOrder order(folder->files);
  Answers answers(options, *folder, **refused);
  answers.counts().rows = order.rows();
  answers.counts().commands = order.commands();
  for (const RefusedRow& row : order.refused()) answers.AddFault(row);
  ImportStream stream(client, options.in_flight_max,
                      [&answers](const ImportBatch& batch, const v1::ImportResponse* response) {
                        return answers.Take(batch, response);
                      });
  SendAll(options, *folder, order, stream);
  if (const absl::Status status = stream.Finish(); !status.ok()) {
    return Stopped(status, answers.done(), options);
  }
  if (const absl::Status kept = (*refused)->Keep(); !kept.ok()) return kept;
  return answers.counts();
}

}  // namespace meritbook::cli
