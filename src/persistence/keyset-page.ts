import { invalid } from '../kernel/errors.ts';

/** One page of a list that is ordered by an id; `nextCursor` is absent on the last page. */
export type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | undefined };
export type PageRequest = { readonly cursor: string | undefined; readonly limit: number };

export const DEFAULT_PAGE_SIZE = 50;
export const LARGEST_PAGE_SIZE = 200;

/** A cursor is the last id seen, made opaque so that nobody builds on its content. */
export const encodeCursor = (lastId: string): string => Buffer.from(lastId, 'utf8').toString('base64url');

export function decodeCursor(cursor: string, isId: (text: string) => boolean): string {
  const id = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!isId(id) || encodeCursor(id) !== cursor) {
    throw invalid('request.cursor_invalid', {
      faults: [{ parameter: 'cursor', detail: 'expected the nextCursor of an earlier answer' }],
    });
  }
  return id;
}

/** What is asked for, as a WHERE clause: each name is a condition that lacks only its value; undefined asks for nothing. */
export function whereAll(asked: Readonly<Record<string, unknown>>): { where: string; parameters: unknown[] } {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined);
  const conditions = given.map(([condition], index) => `${condition} $${index + 1}`);
  return {
    where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`,
    parameters: given.map(([, value]) => value),
  };
}

/** `rows` holds one more than the page when there is another page. */
export function toPage<Item>(rows: readonly Item[], limit: number, idOf: (item: Item) => string): Page<Item> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(idOf(last)) : undefined };
}
