#include "cli/voucher_slip.h"

#include "cli/order_words.h"
#include "cli/qr_code.h"
#include "cli/quantity.h"
#include "cli/table.h"
#include "cli/text.h"
#include "cli/voucher_code.h"

namespace meritbook::cli {
namespace {

constexpr const char* kStyle = R"(
  @page { margin: 12mm }
  body { font: 12pt/1.4 "Noto Sans CJK SC", "Noto Sans", sans-serif; margin: 0; color: #000 }
  .slip { width: 88mm; border: 0.4mm solid #000; padding: 5mm }
  h1 { font-size: 15pt; margin: 0 0 3mm }
  table { width: 100%; border-collapse: collapse; margin: 3mm 0 }
  td, th { text-align: left; padding: 0.8mm 0; border-bottom: 0.2mm solid #bbb; font-weight: normal }
  td.n, th.n { text-align: right }
  .until { font-weight: bold }
  svg { display: block; width: 42mm; height: 42mm; margin: 2mm auto }
  .code { font: 14pt monospace; text-align: center; white-space: nowrap }
  .small { font-size: 9pt; color: #333 }
)";

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

// An open amount has no piece: its quantity is its price.
std::string PriceOf(const v1::PricedLine& line) {
  return Grouped(uint64_t{line.quantity()} * uint64_t{line.price_points()});
}

const char* Advice(Language language) {
  return Pick(language,
              "Hand this slip in where the goods are handed over, once. Who has the digits has the "
              "goods: keep it like money.",
              "凭此券到商户一次性兑换。持有数字即可兑换，请妥善保管。");
}

}  // namespace

absl::StatusOr<std::string> SlipText(const VoucherSlip& slip, Language language, SlipQr qr) {
  Table lines({{Pick(language, "item", "商品"), ""},
               {Pick(language, "quantity", "数量"), "", Align::kRight},
               {Pick(language, "points", "积分"), "", Align::kRight}});
  for (const v1::PricedLine& line : slip.lines) {
    lines.Add({ItemName(line.item_id()), Grouped(line.quantity()), PriceOf(line)});
  }
  std::string text = Text(Pick(language, "VOUCHER  ", "兑换券  "), slip.merchant_id, "\n\n",
                          lines.Text(false), "\n", Pick(language, "Set aside: ", "已预留："),
                          Points(slip.units), Pick(language, " points\n", " 积分\n"),
                          Pick(language, "Good until the end of ", "有效期至 "), slip.last_day,
                          Pick(language, "\n", " 当日结束\n"), "\n");
  if (qr != SlipQr::kNone) {
    const auto code = QrCode::Of(slip.code);
    if (!code.ok()) return code.status();
    text += code->HalfBlocks(qr == SlipQr::kColour);
    text += "\n";
  }
  text += Text("    ", InFours(slip.code), "\n\n", Pick(language, "Order ", "订单 "), slip.order_id,
               Pick(language, " of ", "，账本 "), slip.ledger_id, "\n", Advice(language), "\n");
  return text;
}

absl::StatusOr<std::string> SlipPage(const VoucherSlip& slip, Language language) {
  const auto code = QrCode::Of(slip.code);
  if (!code.ok()) return code.status();
  std::string rows;
  for (const v1::PricedLine& line : slip.lines) {
    rows += Text("<tr><td>", Escaped(ItemName(line.item_id())), "</td><td class=\"n\">",
                 Grouped(line.quantity()), "</td><td class=\"n\">", PriceOf(line), "</td></tr>\n");
  }
  const char* const title = Pick(language, "Voucher", "兑换券");
  return Text("<!doctype html>\n<html lang=\"", Pick(language, "en", "zh"),
              "\">\n<head><meta charset=\"utf-8\"><title>", title, "</title><style>", kStyle,
              "</style></head>\n<body><div class=\"slip\">\n<h1>", title, " · ",
              Escaped(slip.merchant_id), "</h1>\n<table><tr><th>", Pick(language, "Item", "商品"),
              "</th><th class=\"n\">", Pick(language, "Quantity", "数量"), "</th><th class=\"n\">",
              Pick(language, "Points", "积分"), "</th></tr>\n", rows, "</table>\n<div>",
              Pick(language, "Set aside: ", "已预留："), Points(slip.units),
              Pick(language, " points", " 积分"), "</div>\n<div class=\"until\">",
              Pick(language, "Good until the end of ", "有效期至 "), Escaped(slip.last_day),
              Pick(language, "", " 当日结束"), "</div>\n", code->Svg(), "\n<div class=\"code\">",
              InFours(slip.code), "</div>\n<p class=\"small\">", Pick(language, "Order ", "订单 "),
              Escaped(slip.order_id), Pick(language, " of ", "，账本 "), Escaped(slip.ledger_id),
              "<br>", Advice(language), "</p>\n</div></body>\n</html>\n");
}

}  // namespace meritbook::cli
