import { createHash } from 'node:crypto';
import { invalid } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import type { Bind } from './compile-filter.ts';
import type { Filter } from './filter.ts';
import { findIndexedPage } from './find-indexed-page.ts';
import { countListed, type Listed, orderBy, questionOf, questionOfIds } from './listed.ts';
import { type Sort, sortExpression } from './sort.ts';

export type Listing = {
  readonly filter: Filter | undefined;
  readonly sort: Sort | undefined;
  readonly limit: number;
  /** RFC 7644 §3.4.2.4 (the first is 0 here), or the cursor of RFC 9865: empty for the first page. */
  readonly from: { readonly offset: number } | { readonly cursor: string };
};

export type ListedIds = {
  readonly total: number;
  readonly ids: readonly string[];
  readonly nextCursor: string | undefined;
};

/** The ids of one page, in order, and how many there are in all. */
export async function listIds(read: Reader, listed: Listed, listing: Listing): Promise<ListedIds> {
  const { from } = listing;
  if ('offset' in from)
    return { ...(await findIndexedPage(read, listed, { ...listing, ...from })), nextCursor: undefined };
  const after = placeOf(from.cursor, fingerprint(listing));
  const total = await countListed(read, questionOfIds(listed, listing.filter));
  if (listing.limit === 0 || total === 0) return { total, ids: [], nextCursor: undefined };
  return { total, ...(await byCursor(read, listed, listing, after)) };
}

type Place = { readonly key: unknown; readonly id: string };

async function byCursor(
  read: Reader,
  listed: Listed,
  { filter, sort, limit }: Listing,
  after: Place | undefined,
): Promise<Omit<ListedIds, 'total'>> {
  const { where, parameters: asked } = questionOf(listed, filter);
  const parameters = [...asked];
  const bind: Bind = (value) => `$${parameters.push(value)}`;
  const key = sort === undefined ? undefined : sortExpression(sort, listed.columns);
  const isDescending = sort?.isDescending ?? false;
  const next = after === undefined ? 'true' : beyond(listed.id, key, isDescending, after, bind);
  const rows = await read.query<{ id: string; key: unknown }>(
    `SELECT ${listed.id} AS id, ${key ?? 'NULL'} AS key FROM ${listed.from} WHERE ${where} AND ${next}
     ORDER BY ${orderBy({ id: listed.id, key }, sort, false)} LIMIT ${bind(limit + 1)}`,
    parameters,
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const nextCursor = rows.length > limit && last ? cursorOf(last, fingerprint({ filter, sort })) : undefined;
  return { ids: page.map((row) => row.id), nextCursor };
}

function beyond(id: string, key: string | undefined, isDescending: boolean, after: Place, bind: Bind): string {
  const sign = isDescending ? '<' : '>';
  const later = `${id} ${sign} ${bind(after.id)}`;
  if (key === undefined) return later;
  if (after.key === null) return `(${key} IS NULL AND ${later}${isDescending ? ` OR ${key} IS NOT NULL` : ''})`;
  const place = bind(after.key);
  return `(${key} ${sign} ${place} OR ${key} = ${place} AND ${later}${isDescending ? '' : ` OR ${key} IS NULL`})`;
}

/** A cursor belongs to one question: with another filter or order it would leave people out. */
const fingerprint = ({ filter, sort }: Pick<Listing, 'filter' | 'sort'>): string =>
  createHash('sha256')
    .update(JSON.stringify([filter, sort?.name, sort?.isDescending]))
    .digest('base64url')
    .slice(0, 16);

const cursorOf = ({ key, id }: Place, question: string): string =>
  Buffer.from(JSON.stringify([question, key, id])).toString('base64url');

/** RFC 9865 §2.1: what is no cursor of this list is `invalidCursor`. */
function placeOf(cursor: string, question: string): Place | undefined {
  if (cursor === '') return undefined;
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    parts = undefined;
  }
  const [asked, key, id] = Array.isArray(parts) ? parts : [];
  const isPlain = key === null || typeof key === 'boolean' || (typeof key === 'string' && !key.includes('\u0000'));
  if (asked !== question || typeof id !== 'string' || !isUuid(id) || !isPlain)
    throw invalid('directory-filter.cursor_invalid', {
      detail: 'expected the nextCursor of the page before, with the same filter and order',
    });
  return { key, id };
}
