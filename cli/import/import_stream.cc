#include "cli/import/import_stream.h"

#include <utility>

#include "cli/text.h"

namespace meritbook::cli {
namespace {

using google::protobuf::Arena;

constexpr size_t kArenaBlockBytesMax = 256 << 10;

std::unique_ptr<Arena> NewArena() {
  google::protobuf::ArenaOptions options;
  options.start_block_size = kArenaBlockBytesMax;
  options.max_block_size = kArenaBlockBytesMax;
  return std::make_unique<Arena>(options);
}

}  // namespace

ImportStream::ImportStream(const Client& client, size_t in_flight_max, TakeAnswers take)
    : client_(client),
      take_(std::move(take)),
      stub_(v1::AdminService::NewStub(client.channel())),
      batches_(in_flight_max) {
  client_.Authorise(context_);
  stream_ = stub_->Import(&context_);
  for (ImportBatch& batch : batches_) batch.arena = NewArena();
  reader_ = std::thread([this] { ReadAnswers(); });
}

ImportStream::~ImportStream() {
  if (reader_.joinable()) (void)Finish();
}

ImportBatch* ImportStream::Begin() {
  absl::MutexLock lock(&mutex_);
  const auto has_room = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopped_ || sent_ - answered_ < batches_.size();
  };
  mutex_.Await(absl::Condition(&has_room));
  if (stopped_) return nullptr;
  ImportBatch& batch = batches_[sent_ % batches_.size()];
  batch.arena->Reset();
  batch.request = Arena::CreateMessage<v1::ImportRequest>(batch.arena.get());
  batch.rows.clear();
  batch.refused.clear();
  return &batch;
}

void ImportStream::Send() {
  uint64_t number = 0;
  {
    absl::MutexLock lock(&mutex_);
    number = sent_;
  }
  const ImportBatch& batch = batches_[number % batches_.size()];
  const bool written = batch.request->items_size() == 0 || stream_->Write(*batch.request);
  absl::MutexLock lock(&mutex_);
  ++sent_;
  // The reader gets the reason from the stream.
  if (!written) stopped_ = true;
}

bool ImportStream::Waiting() const { return !stopped_ && !all_sent_ && answered_ == sent_; }

void ImportStream::ReadAnswers() {
  const std::unique_ptr<Arena> arena = NewArena();
  for (;;) {
    const ImportBatch* batch = nullptr;
    {
      absl::MutexLock lock(&mutex_);
      const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !Waiting(); };
      mutex_.Await(absl::Condition(&ready));
      if (answered_ == sent_) return;
      batch = &batches_[answered_ % batches_.size()];
    }
    arena->Reset();
    auto* const response = Arena::CreateMessage<v1::ImportResponse>(arena.get());
    const bool empty = batch->rows.empty();
    absl::Status status;
    if (!empty && !stream_->Read(response)) {
      absl::MutexLock lock(&mutex_);
      stopped_ = true;
      return;
    }
    if (!empty && static_cast<size_t>(response->results_size()) != batch->rows.size()) {
      status = absl::DataLossError(Text("the server answered ", response->results_size(), " of ",
                                        batch->rows.size(), " items"));
    } else {
      status = take_(*batch, empty ? nullptr : response);
    }
    absl::MutexLock lock(&mutex_);
    ++answered_;
    if (status.ok()) continue;
    stopped_ = true;
    stop_status_ = status;
    // What is under way behind a refusal that a retry may lift must not overtake it: in a migrating
    // ledger the earlier rows could not be sent any more.
    context_.TryCancel();
    return;
  }
}

absl::Status ImportStream::Finish() {
  stream_->WritesDone();
  {
    absl::MutexLock lock(&mutex_);
    all_sent_ = true;
  }
  reader_.join();
  bool unread = false;
  {
    absl::MutexLock lock(&mutex_);
    unread = answered_ < sent_;
  }
  const grpc::Status finished = stream_->Finish();
  absl::MutexLock lock(&mutex_);
  if (!stop_status_.ok()) return stop_status_;
  if (!finished.ok()) return client_.StatusOf(finished);
  if (unread) return absl::UnavailableError("the server ended the stream before its answers");
  return absl::OkStatus();
}

}  // namespace meritbook::cli
