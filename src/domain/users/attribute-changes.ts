import { isDeepStrictEqual } from 'node:util';
import type { UserAttributes } from './user.ts';

export type AttributeChanges = Readonly<Record<string, { readonly from?: unknown; readonly to?: unknown }>>;

/** What differs between two states of a person, by attribute, in the form audit details have. */
export function attributeChanges(before: Partial<UserAttributes>, after: UserAttributes): AttributeChanges {
  const was = new Map<string, unknown>(Object.entries(before));
  const is = new Map<string, unknown>(Object.entries(after));
  const changes: Record<string, { from?: unknown; to?: unknown }> = {};
  for (const name of new Set([...was.keys(), ...is.keys()])) {
    const [from, to] = [was.get(name), is.get(name)];
    if (isDeepStrictEqual(from, to) || (from === undefined && Array.isArray(to) && to.length === 0)) continue;
    changes[name] = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  }
  return changes;
}
