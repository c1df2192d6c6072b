import { createHmac } from 'node:crypto';
import { errors, Provider } from 'oidc-provider';
import type { FoundRecord, RecordPayload } from '../../domain/sessions/provider-record.ts';
import type { RecordStore } from '../../domain/sessions/record-store.ts';
import type { Clock } from '../../kernel/clock.ts';
import {
  deriveReferenceKey,
  openReference,
  type ReferenceKey,
  sealReference,
} from '../../kernel/crypto/sealed-reference.ts';
import { endReusedGrant } from './grant-reuse.ts';
import { lifetimes } from './lifetimes.ts';
import { grantOfRefreshToken, newRefreshTokenValue } from './refresh-token-value.ts';
import { currentScope, recordKey } from './request-scope.ts';

export type RefreshRotation = {
  /** How a refresh token that was found looks to the library: `consumed` unless the grace still holds. */
  presented(id: string, found: FoundRecord): Promise<RecordPayload>;
  /** Uses the token up and decides the value of its successor. Throws InvalidGrant, and ends the grant, on reuse. */
  consume(id: string): Promise<void>;
  /** The value of the token that follows this one, and its sealed form where there is a grace; nothing is used up. */
  successorOf(id: string, grantId: string): { readonly value: string; readonly sealed: Buffer | undefined };
  /** The value of a refresh token that has no predecessor. */
  newValue(grantId: string): string;
  /** A token whose row is gone: one that was used up before ends its grant, presented by its own client. */
  missing(id: string): Promise<void>;
};

export type RefreshRotationParts = {
  readonly store: RecordStore;
  readonly graceSeconds: number;
  /** Derived for purpose 'refresh-token'. */
  readonly key: Uint8Array;
  readonly clock: Clock;
};

const CONTEXT = 'refresh_token_successor';

/**
 * RFC 9700 §4.14.2 rotation with a grace for answers that were lost. Within it the same client (and sender key: the library
 * checks both before) gets the SAME successor as long as nobody used that one; after it, or once the successor was used, the
 * whole grant ends. The successor is kept encrypted under a key that only the predecessor gives.
 */
export function createRefreshRotation({ store, graceSeconds, key, clock }: RefreshRotationParts): RefreshRotation {
  const valueKey = deriveReferenceKey(key);
  const nowSeconds = (): number => Math.floor(clock.now().getTime() / 1000);
  const newValue = (grantId: string): string =>
    newRefreshTokenValue(valueKey, grantId, nowSeconds() + lifetimes.refreshToken);
  const successorOf = (id: string, grantId: string) => {
    const value = newValue(grantId);
    return { value, sealed: graceSeconds > 0 ? sealSuccessor(key, id, value) : undefined };
  };
  const successorWithinGrace = async (id: string, found: FoundRecord): Promise<string | undefined> => {
    const { consumedSecondsAgo, successor } = found;
    if (consumedSecondsAgo === undefined || successor === undefined || consumedSecondsAgo >= graceSeconds)
      return undefined;
    const value = openSuccessor(key, id, successor);
    if (value === undefined) return undefined;
    // Not written yet, or lost with the process that was to write it: it is written again under the same value.
    const next = await store.find('RefreshToken', value);
    return next?.consumedSecondsAgo === undefined ? value : undefined;
  };

  return {
    async presented(id, found) {
      if (found.consumedSecondsAgo === undefined) return found.payload;
      // Only its own client, at the token endpoint, may use the grace; elsewhere a rotated token is no token any more.
      const isRefresh = Provider.ctx?.oidc.route === 'token';
      if (isRefresh && (await successorWithinGrace(id, found)) !== undefined) return found.payload;
      return { ...found.payload, consumed: true };
    },
    async consume(id) {
      const scope = currentScope();
      const known = scope?.known.get(recordKey('RefreshToken', id))?.grantId;
      const { value, sealed } = successorOf(id, typeof known === 'string' ? known : '');
      const isFirst = await store.consume('RefreshToken', id, sealed);
      if (isFirst) {
        if (scope) scope.successor = value;
        return;
      }
      const found = await store.find('RefreshToken', id);
      const successor = found && (await successorWithinGrace(id, found));
      if (scope && successor !== undefined) {
        scope.successor = successor;
        return;
      }
      const grantId = known ?? found?.payload.grantId;
      if (typeof grantId === 'string') await endReusedGrant(store, scope, grantId);
      throw new errors.InvalidGrant('refresh token already used');
    },
    successorOf,
    newValue,
    async missing(id) {
      const { ctx } = Provider;
      if (ctx?.oidc.route !== 'token') return;
      const grantId = grantOfRefreshToken(valueKey, id, nowSeconds());
      const grant = grantId === undefined ? undefined : await store.find('Grant', grantId);
      if (grantId === undefined || grant?.payload.clientId !== ctx.oidc.client?.clientId) return;
      await endReusedGrant(store, currentScope(), grantId);
    },
  };
}

/** Two keys from one HMAC over the predecessor: neither our key nor the database alone opens a successor. */
function keysFrom(key: Uint8Array, predecessor: string): ReferenceKey {
  const bytes = createHmac('sha512', key).update(predecessor).digest();
  return { mac: bytes.subarray(0, 32), cipher: bytes.subarray(32) };
}

const sealSuccessor = (key: Uint8Array, predecessor: string, successor: string): Buffer =>
  Buffer.from(sealReference(keysFrom(key, predecessor), CONTEXT, Buffer.from(successor)), 'base64url');

const openSuccessor = (key: Uint8Array, predecessor: string, sealed: Buffer): string | undefined =>
  openReference(keysFrom(key, predecessor), CONTEXT, sealed.toString('base64url'))?.toString('utf8');
