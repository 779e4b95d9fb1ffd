import { createRequire } from 'node:module';
import { getLanguageService, TextDocument } from 'amazon-states-language-service';
import type { AslObject } from '../src/local/index.js';
import { allStates } from '../src/local/stepFunctions/states.js';

/** It has no types. */
const aslValidator: (
  definition: AslObject,
  options: { readonly checkPaths: boolean; readonly checkArn: boolean },
) => { readonly isValid: boolean; errorsText(separator: string): string } = createRequire(import.meta.url)(
  'asl-validator',
);

/** What neither validator looks at: a task that waits for a token must hand it out, and must not wait for ever. */
function tokenMistakes(definition: AslObject): string[] {
  return allStates(definition).flatMap(({ name, state }) => {
    if (!String(state.Resource).endsWith('.waitForTaskToken')) return [];
    const { TimeoutSeconds, HeartbeatSeconds, Parameters } = state;
    const bounded = Number(HeartbeatSeconds) < Number(TimeoutSeconds);
    const handsOut = JSON.stringify(Parameters ?? '').includes('$$.Task.Token');
    return [
      ...(bounded ? [] : [`${name}: no HeartbeatSeconds below its TimeoutSeconds`]),
      ...(handsOut ? [] : [`${name}: nobody is given $$.Task.Token`]),
    ];
  });
}

/** What two independent validators, and we, find wrong with a state machine; nothing, for a good one. */
export async function validateStateMachine(definition: AslObject): Promise<string[]> {
  const { isValid, errorsText } = aslValidator(definition, { checkPaths: true, checkArn: true });
  const service = getLanguageService({});
  const document = TextDocument.create(
    'file:///state-machine.asl.json',
    'asl',
    1,
    JSON.stringify(definition),
  );
  const diagnostics = await service.doValidation(document, service.parseJSONDocument(document));
  return [
    ...(isValid ? [] : [`asl-validator: ${errorsText('\n')}`]),
    ...diagnostics.map(({ message }) => `amazon-states-language-service: ${message}`),
    ...tokenMistakes(definition),
  ];
}
