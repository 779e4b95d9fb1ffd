import type { EChartsOption } from 'echarts';

/** How many items were in flight, and how many were settled, at one moment of the job. */
export interface TimelinePoint {
  /** Since the first message was published, in ms. */
  readonly atMs: number;
  readonly inFlight: number;
  readonly settled: number;
}

export interface Timeline {
  readonly points: readonly TimelinePoint[];
  /** The most at once: between two points there may have been more. */
  readonly peak: number;
  readonly expected: number;
  readonly capacity: number;
}

/** The job over time: one area for what is in flight, one line for what is settled. */
export function timelineChart({ points, peak, expected, capacity }: Timeline): EChartsOption {
  const series = (name: string, value: (point: TimelinePoint) => number) => ({
    name,
    type: 'line' as const,
    showSymbol: false,
    data: points.map((point) => [point.atMs / 1_000, value(point)]),
  });
  return {
    backgroundColor: '#ffffff',
    color: ['#2f6fb2', '#5b8c5a'],
    title: {
      text: `Items in flight: ${peak} at the peak, of ${capacity} possible; ${expected} items`,
      left: 16,
      top: 10,
      textStyle: { fontSize: 16, color: '#24292f' },
    },
    legend: {
      data: ['in flight', 'settled'],
      right: 24,
      top: 12,
      itemGap: 28,
      icon: 'roundRect',
      textStyle: { padding: [0, 10, 0, 0] },
    },
    grid: { left: 24, right: 40, top: 72, bottom: 40, containLabel: true },
    xAxis: {
      type: 'value',
      name: 'seconds',
      nameLocation: 'middle',
      nameGap: 28,
      min: 0,
      splitLine: { show: false },
    },
    yAxis: { type: 'value', name: 'items', min: 0 },
    series: [
      { ...series('in flight', ({ inFlight }) => inFlight), areaStyle: { opacity: 0.25 }, step: 'end' },
      series('settled', ({ settled }) => settled),
    ],
  };
}
