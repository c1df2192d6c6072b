import type { IncomingMessage } from 'node:http';
import type { Context, Middleware } from 'koa';
import type { Provider } from 'oidc-provider';
import type pg from 'pg';
import type { AccessLookup } from '../../domain/access/access-lookup.ts';
import type { FirstFactor } from '../../domain/authentication/first-factor.ts';
import type { Throttle } from '../../domain/authentication/throttle.ts';
import type { ClientRecord } from '../../domain/clients/client-record.ts';
import type { ResourceServerLookup } from '../../domain/clients/resource-server-lookup.ts';
import type { KeyRing } from '../../domain/keys/key-ring.ts';
import type { DecideSignIn } from '../../domain/policy/decide-sign-in.ts';
import type { Outstanding } from '../../domain/policy/outstanding.ts';
import type { BackchannelLogout } from '../../domain/sessions/backchannel-logout.ts';
import type { BindableSession, DeviceBinding } from '../../domain/sessions/device-binding.ts';
import type { RewriteValues } from '../../domain/sessions/record-store.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { AdmitsEvent } from '../../persistence/audit-rows.ts';
import type { ChangeFeed } from '../../persistence/change-feed.ts';
import type { DeliveryAnswer } from '../../persistence/outbox-delivery.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import type { DirectAnswer } from '../http/direct-answers.ts';
import type { PublishedAnswer } from '../http/published-answers.ts';
import type { PolicyHold } from './sign-in-policy.ts';

/** What `createProviderHost` is built from. */
export type ProviderHostParts = {
  readonly issuer: string;
  readonly mode: 'development' | 'production';
  readonly pool: pg.Pool;
  readonly transact: Transact;
  readonly read: Reader;
  readonly keyRing: Pick<KeyRing, 'current' | 'derive' | 'seal' | 'open' | 'onChange'>;
  readonly access: AccessLookup;
  readonly resourceServers: ResourceServerLookup;
  readonly changes: Pick<ChangeFeed, 'subscribe' | 'isLive' | 'applyLocally'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The one outbound HTTP client (jwks_uri, back-channel logout …): refuses private addresses that are not allowed. */
  readonly fetch: typeof globalThis.fetch;
  /** Slows registration where it is open to everyone. */
  readonly throttle: Pick<Throttle, 'reserve'>;
  readonly settings: ProviderSettings;
  /** What sign-in policies say. */
  readonly decideSignIn: DecideSignIn;
  /** Which audit events get a row; by default all. */
  readonly admits?: AdmitsEvent;
  /** Counters of what was issued and refused; never awaited. */
  readonly observe?: (observation: ProviderObservation) => void;
};

export type ProviderSettings = {
  readonly clientRegistration: 'off' | 'token' | 'open';
  readonly refreshTokenGraceSeconds: number;
  /** People may make accounts of their own: `prompt=create` is known. */
  readonly offersSignUp?: boolean;
  /** Browsers that can are asked to bind sessions to their device. */
  readonly deviceBoundSessions?: boolean;
};

export type ProviderObservation =
  | { readonly kind: 'tokens.issued'; readonly grantType: string }
  | { readonly kind: 'tokens.refused'; readonly error: string }
  | { readonly kind: 'authorizations.refused'; readonly error: string };

/** Everything that `compose.ts`, the pages and other doors need of the hosted provider. */
export type ProviderHost = {
  /** Answers the provider's own paths; other paths go on to `next`. Needs `ctx.state.requestId` when there is one. */
  readonly middleware: Middleware;
  /** Metadata and keys as they were last answered, by path: the same for everyone. */
  published(path: string): PublishedAnswer | undefined;
  /** The answer to a request of the plainest form; undefined, and the request untouched, where the library is to answer. */
  direct(req: IncomingMessage): Promise<DirectAnswer | undefined> | undefined;
  /** The instance that serves now; it is replaced when keys or response types change, so do not keep it. */
  current(): Provider;
  /** From the cache that the provider itself uses. */
  findClient(clientId: string): Promise<ClientRecord | undefined>;
  readonly interactions: InteractionHelpers;
  readonly sessions: SessionHelpers;
  readonly boundSessions: BoundSessionHelpers;
  readonly accessTokens: AccessTokenHelpers;
  readonly clients: ClientHelpers;
  /** Waits for writes under way. */
  stop(): Promise<void>;
};

/** What is waiting for a person at `/interaction/:uid`. */
export type PendingInteraction = {
  readonly uid: string;
  readonly prompt: 'login' | 'consent' | 'create' | 'agreement';
  /** Why the prompt is shown: the names of the checks that asked for it. */
  readonly reasons: readonly string[];
  readonly clientId: string;
  readonly clientName: string;
  readonly firstParty: boolean;
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
  /** A first factor that was verified here and is not enough, and the browser it was verified in. */
  readonly waiting: { readonly first: FirstFactor; readonly browser: string } | undefined;
  /** A sign-in that has succeeded here while its browser has not gone on. */
  readonly signedIn:
    | {
        readonly accountId: string;
        readonly signedInAt: number;
        readonly amr: readonly string[];
        readonly browser: string;
      }
    | undefined;
  readonly missing: ConsentRequest;
  /** Why a sign-in policy stands in between, where one does. */
  readonly policy: PolicyHold | undefined;
  /** What the person has yet to accept and to say of themselves. */
  readonly agreement: Outstanding | undefined;
};

/** What the client asks for and was not yet given. */
export type ConsentRequest = {
  readonly scopes: readonly string[];
  readonly claims: readonly string[];
  /** Resource server identifier → permission values. */
  readonly resourceScopes: Readonly<Record<string, readonly string[]>>;
};

export type LoginResult = {
  readonly accountId: string;
  /** When they proved who they are; now unless told. */
  readonly authenticatedAt?: Date;
  /** Names the browser they did it in: kept with the result until the sign-in goes on, see `browserOf`. */
  readonly browser?: string;
  readonly acr?: string;
  readonly amr?: readonly string[];
  /** False: the cookie ends with the browser. */
  readonly remember?: boolean;
};

/** All take the Koa context of a request under `/interaction/:uid` (the cookie's path). Each `finish…` answers where to redirect (303). */
export type InteractionHelpers = {
  /** Undefined when the cookie is missing, the interaction expired, or someone else signed in meanwhile. */
  find(ctx: Context): Promise<PendingInteraction | undefined>;
  finishLogin(ctx: Context, login: LoginResult): Promise<string>;
  /** What `finishLogin` would write, for a statement that writes more; undefined when there is none to go on any more. */
  keepLogin(ctx: Context, login: LoginResult): Promise<RewriteValues | undefined>;
  /** Where the browser of an interaction goes on. */
  returnTo(ctx: Context): Promise<string>;
  /** Keeps a verified factor while another is asked for: in the interaction, which goes on. Answers its address. */
  keepFirstFactor(ctx: Context, waiting: NonNullable<PendingInteraction['waiting']>): Promise<string>;
  /** The session this browser has already. */
  sessionOf(ctx: Context): Promise<SignedInSession | undefined>;
  /** The browser named by the sign-in that waits under this uid; undefined when none waits. */
  browserOf(ctx: Context, uid: string): Promise<string | undefined>;
  /** The wish for an account is dealt with; the sign-in goes on, for somebody else than before where `anew`. */
  /** What was asked was accepted and said. */
  finishAgreement(ctx: Context): Promise<string>;
  finishCreate(ctx: Context, options?: { readonly anew: boolean }): Promise<string>;
  /** Remembers the consent of the signed-in person in the unit of work, then goes on. */
  finishConsent(ctx: Context): Promise<string>;
  /** Cancel, or a refused consent: the client gets `access_denied`. */
  finishDenied(ctx: Context, description?: string): Promise<string>;
  /** "Not you?": ends the session of this browser; the sign-in begins anew for the same client and request. */
  finishSwitch(ctx: Context): Promise<string>;
};

export type SignedInSession = {
  readonly accountId: string;
  readonly uid: string;
  /** Whole seconds since the epoch. */
  readonly signedInAt: number;
  /** Whole seconds since the epoch: when it last led to an application, or was used on pages of our own. */
  readonly usedAt: number;
  readonly acr: string | undefined;
  readonly amr: readonly string[];
  /** It is used now: what counts from its last use counts anew. */
  use(): Promise<void>;
};

export type SessionHelpers = {
  /** The session of this browser, for pages of our own; undefined when nobody, or nobody active, is signed in. */
  find(ctx: Context): Promise<SignedInSession | undefined>;
};

export type BoundSessionHelpers = {
  readonly binding: DeviceBinding;
  /** The session of this browser, whether or not its device has proved itself. */
  find(ctx: Context): Promise<BindableSession | undefined>;
};

export type AccessTokenFacts = {
  readonly clientId: string;
  /** Absent for client_credentials. */
  readonly accountId: string | undefined;
  readonly audience: string | undefined;
  readonly scopes: ReadonlySet<string>;
  /** RFC 9449 §6.1: the thumbprint of the key the token is bound to. */
  readonly jkt: string | undefined;
  /** The organization it is for. */
  readonly organizationId: string | undefined;
  readonly expiresAt: Date;
};

export type AccessTokenHelpers = {
  /**
   * Checks a JWT or opaque access token as introspection does: signature, expiry, revocation, grant, account and client
   * state. Undefined means not active.
   */
  verify(token: string): Promise<AccessTokenFacts | undefined>;
};

export type ClientHelpers = {
  /** Throws `invalid('clients.metadata_invalid')` when the provider would refuse this RFC 7591 metadata. */
  checkMetadata(metadata: Readonly<Record<string, unknown>>): void;
  /** RFC 7591 §3: a token that lets its holder register clients. */
  issueInitialAccessToken(input: { readonly lifetimeSeconds: number }): Promise<string>;
  /** Sends one logout token (OIDC Back-Channel Logout §2.5) with the message's id; throws when the client does not accept it. */
  deliverBackchannelLogout(
    message: { readonly id: string; readonly notice: BackchannelLogout },
    signal: AbortSignal,
  ): Promise<DeliveryAnswer>;
};
