import { isDeepStrictEqual } from 'node:util';
import { assertVersion } from '../../kernel/assert-version.ts';
import { randomToken, sha256 } from '../../kernel/crypto/derive.ts';
import { conflict } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import {
  getTransmitter,
  onIssuerTaken,
  type Transmitter,
  type TransmitterInput,
  type TransmitterPatch,
} from './transmitter.ts';

const MOST_TRANSMITTERS = 100;

/** With the token it pushes with, which is not kept. */
export type WithToken = { readonly transmitter: Transmitter; readonly token: string };

/** Throws conflict `signal_transmitters.issuer_taken`, `signal_transmitters.too_many`. */
export async function createTransmitter(tx: Tx, input: TransmitterInput): Promise<WithToken> {
  const id = newId<string>(tx.now.getTime());
  const token = randomToken();
  const { name, issuer, audience, jwksUri, state } = input;
  const rows = await tx
    .query<{ id: string }>(
      `INSERT INTO signal_transmitters (id, name, issuer, audience, jwks_uri, token_hash, state, created_at, updated_at)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8, $8 WHERE (SELECT count(*) FROM signal_transmitters) < ${MOST_TRANSMITTERS}
       RETURNING id`,
      [id, name, issuer, audience, jwksUri, sha256(token), state, tx.now],
    )
    .catch(onIssuerTaken);
  if (rows.length === 0)
    throw conflict('signal_transmitters.too_many', { detail: `at most ${MOST_TRANSMITTERS} can be set up` });
  const changed = Object.fromEntries(Object.entries(input).map(([member, to]) => [member, { to }]));
  tx.record({ type: 'signal-transmitters.created', target: { type: 'signal_transmitter', id }, details: { changed } });
  return { transmitter: await getTransmitter(tx, id), token };
}

type Named = { readonly id: string; readonly expectedVersion?: number | undefined };

/** Throws not_found, precondition `request.version_mismatch`. */
export async function updateTransmitter(
  tx: Tx,
  { patch, ...named }: Named & { readonly patch: TransmitterPatch },
): Promise<Transmitter> {
  const before = await lockTransmitter(tx, named);
  const names = (Object.keys(patch) as (keyof TransmitterPatch)[]).filter(
    (member) => !isDeepStrictEqual(before[member], patch[member]),
  );
  if (names.length === 0) return before;
  const after = { ...before, ...patch };
  await tx.query(
    `UPDATE signal_transmitters SET name = $2, audience = $3, jwks_uri = $4, state = $5, version = version + 1, updated_at = $6
     WHERE id = $1`,
    [before.id, after.name, after.audience, after.jwksUri, after.state, tx.now],
  );
  const changed = Object.fromEntries(names.map((member) => [member, { from: before[member], to: after[member] }]));
  tx.record({
    type: 'signal-transmitters.updated',
    target: { type: 'signal_transmitter', id: before.id },
    details: { changed },
  });
  return getTransmitter(tx, before.id);
}

/** The former token is refused from now on. Throws not_found. */
export async function replaceTransmitterToken(tx: Tx, named: Named): Promise<WithToken> {
  const { id } = await lockTransmitter(tx, named);
  const token = randomToken();
  await tx.query(
    'UPDATE signal_transmitters SET token_hash = $2, version = version + 1, updated_at = $3 WHERE id = $1',
    [id, sha256(token), tx.now],
  );
  tx.record({ type: 'signal-transmitters.token-replaced', target: { type: 'signal_transmitter', id } });
  return { transmitter: await getTransmitter(tx, id), token };
}

/** Throws not_found, precondition `request.version_mismatch`. */
export async function deleteTransmitter(tx: Tx, named: Named): Promise<void> {
  const { id, name, issuer } = await lockTransmitter(tx, named);
  await tx.query('DELETE FROM signal_transmitters WHERE id = $1', [id]);
  tx.record({
    type: 'signal-transmitters.deleted',
    target: { type: 'signal_transmitter', id },
    details: { name, issuer },
  });
}

async function lockTransmitter(tx: Tx, { id, expectedVersion }: Named): Promise<Transmitter> {
  const { id: known } = await getTransmitter(tx, id);
  await tx.query('SELECT 1 FROM signal_transmitters WHERE id = $1 FOR NO KEY UPDATE', [known]);
  const transmitter = await getTransmitter(tx, known);
  assertVersion('transmitter', transmitter.version, expectedVersion);
  return transmitter;
}
