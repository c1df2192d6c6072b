import type pg from 'pg';
import type { KeyEncryptionKey } from '../../kernel/crypto/key-encryption-key.ts';
import { type AuditRow, auditColumns } from '../../persistence/audit-rows.ts';
import { Batch } from './batch.ts';
import { type RecordPayload, recordId } from './provider-record.ts';
import { storedPayload } from './record-payload.ts';
import { redeem } from './redeem-statement.ts';

/** A token of a person, under an id that was never given before. */
export type IssuedRecord = {
  readonly model: 'AccessToken' | 'RefreshToken';
  /** The raw token. */
  readonly id: string;
  readonly payload: RecordPayload & {
    readonly accountId: string;
    readonly clientId: string;
    readonly grantId: string;
    readonly expiresWithSession?: boolean | undefined;
    readonly sessionUid?: string | undefined;
  };
  readonly expiresAt: Date;
};

export type Redemption = {
  readonly source: {
    readonly model: 'AuthorizationCode' | 'RefreshToken';
    readonly id: string;
    /** Sealed; kept with a used refresh token for its grace. */
    readonly successor?: Buffer | undefined;
  };
  readonly issued: readonly IssuedRecord[];
  readonly audit: AuditRow;
};

/** True when the source was unused until now: then everything is written. False: somebody was faster, and nothing is. */
export type RedeemOnce = {
  readonly run: (redemption: Redemption) => Promise<boolean>;
  readonly idle: () => Promise<void>;
};

export function createRedeemOnce(pool: Pick<pg.Pool, 'query'>, envelopeKey: KeyEncryptionKey): RedeemOnce {
  const batch = new Batch<Redemption, boolean>((all) => redeemAll(pool, envelopeKey, all));
  return { run: (redemption) => batch.run(redemption), idle: () => batch.idle() };
}

type Hashed = { readonly redemption: Redemption; readonly hash: Buffer };

async function redeemAll(
  pool: Pick<pg.Pool, 'query'>,
  envelopeKey: KeyEncryptionKey,
  all: readonly Redemption[],
): Promise<boolean[]> {
  const first = new Map<string, Hashed>();
  for (const redemption of all) {
    const { model, id } = redemption.source;
    const key = `${model}:${id}`;
    if (!first.has(key)) first.set(key, { redemption, hash: recordId(id) });
  }
  // In the order of the key: two batches that lock the same rows then never deadlock.
  const ordered = [...first.values()].sort((a, b) => Buffer.compare(a.hash, b.hash));
  const { rows } = await pool.query<{ place: number }>({
    ...redeem,
    values: [
      ordered.map(({ hash }) => hash),
      ordered.map(({ redemption: { source } }) => source.model),
      ordered.map(({ redemption: { source } }) => source.successor ?? null),
      ...tokenColumns(envelopeKey, ordered),
      ...auditColumns(ordered.map(({ redemption }) => redemption.audit)),
    ],
  });
  const won = new Set(rows.map(({ place }) => ordered[place - 1]?.redemption));
  return all.map((redemption) => won.has(redemption));
}

function tokenColumns(envelopeKey: KeyEncryptionKey, ordered: readonly Hashed[]): unknown[][] {
  const tokens = ordered.flatMap(({ redemption }, index) =>
    redemption.issued.map((token) => ({ place: index + 1, token })),
  );
  return [
    tokens.map(({ place }) => place),
    tokens.map(({ token }) => recordId(token.id)),
    tokens.map(({ token }) => token.model),
    tokens.map(({ token }) => storedPayload(envelopeKey, token.id, token.payload)),
    tokens.map(({ token }) => token.payload.accountId),
    tokens.map(({ token }) => token.payload.clientId),
    tokens.map(({ token }) => recordId(token.payload.grantId)),
    tokens.map(({ token }) => (token.payload.expiresWithSession === true ? (token.payload.sessionUid ?? null) : null)),
    tokens.map(({ token }) => token.expiresAt.toISOString()),
  ];
}
