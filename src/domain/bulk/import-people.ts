import { operatorActor } from '../../kernel/actor.ts';
import { newId } from '../../kernel/ids.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { applyBatch } from './apply-batch.ts';
import { readBatchFacts } from './batch-facts.ts';
import type { ImportKind, ImportOptions, Outcome } from './import-rows.ts';
import { assertMayImport } from './may-import.ts';
import { splitRow } from './person-row.ts';
import { type PlannedRow, planRow } from './plan-row.ts';
import type { SourceRow } from './source-row.ts';

const namesOf = ({ value: { userName, externalId } }: SourceRow): readonly string[] => [
  ...(typeof userName === 'string' ? [`name ${comparisonKey(userName)}`] : []),
  ...(typeof externalId === 'string' ? [`id ${externalId}`] : []),
];

async function importBatch(tx: Tx, rows: readonly SourceRow[], options: ImportOptions): Promise<Outcome> {
  const split = rows.map((row) => ({ row, parts: splitRow(row) }));
  const facts = await readBatchFacts(
    tx,
    split.map(({ parts }) => parts),
  );
  const coming = new Map(
    split.flatMap(({ parts: { attributes, faults } }) =>
      typeof attributes.userName === 'string' && faults.length === 0
        ? [[comparisonKey(attributes.userName), newId(tx.now.getTime())] as const]
        : [],
    ),
  );
  const plans = split.map(({ row, parts }) => planRow(row, parts, { tx, facts, coming }));
  const faults = plans.flatMap((plan) => ('faults' in plan ? plan.faults : []));
  const planned = plans.flatMap((plan): PlannedRow[] => ('planned' in plan ? [plan.planned] : []));
  await assertMayImport(tx, planned, options.permissions);
  const { reactivate } = options.choices;
  const { notices, ...counts } = await applyBatch(tx, planned, { facts, reactivate });
  return {
    counts: { ...counts, refused: rows.length - planned.length },
    faults: [...faults, ...notices].sort((one, other) => one.line - other.line),
  };
}

export const PEOPLE: ImportKind = { content: 'people', actor: operatorActor('users import'), namesOf, importBatch };
