import { parse } from './compile.ts';

/** How a place is filled: as it is, as a number, as a moment, or by choosing a branch. */
export type PlaceKind = 'plain' | 'number' | 'moment' | 'choice';

/** As the parser numbers what an argument is: plain, number, date, time, select, plural. */
const kinds: ReadonlyMap<unknown, PlaceKind> = new Map([
  [1, 'plain'],
  [2, 'number'],
  [3, 'moment'],
  [4, 'moment'],
  [5, 'choice'],
  [6, 'number'],
]);

/** All places of a message, those inside branches too, and how each is filled. Throws a SyntaxError when it is not ICU. */
export function placesOf(message: string, tag = 'en'): ReadonlyMap<string, ReadonlySet<PlaceKind>> {
  const places = new Map<string, Set<PlaceKind>>();
  JSON.stringify(parse(message, tag).getAst(), (key, value: unknown) => {
    if (typeof value === 'object' && value !== null && 'type' in value && 'value' in value) {
      const kind = kinds.get(value.type);
      const name = String(value.value);
      if (kind !== undefined) places.set(name, (places.get(name) ?? new Set()).add(kind));
    }
    return key === 'location' ? undefined : value;
  });
  return places;
}
