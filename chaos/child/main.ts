import type { ChildConfig, Role } from './childConfig.js';
import { publish } from './publish.js';
import { createUnderway, report, type Underway } from './report.js';
import { settleDeadLetters } from './settleDeadLetters.js';
import { sweep } from './sweep.js';
import { work } from './work.js';

const roles: Readonly<Record<Role, (config: ChildConfig, underway: Underway) => Promise<void>>> = {
  publisher: publish,
  worker: work,
  deadLetterWorker: settleDeadLetters,
  sweeper: sweep,
};

// The parent decides about Ctrl-C; and when the parent is gone, so is the job.
process.on('SIGINT', () => {});
process.once('disconnect', () => process.exit(0));

const isRole = (text: string): text is Role => Object.hasOwn(roles, text);

const [role = '', config = ''] = process.argv.slice(2);
if (!isRole(role)) throw new Error(`expected a role of the herd, got ${JSON.stringify(role)}`);
await report({ event: 'ready' });
await roles[role](JSON.parse(config) as ChildConfig, createUnderway());
process.disconnect();
