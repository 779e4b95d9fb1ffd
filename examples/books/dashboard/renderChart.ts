import { type EChartsOption, init } from 'echarts';

/** How big a chart is drawn, in CSS pixels; the page scales it to its column. */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/** Draws a chart as one SVG element that needs no script, no style sheet and no request. */
export function renderChart(option: EChartsOption, { width, height }: ChartSize): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily: 'system-ui, sans-serif' }, ...option });
    return chart.renderToSVGString({ useViewBox: true });
  } finally {
    chart.dispose();
  }
}
