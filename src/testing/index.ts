export { type LambdaContextOptions, lambdaContext } from './lambdaContext.js';
export { type SqsEventOptions, sqsEvent, type TestMessage } from './sqsEvent.js';
