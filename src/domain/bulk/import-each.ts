import type { z } from 'zod';
import { faultsOf } from '../../kernel/input.ts';
import type { Counts } from './apply-batch.ts';
import { NOTHING } from './bulk-import.ts';
import type { Outcome } from './import-rows.ts';
import { faultAt, type RowFault, type SourceRow } from './source-row.ts';

/** What became of a row, or why it was refused: then nothing was done. */
export type RowOutcome = 'created' | 'updated' | 'unchanged' | readonly RowFault[];

export type ParsedRow<Row> = { readonly row: SourceRow; readonly said: Row };

/** Rows that are as the schema asks are brought about one after another; the others are refused. */
export async function importEach<Row>(
  rows: readonly SourceRow[],
  schema: z.ZodType<Row>,
  begin: (good: readonly Row[]) => Promise<(one: ParsedRow<Row>) => Promise<RowOutcome>>,
): Promise<Outcome> {
  const parsed = rows.map((row) => ({ row, result: schema.safeParse(row.value) }));
  const bringAbout = await begin(parsed.flatMap(({ result }) => (result.success ? [result.data] : [])));
  const counts: Record<keyof Counts, number> = { ...NOTHING };
  const faults: RowFault[] = [];
  for (const { row, result } of parsed) {
    const wrong = result.success ? [] : result.error.issues.flatMap((issue) => faultsOf(issue));
    const found = [...row.faults, ...wrong.map((fault) => faultAt(row, fault))];
    const outcome = result.success && found.length === 0 ? await bringAbout({ row, said: result.data }) : found;
    if (typeof outcome === 'string') counts[outcome] += 1;
    else {
      counts.refused += 1;
      faults.push(...outcome);
    }
  }
  return { counts, faults };
}

type Kind = { readonly list: string; readonly noun: 'user' | 'group' | 'client' };

/** The names in a list of the row that are nobody's. */
export const unknownNames = (
  names: readonly string[],
  idOf: (name: string) => string | undefined,
  { list, noun }: Kind,
) =>
  names.flatMap((name, place) =>
    idOf(name) === undefined
      ? [{ pointer: `/${list}/${place}`, code: `imports.${noun}_unknown`, detail: `there is no such ${noun}` }]
      : [],
  );
