import type { Tx } from '../../persistence/unit-of-work.ts';
import type { Standing } from './standing.ts';

/** First and last day of someone. The lifecycle room ends access where the days put them out. */
export async function setPeriod(
  tx: Tx,
  { id, from, to }: { readonly id: string; readonly from: Standing; readonly to: Standing },
): Promise<void> {
  await tx.query(
    'UPDATE users SET starts_at = $2, ends_at = $3, version = version + 1, updated_at = $4 WHERE id = $1',
    [id, to.startsAt ?? null, to.endsAt ?? null, tx.now],
  );
  const changed = { ...change('startsAt', from, to), ...change('endsAt', from, to) };
  tx.record({ type: 'users.updated', target: { type: 'user', id }, details: { changed } });
  tx.announce({ topic: 'users', key: id });
  tx.announce({ topic: 'access', key: `user:${id}` });
}

function change(name: 'startsAt' | 'endsAt', before: Standing, after: Standing): object {
  const [from, to] = [before[name]?.toISOString(), after[name]?.toISOString()];
  if (from === to) return {};
  return { [name]: { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) } };
}
