import { Provider } from 'oidc-provider';
import type { FoundRecord, RecordName, RecordPayload, RecordUpsert } from '../../domain/sessions/provider-record.ts';
import type { JwtRecord } from '../../domain/sessions/signed-access-tokens.ts';
import type { AuditEvent } from '../../persistence/audit-rows.ts';

/**
 * What one request to the provider has gathered: records to be written and events to be recorded leave together when the
 * request is done (one statement), and what one look-up brought along answers the next one.
 */
export type RequestScope = {
  readonly upserts: Map<string, RecordUpsert>;
  /** Interactions that the library went on from: gone with the write that holds what came of them. */
  readonly removals: Map<string, RecordName>;
  readonly events: AuditEvent[];
  /** Payloads by model and raw id; undefined is known to be absent. */
  readonly known: Map<string, RecordPayload | undefined>;
  /** Look-ups under way by raw id: the library asks for every kind of token at once. */
  readonly lookUps: Map<string, Promise<ReadonlyMap<string, FoundRecord>>>;
  readonly revokedGrants: Set<string>;
  /** The session of this browser as it is kept: the library changes the payload it was given in place. */
  keptSession?: { readonly id: string; readonly text: string };
  /** The JWT access token shown to the introspection or revocation endpoint. */
  shownJwt?: ShownJwt;
  /** The value that the refresh token issued by this request will have. */
  successor?: string;
  /** The client has proved who it is: with its secret or an assertion. */
  isClientAuthenticated?: boolean;
  /** The request ended in a token answer. */
  isGranted?: boolean;
};

export type ShownJwt = {
  /** Stands in for the token where the library would refuse a JWT. */
  readonly standIn: string;
  readonly token: string;
  verified?: Promise<JwtRecord | undefined>;
};

const scopes = new WeakMap<object, RequestScope>();

/** The same one when a page of ours looked something up before the provider was asked. */
export function openScope(ctx: object): RequestScope {
  const opened = scopes.get(ctx);
  if (opened) return opened;
  const scope: RequestScope = {
    upserts: new Map(),
    removals: new Map(),
    events: [],
    known: new Map(),
    lookUps: new Map(),
    revokedGrants: new Set(),
  };
  scopes.set(ctx, scope);
  return scope;
}

export const scopeOf = (ctx: object): RequestScope | undefined => scopes.get(ctx);

/** The scope of the request that the library is working on; undefined outside one (pages, jobs). */
export function currentScope(): RequestScope | undefined {
  const { ctx } = Provider;
  return ctx && scopes.get(ctx);
}

/** RFC 6749 Appendix A.1, and the longest that a client has. */
const CLIENT_ID = /^[\x20-\x7e]{1,255}$/;

/** The `client_id` in the query of the authorization request that the library is working on, as far as it may be one. */
export function askedClientId(): string | undefined {
  const { ctx } = Provider;
  const named = ctx?.oidc?.route === 'authorization' ? ctx.query.client_id : undefined;
  return typeof named === 'string' && CLIENT_ID.test(named) ? named : undefined;
}

export const recordKey = (model: string, id: string): string => `${model}:${id}`;
