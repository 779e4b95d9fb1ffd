import { main } from './main.js';

/** `npm run chaos -- [flags]` */
process.exitCode = await main(process.argv.slice(2));
