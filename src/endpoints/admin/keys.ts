import { z } from 'zod';
import type { KeyRing } from '../../domain/keys/key-ring.ts';
import { type KeyFacts, listKeys } from '../../domain/keys/list-keys.ts';
import { publicJwkOf, signingAlgs } from '../../domain/keys/signing-key.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { listSchema } from '../http/list-answer.ts';
import { defineRoute, ok } from '../http/route.ts';

const tag = 'Keys';
const moment = z.iso.datetime().nullable();

const keyResource = z.object({
  kid: z.string(),
  alg: z.enum(signingAlgs),
  state: z
    .enum(['next', 'active', 'retiring', 'retired'])
    .describe('next is published and does not sign yet; retiring only verifies; retired is published no more.'),
  publicJwk: z.record(z.string(), z.unknown()),
  createdAt: z.iso.datetime(),
  activatedAt: moment,
  retiringAt: moment,
  retiredAt: moment,
});

export const listKeysRoute = defineRoute({
  method: 'GET',
  path: '/keys',
  operationId: 'listKeys',
  summary: 'List the signing keys, their public halves and states',
  tag,
  permission: 'keys:read',
  responses: { 200: { description: 'All keys', schema: listSchema('keys', keyResource) } },
});

export const rotateKeysRoute = defineRoute({
  method: 'POST',
  path: '/keys/rotate',
  operationId: 'rotateKeys',
  summary: 'Sign with the next key from now on',
  description: 'What the key before signed stays verifiable until it expires. No body.',
  tag,
  permission: 'keys:write',
  query: z.strictObject({ alg: z.exactOptional(z.enum(signingAlgs)).describe('All algorithms when left out.') }),
  responses: { 200: { description: 'Rotated; all keys as they are now', schema: listSchema('keys', keyResource) } },
});

export type KeysParts = {
  readonly read: Reader;
  readonly transact: Transact;
  readonly rotate: KeyRing['rotate'];
};

export function addKeyRoutes(admin: ApiRouter, { read, transact, rotate }: KeysParts): void {
  admin.handle(listKeysRoute, async () => presentKeys(await listKeys(read)));
  admin.handle(rotateKeysRoute, async ({ query, actor }) => {
    await transact(actor, (tx) => rotate(tx, query));
    return presentKeys(await listKeys(read));
  });
}

const presentKeys = (keys: readonly KeyFacts[]) => ok({ keys: keys.map(presentKey) });

const presentKey = (key: KeyFacts): Record<string, unknown> => ({
  kid: key.kid,
  alg: key.alg,
  state: key.state,
  publicJwk: publicJwkOf(key.publicJwk),
  createdAt: key.createdAt.toISOString(),
  activatedAt: key.activatedAt?.toISOString() ?? null,
  retiringAt: key.retiringAt?.toISOString() ?? null,
  retiredAt: key.retiredAt?.toISOString() ?? null,
});
