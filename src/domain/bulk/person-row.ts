import { z } from 'zod';
import { inspectPasswordHash } from '../credentials/password-hash-format.ts';
import { faultAt, type RowFault, type SourceRow } from './source-row.ts';

const names = z.array(z.string().min(1).max(256)).max(500);

/** What a row says beside attributes of the person. */
const beside = z.strictObject({
  groups: z.exactOptional(names),
  roles: z.exactOptional(names),
  passwordHash: z.exactOptional(z.string().max(1024)),
});

export type Beside = z.output<typeof beside>;

export type SplitRow = {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly beside: Beside;
  readonly faults: readonly RowFault[];
};

export function splitRow(row: SourceRow): SplitRow {
  const { groups, roles, passwordHash, ...attributes } = row.value;
  const said = Object.entries({ groups, roles, passwordHash }).filter(([, value]) => value !== undefined);
  const parsed = beside.safeParse(Object.fromEntries(said));
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, code, message }) =>
      faultAt(row, { pointer: path.map((step) => `/${String(step)}`).join(''), code, detail: message }),
    );
    return { attributes, beside: {}, faults: [...row.faults, ...faults] };
  }
  const inspection = parsed.data.passwordHash === undefined ? undefined : inspectPasswordHash(parsed.data.passwordHash);
  if (inspection === undefined || inspection.acceptable) return { attributes, beside: parsed.data, faults: row.faults };
  const { code, detail } = inspection;
  return {
    attributes,
    beside: parsed.data,
    faults: [...row.faults, faultAt(row, { pointer: '/passwordHash', code, detail })],
  };
}
