import { createWorker } from 'fanfold';
import { book, handleOnce, readPages } from './book.js';

await handleOnce(createWorker({ input: book, process: readPages }));
