import { startBooksApi } from './startBooksApi.js';

/**
 * What `startApiProcess` runs, with the API's options as JSON: tells the API's address first, then, whenever it is
 * asked, how often it gave each bad answer. It ends with the process that started it, however that ends.
 */
process.once('disconnect', () => process.exit());
const { url, faults } = await startBooksApi(JSON.parse(process.argv[2] ?? ''));
// That process may have ended meanwhile.
if (!process.connected) process.exit();
process.on('message', () => process.send?.(faults));
process.send?.(url);
