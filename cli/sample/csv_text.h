// Owns the text of one CSV file while it is written.
// Promises RFC 4180 with LF and no quotes; fields must not need any.
// Not shared between threads.
#ifndef MERITBOOK_CLI_SAMPLE_CSV_TEXT_H_
#define MERITBOOK_CLI_SAMPLE_CSV_TEXT_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "cli/sample/calendar.h"
#include "cli/sample/plan.h"

namespace meritbook::sample {

// The rows of one file, field by field.
class Csv {
 public:
  explicit Csv(absl::string_view header) : text_(header) { text_.push_back('\n'); }

  Csv& Text(absl::string_view field) {
    Separate();
    absl::StrAppend(&text_, field);
    return *this;
  }
  // Empty for kNone.
  Csv& Number(int64_t field) {
    Separate();
    if (field != kNone) absl::StrAppend(&text_, field);
    return *this;
  }
  Csv& Instant(int64_t second) {
    Separate();
    if (second != kNone) AppendInstant(second, text_);
    return *this;
  }
  Csv& Minute(int64_t minute) { return Instant(minute == kNone ? kNone : SecondOf(minute)); }
  Csv& Day(int day) {
    Separate();
    if (day != kNone) AppendDay(day, text_);
    return *this;
  }
  void EndRow() {
    text_.push_back('\n');
    row_has_fields_ = false;
  }
  std::string Take() { return std::move(text_); }

 private:
  void Separate() {
    if (row_has_fields_) text_.push_back(',');
    row_has_fields_ = true;
  }

  std::string text_;
  bool row_has_fields_ = false;
};

}  // namespace meritbook::sample

#endif  // MERITBOOK_CLI_SAMPLE_CSV_TEXT_H_
