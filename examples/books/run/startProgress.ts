import cliProgress from 'cli-progress';

/** How far the job is. */
export interface Progress {
  readonly settled: number;
  readonly inFlight: number;
  readonly failed: number;
}

const LINE_EVERY_MS = 1_000;
const BAR_EVERY_MS = 100;
const FORMAT =
  '{bar} {value}/{total} settled | {inFlight} in flight | {failed} failed | {rate}/s | ETA {eta_formatted}';

function startBar(total: number, read: () => Progress, stream: NodeJS.WriteStream, rate: () => number) {
  const bar = new cliProgress.SingleBar(
    { format: FORMAT, stream, hideCursor: true, etaBuffer: 100 },
    cliProgress.Presets.shades_classic,
  );
  const payload = ({ inFlight, failed }: Progress) => ({ inFlight, failed, rate: rate() });
  bar.start(total, 0, payload(read()));
  const timer = setInterval(() => {
    const progress = read();
    bar.update(progress.settled, payload(progress));
  }, BAR_EVERY_MS);
  return () => {
    clearInterval(timer);
    bar.update(read().settled, payload(read()));
    bar.stop();
  };
}

function startLines(total: number, read: () => Progress, stream: NodeJS.WritableStream, rate: () => number) {
  const write = () => {
    const { settled, inFlight, failed } = read();
    const perSecond = rate();
    const eta = perSecond === 0 ? '?' : `${Math.ceil((total - settled) / perSecond)} s`;
    const counts = `${settled}/${total} settled, ${inFlight} in flight, ${failed} failed`;
    stream.write(`${counts}, ${perSecond}/s, ETA ${eta}\n`);
  };
  const timer = setInterval(write, LINE_EVERY_MS);
  return () => {
    clearInterval(timer);
    write();
  };
}

/** Shows the progress on a terminal as a bar, elsewhere as a line a second; answers how to end it. */
export function startProgress(total: number, read: () => Progress, stream: NodeJS.WriteStream): () => void {
  const startedAt = Date.now();
  const rate = () => Math.round(read().settled / Math.max(0.001, (Date.now() - startedAt) / 1_000));
  return (stream.isTTY ? startBar : startLines)(total, read, stream, rate);
}
