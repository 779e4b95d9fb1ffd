import { expectInteger, expectNumber, invalidArgument } from '../arguments.js';
import { random } from './random.js';
import type { LocalService } from './wire.js';

/**
 * What can go wrong with a call: `throttle` (refused by the service) · `resetBefore` (never arrived) · `resetAfter`
 * (applied, the reply lost) · `killBefore` and `killAfter` (the invocation dies, without or with the call applied).
 */
export const callFaults = ['throttle', 'resetBefore', 'resetAfter', 'killBefore', 'killAfter'] as const;
export type CallFault = (typeof callFaults)[number];

/** `duplicate`: a batch is delivered once more · `latency`: a call was delayed. */
export type FaultName = CallFault | 'duplicate' | 'latency';

/** How often what goes wrong. Rates are from 0 to 1; the same seed and order of calls give the same faults. */
export interface FaultOptions {
  /** @default 1 */
  readonly seed?: number;
  /** Of the calls. @default 0 */
  readonly throttleRate?: number;
  /** Of the calls. @default 0 */
  readonly resetBeforeRate?: number;
  /** Of the calls. @default 0 */
  readonly resetAfterRate?: number;
  /** Of the calls that a queue's batch or an asynchronous event makes; half of them die before it, half after it. @default 0 */
  readonly killRate?: number;
  /** How often `killRate` may strike the same message: keep it below the queue's `maxReceiveCount`. @default 1 */
  readonly maxKillsPerMessage?: number;
  /** Of the batches of a standard queue (half come at once, half after the first delivery has ended), and of events to a rule. @default 0 */
  readonly duplicateRate?: number;
  /** How long each call takes longer, in ms. @default 0 */
  readonly latencyMs?: number | { readonly min: number; readonly max: number };
}

/** Faults to come, and those that were. */
export interface Faults {
  /** What really happened so far, by name. */
  readonly counts: Readonly<Record<FaultName, number>>;
  /**
   * Strikes the next call of an operation; called again, the one after it. A `duplicate` strikes the next batch that
   * is delivered (`'sqs', 'ReceiveMessage'`) or the next event to a rule (`'events', 'PutEvents'`), a kill the next such call that an invocation makes.
   */
  next(service: LocalService, operation: string, fault: CallFault | 'duplicate'): void;
}

/** What the wire and the event source mapping ask. */
export interface FaultPlan extends Faults {
  /** The fate of one call; `deliveryIds` only for a call from within an invocation. */
  onCall(
    service: LocalService,
    operation: string,
    deliveryIds: readonly string[] | undefined,
  ): CallFault | undefined;
  latencyMs(): number;
  onDelivery(of?: 'sqs.ReceiveMessage' | 'events.PutEvents'): 'once' | 'twiceAtOnce' | 'againAfterwards';
  happened(fault: FaultName): void;
}

/** Decides what goes wrong; does none of it. */
export function createFaultPlan(options: FaultOptions = {}): FaultPlan {
  const { seed = 1, throttleRate = 0, resetBeforeRate = 0, resetAfterRate = 0, killRate = 0 } = options;
  const { duplicateRate = 0, maxKillsPerMessage = 1, latencyMs = 0 } = options;
  const { min, max } = typeof latencyMs === 'number' ? { min: latencyMs, max: latencyMs } : latencyMs;
  expectInteger('faults.seed', seed, Number.MIN_SAFE_INTEGER);
  const rates = { throttleRate, resetBeforeRate, resetAfterRate, killRate, duplicateRate };
  for (const [name, rate] of Object.entries(rates)) expectNumber(`faults.${name}`, rate, 0, 1);
  const sum = throttleRate + resetBeforeRate + resetAfterRate + killRate;
  if (sum > 1) throw invalidArgument('faults', 'rates of calls that add up to at most 1', sum);
  expectInteger('faults.maxKillsPerMessage', maxKillsPerMessage, 0);
  expectNumber('faults.latencyMs', min, 0);
  expectNumber('faults.latencyMs', max, min);

  const counts: Record<FaultName, number> = {
    throttle: 0,
    resetBefore: 0,
    resetAfter: 0,
    killBefore: 0,
    killAfter: 0,
    duplicate: 0,
    latency: 0,
  };
  const scripted = new Map<string, (CallFault | 'duplicate')[]>();
  const kills = new Map<string, number>();
  const drawn = { call: 0, delivery: 0, latency: 0 };
  const draw = (stream: keyof typeof drawn) => random(seed, stream, drawn[stream]++);
  const mayDie = (ids: readonly string[] | undefined): ids is readonly string[] =>
    ids !== undefined && ids.length > 0 && ids.every((id) => (kills.get(id) ?? 0) < maxKillsPerMessage);

  function drawCall(deliveryIds: readonly string[] | undefined): CallFault | undefined {
    if (sum === 0) return undefined;
    let left = draw('call');
    for (const [fault, rate] of [
      ['throttle', throttleRate],
      ['resetBefore', resetBeforeRate],
      ['resetAfter', resetAfterRate],
      ['killBefore', killRate / 2],
      ['killAfter', killRate / 2],
    ] as const) {
      if (left < rate) return fault.startsWith('kill') && !mayDie(deliveryIds) ? undefined : fault;
      left -= rate;
    }
    return undefined;
  }

  return {
    counts,
    next(service, operation, fault) {
      const key = `${service}.${operation}`;
      scripted.set(key, [...(scripted.get(key) ?? []), fault]);
    },
    onCall(service, operation, deliveryIds) {
      const script = scripted.get(`${service}.${operation}`);
      const [first] = script ?? [];
      const fits =
        first !== undefined &&
        first !== 'duplicate' &&
        (!first.startsWith('kill') || deliveryIds !== undefined);
      if (fits) script?.shift();
      const fault = fits ? first : drawCall(deliveryIds);
      if (fault?.startsWith('kill')) {
        for (const id of deliveryIds ?? []) kills.set(id, (kills.get(id) ?? 0) + 1);
      }
      return fault;
    },
    latencyMs: () => (max === 0 ? 0 : min + (max - min) * draw('latency')),
    onDelivery(of = 'sqs.ReceiveMessage') {
      const script = scripted.get(of);
      if (script?.[0] === 'duplicate') {
        script.shift();
        return 'twiceAtOnce';
      }
      const left = duplicateRate === 0 ? 1 : draw('delivery');
      if (left >= duplicateRate) return 'once';
      return left < duplicateRate / 2 ? 'twiceAtOnce' : 'againAfterwards';
    },
    happened(fault) {
      counts[fault] += 1;
    },
  };
}
