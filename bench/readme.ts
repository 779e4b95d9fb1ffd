import { writePages } from './core/pages.js';

/** `npm run bench:readme`: makes the tables again, as `npm run bench` does at its end. */
await writePages();
