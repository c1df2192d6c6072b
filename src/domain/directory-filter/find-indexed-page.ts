import type { Reader } from '../../persistence/unit-of-work.ts';
import type { Filter } from './filter.ts';
import { countListed, type Listed, orderBy, type Question, questionOf, questionOfIds, rowsOf } from './listed.ts';
import { type Sort, sortExpression } from './sort.ts';

type Asked = {
  readonly filter: Filter | undefined;
  readonly sort: Sort | undefined;
  readonly limit: number;
  readonly offset: number;
};

type Page = { readonly total: number; readonly ids: readonly string[] };

/** So many ids are found, counted and ordered at once within the memory of one statement. */
const FEW = 60_000;

/** So many rows are read in the order of ids in a few milliseconds. */
const STRETCH = 20_000;

/** What the statements of one page have in common. */
type Search = {
  readonly question: Question;
  readonly isFiltered: boolean;
  readonly sort: Sort | undefined;
  readonly key: string | undefined;
};

/** RFC 7644 §3.4.2.4: the ids from an index on, and how many there are in all. The last page costs what the first one does. */
export async function findIndexedPage(read: Reader, listed: Listed, { filter, sort, ...asked }: Asked): Promise<Page> {
  const question = sort === undefined ? questionOfIds(listed, filter) : questionOf(listed, filter);
  const key = sort && sortExpression(sort, listed.columns);
  const search = { question, isFiltered: filter !== undefined, sort, key };
  if (search.isFiltered && asked.limit > 0) {
    const head = await headOf(read, question, asked);
    if (isWholePage(head, search, asked)) return { total: await countListed(read, question), ids: head.ids };
    if (!isFoundEarly(head, search, asked)) {
      const few = await amongFew(read, search, asked);
      if (few.total <= FEW) return few;
    }
  }
  const total = await countListed(read, question);
  const size = Math.min(asked.limit, total - asked.offset);
  if (size <= 0) return { total, ids: [] };
  // What lies nearer to the end is read from there.
  const isBackwards = asked.offset > total / 2;
  const part = { size, skip: isBackwards ? total - asked.offset - size : asked.offset, isBackwards };
  const ids = (await onStretch(read, search, part)) ?? (await amongMany(read, search, part));
  return { total, ids: isBackwards ? ids.toReversed() : ids };
}

const HEAD = 2_000;

type Place = Pick<Asked, 'limit' | 'offset'>;

/**
 * Of the first rows in the order of ids, how many meet it, and which of them are on the page; and about how many rows there are in all,
 * below zero where PostgreSQL never looked.
 */
type Head = { readonly met: number; readonly ids: readonly string[]; readonly rows: number };

async function headOf(
  read: Reader,
  { from, id, where, parameters }: Question,
  { limit, offset }: Place,
): Promise<Head> {
  const place = parameters.length;
  const [head] = await read.query<Head>(
    `WITH head AS MATERIALIZED (
       SELECT id FROM (SELECT ${id} AS id, ${where} AS is_met FROM ${from} ORDER BY ${id} LIMIT ${HEAD}) first WHERE is_met
     )
     SELECT (SELECT count(*)::integer FROM head) AS met,
       ARRAY(SELECT id FROM head ORDER BY id LIMIT $${place + 1} OFFSET $${place + 2}) AS ids,
       (SELECT reltuples::integer FROM pg_class WHERE oid = '${tableOf(from)}'::regclass) AS rows`,
    [...parameters, limit, offset],
  );
  return head ?? { met: 0, ids: [], rows: 0 };
}

/** Of `users u`, `users`. */
const tableOf = (from: string): string => from.split(' ', 1)[0] ?? '';

/** Of repeated rows an id may come twice, and another order begins elsewhere. */
const isWholePage = ({ ids }: Head, { question, sort }: Search, { limit }: Place): boolean =>
  ids.length === limit && sort === undefined && !question.isRepeated;

/**
 * Whether it is better to count them by themselves, from an index, and to read the page from one end: where most meet it, and where
 * the first rows promise the page within a stretch of either end.
 */
function isFoundEarly({ met, rows }: Head, { question, sort }: Search, { limit, offset }: Place): boolean {
  if (met > HEAD / 4) return true;
  if (question.isRepeated || sort !== undefined) return false;
  const density = met / HEAD;
  const fromNearerEnd = Math.min(offset + limit, Math.max(limit, density * rows - offset));
  return fromNearerEnd < (density * STRETCH) / 2;
}

/** All of them are found, once for the count and the page; when there are too many, the page means nothing. */
async function amongFew(read: Reader, search: Search, { limit, offset }: Place): Promise<Page> {
  const { question, sort, key } = search;
  const place = question.parameters.length;
  const [page] = await read.query<Page>(
    `WITH found AS MATERIALIZED (${rowsOf(question, key ?? 'NULL')} LIMIT ${FEW + 1})
     SELECT (SELECT count(*)::integer FROM found) AS total,
       ARRAY(SELECT id FROM found ORDER BY ${orderBy({ id: 'id', key: key && 'key' }, sort, false)}
         LIMIT $${place + 1} OFFSET $${place + 2}) AS ids`,
    [...question.parameters, limit, offset],
  );
  return page ?? { total: 0, ids: [] };
}

type Part = { readonly size: number; readonly skip: number; readonly isBackwards: boolean };

/** Many mostly begin early in the order of ids: that much is read and no more. Undefined when they do not. */
async function onStretch(
  read: Reader,
  { question, isFiltered, sort }: Search,
  { size, skip, isBackwards }: Part,
): Promise<readonly string[] | undefined> {
  const { from, id, where, parameters, isRepeated } = question;
  if (!isFiltered || isRepeated || sort !== undefined || skip + size > STRETCH) return undefined;
  const order = (by: string) => orderBy({ id: by, key: undefined }, undefined, isBackwards);
  const rows = await read.query<{ id: string }>(
    `SELECT id FROM (SELECT ${id} AS id, ${where} AS is_met FROM ${from} ORDER BY ${order(id)} LIMIT ${STRETCH}) stretch
     WHERE is_met ORDER BY ${order('id')} LIMIT $${parameters.length + 1} OFFSET $${parameters.length + 2}`,
    [...parameters, size, skip],
  );
  return rows.length === size ? rows.map((row) => row.id) : undefined;
}

async function amongMany(
  read: Reader,
  { question, isFiltered, sort, key }: Search,
  { size, skip, isBackwards }: Part,
): Promise<readonly string[]> {
  const { parameters, isRepeated } = question;
  // OFFSET 0 keeps PostgreSQL from going through everybody in the order asked for, hoping to meet them early.
  const fence = isFiltered && !isRepeated && sort === undefined ? ' OFFSET 0' : '';
  const rows = await read.query<{ id: string }>(
    `SELECT id FROM (${rowsOf(question, key ?? 'NULL', isBackwards)}${fence}) found
     ORDER BY ${orderBy({ id: 'id', key: key && 'key' }, sort, isBackwards)}
     LIMIT $${parameters.length + 1} OFFSET $${parameters.length + 2}`,
    [...parameters, size, skip],
  );
  return rows.map(({ id }) => id);
}
