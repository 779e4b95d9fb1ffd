import type { CallLabel } from 'fanfold/local';

/** What the fan-in's writes are for, told by their keys: a node of the counting tree, or a stored result. */
export const unitsLabel: CallLabel = (operation, { Key, Item }) => {
  const key = (Key ?? Item) as { pk?: { S?: string } } | undefined;
  const pk = key?.pk?.S ?? '';
  if (operation === 'UpdateItem' && pk.includes('#node#')) return 'settle';
  return operation === 'PutItem' && pk.includes('#result#') ? 'result' : undefined;
};
