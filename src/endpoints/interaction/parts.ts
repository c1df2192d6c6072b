import type { Context } from 'koa';
import type { AuthenticationParts } from '../../domain/authentication/check-password.ts';
import type { FirstFactor } from '../../domain/authentication/first-factor.ts';
import type { ClientRecord } from '../../domain/clients/client-record.ts';
import type { KnownResourceServer } from '../../domain/clients/resource-server-lookup.ts';
import type { SignUpPolicy } from '../../domain/lifecycle/sign-up.ts';
import type { Outstanding } from '../../domain/policy/outstanding.ts';
import type { RewriteValues } from '../../domain/sessions/record-store.ts';

/** What is waiting for a person at `/interaction/:uid`, as the provider tells it. */
export type PendingInteraction = {
  readonly uid: string;
  readonly prompt: 'login' | 'consent' | 'create' | 'agreement';
  readonly reasons: readonly string[];
  readonly clientId: string;
  readonly clientName: string;
  readonly client: {
    readonly clientUri: string | undefined;
    readonly policyUri: string | undefined;
    readonly tosUri: string | undefined;
    readonly redirectUri: string | undefined;
  };
  readonly params: Readonly<Record<string, unknown>>;
  /** The person who is signed in already. */
  readonly accountId: string | undefined;
  /** `acr_values` and essential acr claims that were asked for. */
  readonly requestedAcrs: readonly string[];
  /** A first factor that was verified here and is not enough. */
  readonly waiting: WaitingFactor | undefined;
  /** A sign-in that has succeeded here while its browser has not gone on. */
  readonly signedIn: JustSignedIn | undefined;
  readonly missing: {
    readonly scopes: readonly string[];
    readonly claims: readonly string[];
    readonly resourceScopes: Readonly<Record<string, readonly string[]>>;
  };
  /** What a sign-in policy says to the person who is signed in. */
  readonly policy: PolicyHold | undefined;
  /** What the person has yet to accept and to say of themselves. */
  readonly agreement: Outstanding | undefined;
};

export type PolicyHold = {
  readonly denied: { readonly policyId: string; readonly rule: number; readonly reason: string } | undefined;
  readonly factors: 'two_factors' | 'passkey' | undefined;
};

/** `browser` names the one it was verified in: an interaction is found by cookies, which can be planted. */
export type WaitingFactor = { readonly first: FirstFactor; readonly browser: string };

export type JustSignedIn = {
  readonly accountId: string;
  /** Whole seconds since the epoch. */
  readonly signedInAt: number;
  readonly amr: readonly string[];
  readonly browser: string;
};

type Login = {
  readonly accountId: string;
  readonly authenticatedAt: Date;
  readonly browser: string;
  readonly amr: readonly string[];
};

/** The provider's side of an interaction; each `finish…` answers where the browser goes on. */
export type Interactions = {
  /** Undefined when there is none for this browser any more. */
  find(ctx: Context): Promise<PendingInteraction | undefined>;
  finishLogin(ctx: Context, login: Login): Promise<string>;
  /** What `finishLogin` would write, for a statement that writes more; undefined when there is none to go on any more. */
  keepLogin(ctx: Context, login: Login): Promise<RewriteValues | undefined>;
  /** Where the browser goes on. */
  returnTo(ctx: Context): Promise<string>;
  /** Keeps it in the interaction, which is not over; answers where its next step is shown. */
  keepFirstFactor(ctx: Context, waiting: WaitingFactor): Promise<string>;
  /** The session this browser has already. */
  sessionOf(
    ctx: Context,
  ): Promise<{ readonly accountId: string; readonly signedInAt: number; readonly amr: readonly string[] } | undefined>;
  /** The browser named by the sign-in that waits under this uid; undefined when none waits. */
  browserOf(ctx: Context, uid: string): Promise<string | undefined>;
  finishAgreement(ctx: Context): Promise<string>;
  /** `anew`: for somebody else than who is signed in. */
  finishCreate(ctx: Context, options?: { readonly anew: boolean }): Promise<string>;
  finishConsent(ctx: Context): Promise<string>;
  finishDenied(ctx: Context, description?: string): Promise<string>;
  finishSwitch(ctx: Context): Promise<string>;
};

export type InteractionParts = {
  readonly issuer: string;
  readonly interactions: Interactions;
  readonly authentication: AuthenticationParts;
  readonly findClient: (clientId: string) => Promise<ClientRecord | undefined>;
  readonly resourceServers: { find(identifier: string): Promise<KnownResourceServer | undefined> };
  /** Undefined where people may not make accounts of their own. */
  readonly signUp: SignUpPolicy | undefined;
  /** How long somebody waits who has lost their second factor; 0 where they ask an administrator. */
  readonly factorRecoveryDays: number;
  /** How long the policies let a browser be trusted, where they say so. */
  readonly rememberDaysFor?: (signIn: {
    readonly userId: string;
    readonly clientId: string;
    readonly ipAddress: string;
  }) => Promise<number | undefined>;
  /** Derived for purpose 'csrf'. */
  readonly csrfKey: Uint8Array;
};

/** The page a form is on, and what every step needs to know of it. */
export type Step = {
  readonly ctx: Context;
  readonly parts: InteractionParts;
  readonly pending: PendingInteraction;
};
