import type { Actor } from '../../kernel/actor.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';

/**
 * Who may call: `public` without a token, `token` with any for this resource (RFC 7644 §4: discovery; §3.11: `/Me`), or
 * with the permission named.
 */
export type ScimAccess = 'public' | 'token' | 'scim:read' | 'scim:write';

export type ScimRoute = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/scim/v2`, in @koa/router's form. */
  readonly path: string;
  readonly access: ScimAccess;
  readonly hasBody?: boolean;
};

export type ScimCall = {
  readonly route: ScimRoute;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly actor: Actor;
  readonly permissions: ReadonlySet<string>;
  /** The moment for which the answer says who is let in. */
  readonly at: Date;
  /** The version in `If-Match`, when there is one; `*` is undefined. */
  readonly expectedVersion: number | undefined;
  /** The versions in `If-None-Match`. */
  readonly knownVersions: ReadonlySet<number>;
  /** What this call reads and writes with: in a dry run both belong to a transaction that is rolled back. */
  readonly read: Reader;
  readonly transact: Transact;
};

export type ScimAnswer = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export type ScimHandler = (call: ScimCall) => Promise<ScimAnswer>;

export type ScimRoutes = readonly (readonly [ScimRoute, ScimHandler])[];

/** RFC 7644 §3.14: a weak tag, because what is shown depends on `attributes` as well. */
export const versionTag = (version: number): string => `W/"${version}"`;
