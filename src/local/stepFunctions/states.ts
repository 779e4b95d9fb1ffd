import { asObject } from '../asObject.js';
import type { AslObject } from './engine.js';

/** One state, and where it stands. */
export interface StateEntry {
  readonly name: string;
  readonly state: AslObject;
  /** The Map and Parallel states around it, the outermost first. */
  readonly within: readonly string[];
}

/** The state machines inside a Map or a Parallel state. */
export function innerMachines(state: AslObject): readonly AslObject[] {
  if (state.Type === 'Parallel') return Array.isArray(state.Branches) ? state.Branches.map(asObject) : [];
  return state.Type === 'Map' ? [asObject(state.ItemProcessor ?? state.Iterator)] : [];
}

/** Every state of a state machine, however deep. */
export function allStates(machine: AslObject, within: readonly string[] = []): readonly StateEntry[] {
  return Object.entries(asObject(machine.States)).flatMap(([name, value]) => {
    const state = asObject(value);
    const inner = innerMachines(state).flatMap((part) => allStates(part, [...within, name]));
    return [{ name, state, within }, ...inner];
  });
}
