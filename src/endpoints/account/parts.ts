import type { Context } from 'koa';
import type { Configuration } from '../../config/configuration.ts';
import type { AccessLookup } from '../../domain/access/access-lookup.ts';
import type { AuthenticationParts } from '../../domain/authentication/check-password.ts';
import type { BrandingLookup } from '../../domain/branding/branding-lookup.ts';
import type { ResourceServerLookup } from '../../domain/clients/resource-server-lookup.ts';

/** Who is signed in in this browser, as the provider tells it. */
export type SignedInSession = {
  readonly accountId: string;
  readonly uid: string;
  /** Whole seconds since the epoch. */
  readonly signedInAt: number;
  readonly acr: string | undefined;
  /** A policy's, where one is shorter than ours. */
  readonly changesMaxAgeSeconds?: number | undefined;
  /** Likewise: for how long a browser is trusted. */
  readonly rememberBrowserDays?: number | undefined;
};

export type AccountParts = {
  readonly issuer: string;
  /** Undefined when nobody, or nobody active, is signed in. */
  readonly findSession: (ctx: Context) => Promise<SignedInSession | undefined>;
  readonly authentication: AuthenticationParts;
  /** Who may look at what is for administrators. */
  readonly access: Pick<AccessLookup, 'forUser' | 'inOrganization'>;
  readonly brandings: BrandingLookup;
  /** Derived for purpose 'csrf'. */
  readonly csrfKey: Uint8Array;
  readonly resourceServers: Pick<ResourceServerLookup, 'find'>;
  /** What the operator leaves to people. */
  readonly policy: Pick<
    Configuration,
    'profileAttributes' | 'factorRecoveryDays' | 'emailChange' | 'accountDeletion' | 'deletedUserRetentionDays'
  >;
  /** False where no mail can be sent. */
  readonly isMailAvailable: boolean;
};

export type Form = Readonly<Record<string, string>>;
