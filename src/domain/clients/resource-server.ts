import type { PermissionId, ResourceServerId } from '../../kernel/ids.ts';

export const accessTokenFormats = ['jwt', 'opaque'] as const;
/** `typ` of JWT access tokens: RFC 9068 §2.1, or `JWT` for validators that know no other. */
export const accessTokenTypes = ['at+jwt', 'JWT'] as const;
export const accessTokenSigningAlgs = ['ES256', 'RS256', 'EdDSA'] as const;

/** A protected resource as RFC 8707 names it. */
export type ResourceServer = {
  readonly id: ResourceServerId;
  /** RFC 8707 §2: an absolute URI without a fragment; `aud` of its tokens. */
  readonly identifier: string;
  readonly name: string;
  readonly accessTokenFormat: (typeof accessTokenFormats)[number];
  readonly accessTokenType: (typeof accessTokenTypes)[number];
  readonly accessTokenLifetimeSeconds: number;
  readonly signingAlg: (typeof accessTokenSigningAlgs)[number];
  readonly builtIn: boolean;
  readonly managedBy: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** What may be done at one resource server; `value` is the scope-token (RFC 6749 §3.3) that asks for it. */
export type Permission = {
  readonly id: PermissionId;
  readonly resourceServerId: ResourceServerId;
  readonly value: string;
  readonly description: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};
