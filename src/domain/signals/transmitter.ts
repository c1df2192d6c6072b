import { z } from 'zod';
import { constantTimeEqual, sha256 } from '../../kernel/crypto/derive.ts';
import { conflict, notFound } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import { secureAddress } from '../../kernel/secure-address.ts';
import { onConstraint, type Reader } from '../../persistence/unit-of-work.ts';
import { blockOfText } from '../users/attribute-types.ts';

export const TRANSMITTER_STATES = ['active', 'paused'] as const;

/** Whose security events are followed here. */
export type Transmitter = {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUri: string;
  readonly state: (typeof TRANSMITTER_STATES)[number];
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

const fields = {
  name: blockOfText(256),
  issuer: secureAddress.describe('`iss` of its events, to the letter. Another issuer is another transmitter.'),
  audience: z
    .string()
    .regex(/^[\x21-\x7e]{1,512}$/, 'expected visible ASCII characters without spaces')
    .describe('`aud` by which its events mean this server.'),
  jwksUri: secureAddress.describe('Where the keys are that sign its events (`jwks_uri` of its SSF configuration).'),
  state: z.enum(TRANSMITTER_STATES).describe('paused: events are refused, and its outbox keeps them.'),
};

export const transmitterInput = z.strictObject({ ...fields, state: fields.state.default('active') });
export const transmitterPatch = z.strictObject({
  name: z.exactOptional(fields.name),
  audience: z.exactOptional(fields.audience),
  jwksUri: z.exactOptional(fields.jwksUri),
  state: z.exactOptional(fields.state),
});
export type TransmitterInput = z.output<typeof transmitterInput>;
export type TransmitterPatch = z.output<typeof transmitterPatch>;

const COLUMNS = /* sql */ `id, name, issuer, audience, jwks_uri AS "jwksUri", state, version, created_at AS "createdAt",
  updated_at AS "updatedAt"`;

export const listTransmitters = (read: Reader): Promise<readonly Transmitter[]> =>
  read.query(`SELECT ${COLUMNS} FROM signal_transmitters ORDER BY id`);

/** Throws `not_found`. */
export async function getTransmitter(read: Reader, id: string): Promise<Transmitter> {
  const [transmitter] = isUuid(id)
    ? await read.query<Transmitter>(`SELECT ${COLUMNS} FROM signal_transmitters WHERE id = $1`, [id])
    : [];
  if (transmitter === undefined)
    throw notFound('signal_transmitters.not_found', { detail: 'there is no such transmitter' });
  return transmitter;
}

/** The transmitter that presents its token; undefined, without saying which of the two is wrong. */
export async function findTransmitterBy(read: Reader, id: string, token: string): Promise<Transmitter | undefined> {
  const [row] = isUuid(id)
    ? await read.query<Transmitter & { tokenHash: Buffer }>(
        `SELECT ${COLUMNS}, token_hash AS "tokenHash" FROM signal_transmitters WHERE id = $1`,
        [id],
      )
    : [];
  if (row === undefined || !constantTimeEqual(row.tokenHash, sha256(token))) return undefined;
  const { tokenHash: _, ...transmitter } = row;
  return transmitter;
}

export const onIssuerTaken = onConstraint('signal_transmitters_issuer_key', () =>
  conflict('signal_transmitters.issuer_taken', {
    detail: 'there is a transmitter with this issuer',
    faults: [{ pointer: '/issuer', code: 'taken', detail: 'taken' }],
  }),
);
