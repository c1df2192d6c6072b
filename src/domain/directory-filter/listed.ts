import type { Reader } from '../../persistence/unit-of-work.ts';
import type { Columns } from './columns.ts';
import { type Bind, compileAmongValues, compileExceptions, compileFilter } from './compile-filter.ts';
import type { Filter } from './filter.ts';
import type { Sort } from './sort.ts';

/** What is listed: `from` has the table, `id` its uuid column. */
export type Listed = { readonly from: string; readonly id: string; readonly columns: Columns };

/** A filter as SQL. Where `isRepeated`, the rows are values, and an id comes once for each that meets it. */
export type Question = {
  readonly from: string;
  readonly id: string;
  readonly where: string;
  readonly parameters: readonly unknown[];
  readonly isRepeated: boolean;
  /** The condition of all others, where they are fewer and an index has them. */
  readonly exceptions: string | undefined;
};

export function questionOf({ from, id, columns }: Listed, filter: Filter | undefined): Question {
  const { parameters, bind } = binding();
  const where = filter === undefined ? 'true' : compileFilter(filter, columns, bind);
  const exceptions = filter && compileExceptions(filter, columns);
  return { from, id, where, parameters, isRepeated: false, exceptions };
}

/** The same for ids alone: one condition on values with a table of their own is answered there. */
export function questionOfIds(listed: Listed, filter: Filter | undefined): Question {
  const { parameters, bind } = binding();
  const among = filter && compileAmongValues(filter, listed.columns, bind);
  return among === undefined
    ? questionOf(listed, filter)
    : { ...among, parameters, isRepeated: true, exceptions: undefined };
}

function binding(): { readonly parameters: readonly unknown[]; readonly bind: Bind } {
  const parameters: unknown[] = [];
  return { parameters, bind: (value) => `$${parameters.push(value)}` };
}

/** Each id once, with `key` to order by; of values in their own order, which an index has. */
export function rowsOf({ from, id, where, isRepeated }: Question, key: string, isBackwards = false): string {
  return isRepeated
    ? `SELECT DISTINCT ON (${id}) ${id} AS id, ${key} AS key FROM ${from} WHERE ${where} ORDER BY ${id} ${isBackwards ? 'DESC' : 'ASC'}`
    : `SELECT ${id} AS id, ${key} AS key FROM ${from} WHERE ${where}`;
}

export async function countListed(read: Reader, question: Question): Promise<number> {
  const { from, where, parameters, isRepeated, exceptions } = question;
  if (exceptions !== undefined)
    return oneNumber(read, `${countOf(from)} - ${countOf(`${from} WHERE ${exceptions}`)}`, []);
  return oneNumber(
    read,
    countOf(isRepeated ? `(${rowsOf(question, 'NULL')}) found` : `${from} WHERE ${where}`),
    parameters,
  );
}

const countOf = (rows: string): string => `(SELECT count(*)::integer FROM ${rows})`;

async function oneNumber(read: Reader, sql: string, parameters: readonly unknown[]): Promise<number> {
  const [row] = await read.query<{ n: number }>(`SELECT ${sql} AS n`, parameters);
  return row?.n ?? 0;
}

/** RFC 7644 §3.4.2.3: what has no value comes last, or first when descending. Ties by id, so that pages do not overlap. */
export function orderBy(
  by: { readonly id: string; readonly key: string | undefined },
  sort: Sort | undefined,
  isBackwards: boolean,
): string {
  const direction = (sort?.isDescending ?? false) !== isBackwards ? 'DESC' : 'ASC';
  const nulls = direction === 'DESC' ? 'NULLS FIRST' : 'NULLS LAST';
  return `${by.key === undefined ? '' : `${by.key} ${direction} ${nulls}, `}${by.id} ${direction}`;
}
