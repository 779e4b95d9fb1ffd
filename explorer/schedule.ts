/** One order of events, as words. */
export interface Schedule {
  readonly subject: string;
  readonly mutant: string | undefined;
  readonly tokens: readonly string[];
}

/** `subject: words`, or `mutant@subject: words` */
export function formatSchedule({ subject, mutant, tokens }: Schedule): string {
  return `${mutant === undefined ? '' : `${mutant}@`}${subject}: ${tokens.join(' ')}`;
}

export function parseSchedule(text: string): Schedule | undefined {
  const match = /^(?:([\w-]+)@)?([\w-]+):\s*(.*)$/.exec(text.trim());
  if (match === null) return undefined;
  const [, mutant, subject = '', words = ''] = match;
  return { subject, mutant, tokens: words.split(/\s+/).filter((word) => word !== '') };
}
