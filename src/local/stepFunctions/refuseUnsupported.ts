import { invalidArgument } from '../../arguments.js';
import { asObject } from '../asObject.js';
import type { AslObject } from './engine.js';
import { parseResource, servedResources } from './resource.js';
import { allStates, type StateEntry } from './states.js';

/** Fields that the engine would pass over in silence. */
const ignoredFields = [
  'Assign',
  'Arguments',
  'Output',
  'Condition',
  'Credentials',
  'ItemReader',
  'ItemBatcher',
  'ResultWriter',
  'ToleratedFailureCount',
  'ToleratedFailureCountPath',
  'ToleratedFailurePercentage',
  'ToleratedFailurePercentagePath',
];

function refuseState({ name, state }: StateEntry): void {
  const field = `definition.States.${name}`;
  const ignored = ignoredFields.find((key) => key in state);
  if (ignored !== undefined)
    throw invalidArgument(field, `no ${ignored}: the local engine does not know it`, state);
  const mode = asObject(asObject(state.ItemProcessor).ProcessorConfig).Mode;
  if (mode !== undefined && mode !== 'INLINE') throw invalidArgument(field, 'an inline Map', mode);
  if (state.Type === 'Task' && parseResource(state.Resource) === undefined) {
    const expected = `a Lambda function's ARN or arn:aws:states::: with one of ${servedResources.join(', ')}`;
    throw invalidArgument(`${field}.Resource`, expected, state.Resource);
  }
}

/**
 * Refuses what the local engine cannot run as AWS does, instead of running something else: JSONata and variables,
 * distributed Maps, resources that are not served, and names used twice.
 *
 * @throws FanfoldError `InvalidArgument` naming the state.
 */
export function refuseUnsupported(machine: AslObject): void {
  const states = allStates(machine);
  const languages = [machine, ...states.map(({ state }) => state)].map(
    (part) => part.QueryLanguage ?? 'JSONPath',
  );
  const other = languages.find((language) => language !== 'JSONPath');
  if (other !== undefined) throw invalidArgument('definition.QueryLanguage', 'JSONPath', other);
  const names = new Set<string>();
  for (const entry of states) {
    if (names.has(entry.name))
      throw invalidArgument('definition', 'state names that are used once', entry.name);
    names.add(entry.name);
    refuseState(entry);
  }
}
