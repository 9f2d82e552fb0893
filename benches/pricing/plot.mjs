// Draws how the time of a call grows, for docs/performance.md.
import { init } from "echarts";
import { LINES, PROMOTIONS } from "./growth.mjs";

const COLORS = ["#0f766e", "#2563eb", "#b45309", "#be123c"];
const FRAME_MS = 16;

/** The chart as SVG text, both axes logarithmic: a straight line at 45 degrees grows as the cart does. */
export function plotOf(title, rows, field) {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: 720, height: 420 });
  const series = PROMOTIONS.map((promotions, at) => ({
    name: promotions === 1 ? "1 promotion" : `${promotions} promotions`,
    type: "line",
    symbolSize: 6,
    color: COLORS[at],
    data: rows
      .filter((row) => row.promotions === promotions)
      .map((row) => [row.lines, Number((row[field] / 1_000).toPrecision(3))]),
  }));
  const frame = { name: "one frame", type: "line", symbol: "none", color: "#6b7280" };
  const dashed = { ...frame, lineStyle: { type: "dashed" }, data: LINES.map((lines) => [lines, FRAME_MS]) };
  chart.setOption({
    animation: false,
    backgroundColor: "#ffffff",
    title: { text: title, left: 12, top: 8, textStyle: { fontSize: 15 } },
    legend: { bottom: 6 },
    grid: { left: 64, right: 28, top: 48, bottom: 72 },
    xAxis: { type: "log", name: "lines", nameLocation: "middle", nameGap: 26, min: 1, max: 1_000 },
    yAxis: { type: "log", name: "ms", nameLocation: "end" },
    series: [...series, dashed],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
