#include "cli/import_run.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "cli/language.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

using Stream = grpc::ClientReaderWriter<v1::ImportRequest, v1::ImportResponse>;
using Numbers = std::vector<size_t>;  // of the plan's commands, one for each item

// The column of the CSV file that a field of a command was read from.
std::string_view ColumnOf(std::string_view field) {
  const size_t dot = field.rfind('.');
  const std::string_view name = dot == std::string_view::npos ? field : field.substr(dot + 1);
  if (name == "start_us" || name == "starts_us" || field == "command.interval") return "starts_at";
  if (name == "end_us" || name == "ends_us") return "ends_at";
  if (name == "service_day" || field == "command.duration") return "day";
  if (name == "recorded_us") return "recorded_at";
  if (name == "request_id") return "record_id";
  return name;
}

// Takes the answers in order, on a thread of its own.
class Answers {
 public:
  Answers(const ImportPlan& plan, const std::string& language, int under_way_max)
      : plan_(plan), language_(language), under_way_max_(static_cast<size_t>(under_way_max)) {}

  // Waits for room; false if the import has to stop.
  bool Sent(Numbers numbers) {
    std::unique_lock lock(mutex_);
    room_.wait(lock,
               [&] { return under_way_.size() < under_way_max_ || !problem_.empty() || over_; });
    if (!problem_.empty() || over_) return false;
    under_way_.push_back(std::move(numbers));
    return true;
  }

  void Read(Stream& stream) {
    v1::ImportResponse response;
    while (stream.Read(&response)) {
      Numbers numbers;
      {
        std::lock_guard lock(mutex_);
        numbers = std::move(under_way_.front());
        under_way_.erase(under_way_.begin());
      }
      Take(numbers, response);
      room_.notify_all();
    }
    std::lock_guard lock(mutex_);
    over_ = true;
    room_.notify_all();
  }

  std::string problem() {
    std::lock_guard lock(mutex_);
    return problem_;
  }
  uint64_t done() {
    std::lock_guard lock(mutex_);
    return done_;
  }
  ImportOutcome& outcome() { return outcome_; }

 private:
  void Take(const Numbers& numbers, const v1::ImportResponse& response) {
    for (int i = 0; i < response.results_size(); ++i) {
      const v1::ItemResult& result = response.results(i);
      if (result.has_receipt()) {
        ++(result.receipt().already_applied() ? outcome_.already_applied : outcome_.applied);
        continue;
      }
      const Refusal refusal = RefusalOf(result.error());
      if (refusal.retry_can_help) {
        std::lock_guard lock(mutex_);
        problem_ = Explain(refusal, language_);
        return;
      }
      ++outcome_.refused[refusal.reason];
      RefusedRow row = plan_.RowOf(numbers[static_cast<size_t>(i)], ColumnOf(refusal.field));
      row.reason = refusal.reason;
      row.message = refusal.message;
      outcome_.refused_rows.push_back(std::move(row));
    }
    std::lock_guard lock(mutex_);
    done_ += numbers.size();
  }

  const ImportPlan& plan_;
  const std::string language_;
  const size_t under_way_max_;
  ImportOutcome outcome_;  // the reading thread's until it has ended

  std::mutex mutex_;
  std::condition_variable room_;
  std::vector<Numbers> under_way_;
  std::string problem_;
  uint64_t done_ = 0;
  bool over_ = false;
};

}  // namespace

ImportOutcome RunImport(const Client& client, const ImportPlan& plan,
                        const ImportSettings& settings) {
  const bool migrating = client.GetLedger().state() == v1::LEDGER_STATE_MIGRATING;
  const auto begin = std::chrono::steady_clock::now();
  grpc::ClientContext context;
  client.Prepare(context, /*lasting=*/true);
  v1::AdminService::Stub stub(client.channel());
  const std::unique_ptr<Stream> stream = stub.Import(&context);
  Answers answers(plan, client.options().language, settings.requests_under_way_max);
  std::thread reader([&] { answers.Read(*stream); });

  std::vector<RefusedRow> unreadable = plan.faults();
  v1::ImportRequest request;
  request.set_ledger_id(client.ledger());
  for (size_t next = 0; next < plan.size();) {
    Numbers numbers;
    int items = 0;
    for (; next < plan.size() && items < settings.items_per_request; ++next) {
      // Messages are used again: what they allocated stays.
      v1::ImportItem* item =
          items < request.items_size() ? request.mutable_items(items) : request.add_items();
      if (auto fault = plan.Fill(next, migrating, item)) {
        unreadable.push_back(*std::move(fault));
        continue;
      }
      numbers.push_back(next);
      ++items;
    }
    while (request.items_size() > items) request.mutable_items()->RemoveLast();
    if (items == 0) continue;
    if (!answers.Sent(std::move(numbers)) || !stream->Write(request)) break;
    if (settings.progress) settings.progress(answers.done(), plan.size());
  }
  stream->WritesDone();
  reader.join();
  const grpc::Status status = stream->Finish();
  const std::string again = "; run the same import again: nothing doubles";
  if (const std::string problem = answers.problem(); !problem.empty()) {
    throw CommandError(Exit::kRefused, Join("the import stopped: ", problem, again));
  }
  if (!status.ok()) {
    const Refusal refusal = RefusalOf(status);
    const bool broken = refusal.reason.empty() && status.error_code() != grpc::StatusCode::OK;
    throw CommandError(broken ? Exit::kUnreachable : Exit::kRefused,
                       Join("the import broke off: ", Explain(refusal, client.options().language),
                            broken ? again : ""));
  }
  if (settings.progress) settings.progress(plan.size(), plan.size());

  ImportOutcome outcome = std::move(answers.outcome());
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  outcome.rows = plan.size() + plan.faults().size();
  if (!unreadable.empty()) outcome.refused["ROW_UNREADABLE"] = unreadable.size();
  unreadable.insert(unreadable.end(), outcome.refused_rows.begin(), outcome.refused_rows.end());
  outcome.refused_rows = std::move(unreadable);
  return outcome;
}

}  // namespace meritbook::cli
