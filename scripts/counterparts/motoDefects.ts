/**
 * What moto does otherwise than AWS, where tests would stumble over it now and then. The rest of its defects is left out
 * of the suites, and said there.
 */

/**
 * moto answers each call in a thread of its own and locks nothing: two conditional writes at once can both succeed, an
 * `ADD` can undo another one, a message that is sent while another is deleted is lost. So these calls go one by one. A
 * receive can wait for long, and takes nothing away.
 */
export const isDoneAlone = (target: string): boolean =>
  /^(DynamoDB_|AmazonSQS\.(?!ReceiveMessage))/.test(target);

/**
 * moto forgets an answer that comes before it has begun to wait for heartbeats: an orchestrator that is quick would
 * leave its state waiting until they are overdue. A state that expects none sees every answer.
 */
export function withoutHeartbeats(target: string, body: Buffer): Buffer {
  if (target !== 'AWSStepFunctions.CreateStateMachine') return body;
  const { definition, ...request } = JSON.parse(body.toString()) as { definition: string };
  const parsed: unknown = JSON.parse(definition, (key, value) =>
    key === 'HeartbeatSeconds' ? undefined : value,
  );
  return Buffer.from(JSON.stringify({ ...request, definition: JSON.stringify(parsed) }));
}
