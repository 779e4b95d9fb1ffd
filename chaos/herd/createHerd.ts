import type { ChildProcess } from 'node:child_process';
import type { Role } from '../child/childConfig.js';
import type { ChildMessage, Work } from '../child/report.js';
import { type ChildProgramArguments, startChild } from './startChild.js';
import { createTally, type Tally } from './tally.js';

/** A process of the herd. */
export interface Member {
  readonly role: Role;
  readonly process: ChildProcess;
  /** What it is in the middle of. */
  readonly underway: Map<number, Work>;
  /** Whether it has loaded its code and begun. */
  ready: boolean;
  fate: 'alive' | 'killed' | 'dismissed';
}

export interface Herd {
  readonly tally: Tally;
  /** Those that could be killed now. */
  members(): readonly Member[];
  start(role: Role): void;
  /** SIGKILL; another one takes its place unless `replaced` is false. */
  kill(member: Member, options?: { readonly replaced?: boolean }): void;
  /** Whether the publisher has done its work, or has been killed for good. */
  isPublished(): boolean;
  /** Ends all processes; resolves with the number of those that are left after `limitMs`. */
  stop(limitMs: number): Promise<number>;
}

/** Starts processes, replaces those that are killed, and keeps count of what they report. */
export function createHerd(
  program: ChildProgramArguments,
  onMessage: (member: Member, message: ChildMessage) => void,
): Herd {
  const tally = createTally();
  const living = new Set<Member>();
  let published = false;
  let onEmpty = () => {};

  function hear(member: Member, message: ChildMessage): void {
    if (message.event === 'ready') member.ready = true;
    if (message.event === 'published') tally.published += 1;
    if (message.event === 'end') member.underway.delete(message.id);
    if (message.event === 'begin') {
      member.underway.set(message.id, message.work);
      for (const index of message.indices) {
        if (message.work === 'deadLetters') tally.deadLettered.add(index);
        else tally.received.set(index, (tally.received.get(index) ?? 0) + 1);
      }
    }
    onMessage(member, message);
  }

  function start(role: Role): void {
    const member: Member = {
      role,
      underway: new Map(),
      ready: false,
      fate: 'alive',
      process: startChild(role, program, {
        onMessage: (message) => hear(member, message),
        onEnd({ code, signal, said }) {
          living.delete(member);
          if (member.fate === 'killed' && signal === 'SIGKILL') {
            tally.kills[role].total += 1;
            if (member.underway.size > 0) tally.kills[role].inFlight += 1;
          } else if (role === 'publisher' && code === 0) {
            // Also when a kill came a moment too late.
            published = true;
          } else if (member.fate !== 'dismissed') {
            tally.faults.push(`a ${role} ended by itself (${signal ?? code}): ${said.trim()}`);
          }
          if (living.size === 0) onEmpty();
        },
      }),
    };
    living.add(member);
  }

  return {
    tally,
    start,
    members: () => [...living].filter(({ ready, fate }) => ready && fate === 'alive'),
    kill(member, { replaced = true } = {}) {
      if (member.fate !== 'alive') return;
      if (!member.process.kill('SIGKILL')) return;
      member.fate = 'killed';
      if (replaced) start(member.role);
      else if (member.role === 'publisher') published = true;
    },
    isPublished: () => published,
    async stop(limitMs) {
      for (const member of living) {
        if (member.fate === 'alive') member.fate = 'dismissed';
        member.process.kill('SIGKILL');
      }
      if (living.size === 0) return 0;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        onEmpty = resolve;
        timer = setTimeout(resolve, limitMs);
      });
      clearTimeout(timer);
      return living.size;
    },
  };
}
