// The doors, composed: each is handed what it needs by name.
import type { Context, Middleware } from 'koa';
import { assets } from '../views/assets.ts';
import { composeDeviceBinding } from './compose-binding.ts';
import type { ComposeParts, Foundation } from './compose-foundation.ts';
import { type ComposedMail, emailSignInSettings } from './compose-mail.ts';
import { admittedSessions } from './compose-policies.ts';
import { type ComposedProvider, offersSignUp } from './compose-provider.ts';
import { composeSignals, eventsUrl } from './compose-signals.ts';
import type { Configuration } from './config/configuration.ts';
import { createTxtLookup } from './connectors/look-up-txt.ts';
import type { OutboundFetch } from './connectors/outbound-fetch.ts';
import type { AuthenticationParts } from './domain/authentication/check-password.ts';
import type { BrandingLookup } from './domain/branding/branding-lookup.ts';
import { createClientSecretKeeper } from './domain/clients/client-secret-keeper.ts';
import type { PasskeySettings } from './domain/credentials/passkey-settings.ts';
import { setPasswordUrl } from './domain/credentials/set-password-url.ts';
import { targetSecretContext } from './domain/keys/rewrap-keys.ts';
import { isSetUp } from './domain/lifecycle/is-set-up.ts';
import { createSignedAccessTokens } from './domain/sessions/signed-access-tokens.ts';
import { createUserAttributeLookup } from './domain/user-attributes/user-attribute-lookup.ts';
import { accountEndpoints } from './endpoints/account/account-endpoints.tsx';
import { SIGN_IN_PATH } from './endpoints/account/sign-in.ts';
import { adminEndpoints } from './endpoints/admin/admin-endpoints.tsx';
import { brandingEndpoints } from './endpoints/branding/branding-endpoints.ts';
import { serveAssets } from './endpoints/http/assets.ts';
import type { VerifyBearer } from './endpoints/http/bearer.ts';
import { createBearerVerifier } from './endpoints/http/verify-bearer.ts';
import { guardUserCodes } from './endpoints/interaction/guard-user-codes.ts';
import { interactionEndpoints } from './endpoints/interaction/interaction-endpoints.ts';
import { keepSignInToItsBrowser } from './endpoints/interaction/same-browser.tsx';
import { invitationEndpoints } from './endpoints/invitations/invitation-endpoints.tsx';
import { keptMailEndpoints } from './endpoints/mail/kept-mail-endpoints.tsx';
import { postGoesOnByGet } from './endpoints/oidc/post-goes-on-by-get.ts';
import { createReplayDetection } from './endpoints/oidc/replay-detection.ts';
import { operationsEndpoints } from './endpoints/operations/operations-endpoints.ts';
import { recoveryEndpoints } from './endpoints/recovery/recovery-endpoints.tsx';
import { scimEndpoints } from './endpoints/scim/scim-endpoints.ts';
import { signUpEndpoints } from './endpoints/sign-up/sign-up-endpoints.tsx';
import { examples } from './endpoints/start/examples.ts';
import { startEndpoints } from './endpoints/start/start-endpoints.tsx';
import { relatedOriginsEndpoint } from './endpoints/webauthn/related-origins.ts';
import type { Clock } from './kernel/clock.ts';
import type { Telemetry } from './kernel/telemetry.ts';
import { version } from './kernel/version.ts';
import { schemaState } from './persistence/migrate.ts';

type DoorParts = {
  readonly provider: ComposedProvider;
  readonly telemetry: Telemetry;
  readonly mail: ComposedMail;
  readonly brandings: BrandingLookup;
  /** The one outbound HTTP client. */
  readonly fetch: OutboundFetch;
  readonly isDraining: () => boolean;
};

/** In the order in which they are asked: the busiest first. */
export function composeDoors(
  parts: ComposeParts,
  foundation: Foundation,
  { provider, telemetry, mail, brandings, fetch, isDraining }: DoorParts,
): readonly Middleware[] {
  const { issuer } = parts.configuration;
  const { read, transact, hashing, clock, keyRing } = foundation;
  const csrfKey = keyRing.derive('csrf');
  const { passwordRulesFor } = provider;
  const authentication = {
    ...composeAuthentication(parts, foundation, telemetry),
    passwordRulesFor,
  };
  const verifyBearer = composeBearer(foundation, provider);
  const findSession = (ctx: Context) => provider.sessions.find(ctx);
  const interaction = {
    issuer,
    interactions: provider.interactions,
    authentication,
    findClient: provider.findClient,
    resourceServers: provider.resourceServers,
    signUp: offersSignUp(parts.configuration) ? parts.configuration : undefined,
    // Who cannot be told cannot object.
    factorRecoveryDays: mail.isAvailable ? parts.configuration.factorRecoveryDays : 0,
    rememberDaysFor: async (signIn: Parameters<typeof provider.decideSignIn>[0]) =>
      (await provider.decideSignIn(signIn)).verdict.rememberBrowserDays,
    csrfKey,
  };
  return [
    postGoesOnByGet({ issuer }),
    guardUserCodes(authentication),
    keepSignInToItsBrowser(interaction),
    provider.middleware,
    interactionEndpoints(interaction),
    composeDeviceBinding(foundation, provider, issuer),
    accountEndpoints({
      issuer,
      findSession: admittedSessions(provider, { issuer, findSession }),
      authentication,
      access: provider.access,
      brandings,
      csrfKey,
      resourceServers: provider.resourceServers,
      policy: parts.configuration,
      isMailAvailable: mail.isAvailable,
    }),
    ...(parts.configuration.registration === 'off'
      ? []
      : [signUpEndpoints({ authentication, policy: parts.configuration, signInUrl: SIGN_IN_PATH })]),
    invitationEndpoints({ authentication, terms: parts.configuration.terms, signInUrl: SIGN_IN_PATH }),
    recoveryEndpoints({ authentication, isMailAvailable: mail.isAvailable, signInUrl: SIGN_IN_PATH }),
    startEndpoints({
      issuer,
      read,
      findSession,
      signInUrl: SIGN_IN_PATH,
      isSetUp: () => isSetUp(read, clock.now()),
      examples,
      keepsMail: mail.kept !== undefined,
    }),
    ...(mail.kept ? [keptMailEndpoints({ list: mail.kept })] : []),
    composeAdmin(parts, foundation, { provider, mail, verifyBearer }),
    ...composeSignals(parts, foundation, { verifyBearer, fetch }),
    scimEndpoints({
      issuer,
      readAs: foundation.readAs,
      transact,
      clock,
      verifyBearer,
      hashPassword: hashing.hashPassword,
      passwordRulesFor,
      userAttributes: createUserAttributeLookup(foundation),
      findClient: provider.findClient,
      onError: (error, requestId) => parts.onError(error, `SCIM, request ${requestId}`),
    }),
    operationsEndpoints({
      checks: healthChecks(foundation),
      metrics: () => readMetrics(telemetry),
      metricsAccess: parts.configuration,
      isDraining,
    }),
    relatedOriginsEndpoint({ origins: parts.configuration.passkeys.relatedOrigins }),
    brandingEndpoints({ read, brandings }),
    serveAssets((path) => assets.get(path)),
  ];
}

type AdminParts = Pick<DoorParts, 'provider' | 'mail'> & { readonly verifyBearer: VerifyBearer };

function composeAdmin(
  { configuration, onError }: ComposeParts,
  foundation: Foundation,
  { provider, mail, verifyBearer }: AdminParts,
): Middleware {
  const { issuer, deletedUserRetentionDays } = configuration;
  const { read, transact, pool, hashing, keyRing, clock } = foundation;
  return adminEndpoints({
    issuer,
    version,
    verifyBearer,
    readAs: foundation.readAs,
    onError: (error, requestId) => onError(error, `admin API, request ${requestId}`),
    nouns: {
      read,
      transact,
      hashPassword: hashing.hashPassword,
      passwordRulesFor: provider.passwordRulesFor,
      decideSignIn: provider.decideSignIn,
      setPasswordAddress: (token) => setPasswordUrl(issuer, token),
      isMailAvailable: mail.isAvailable,
      keeper: createClientSecretKeeper(keyRing),
      checkWithProvider: (clientId, metadata) => provider.clients.checkMetadata({ ...metadata, client_id: clientId }),
      rotate: keyRing.rotate,
      clock,
      lookUpTxt: createTxtLookup({ servers: configuration.dnsServers }),
      uploads: pool,
      signed: createSignedAccessTokens({ issuer, keyRing }),
      userAttributes: createUserAttributeLookup(foundation),
      deletedUserRetentionDays,
      eventsUrl: (id) => eventsUrl(issuer, id),
      sealTargetSecret: (id, secret) => keyRing.seal(Buffer.from(secret), targetSecretContext(id)),
      receipts: { issuer, signingKey: () => keyRing.active('EdDSA') },
    },
  });
}

function composeAuthentication(
  { configuration, findPlace }: ComposeParts,
  { read, transact, pool, hashing, throttle, keyRing, clock }: Foundation,
  telemetry: Telemetry,
): AuthenticationParts {
  const throttleKey = keyRing.derive('throttle');
  const secondFactors = { seal: keyRing.seal, open: keyRing.open, recoveryKey: keyRing.derive('recovery codes') };
  const observe: AuthenticationParts['observe'] = (result) =>
    telemetry.signIns.inc({ result: result === 'signed_in' ? 'succeeded' : result });
  const passkeys = passkeySettings(configuration, keyRing.derive('passkey challenges'));
  const { trustedDeviceDays } = configuration;
  const base = { read, transact, pool, hashing, throttle, clock, throttleKey, findPlace };
  const emailSignIn = emailSignInSettings(configuration, keyRing);
  return { ...base, secondFactors, passkeys, emailSignIn, trustedDeviceDays, observe };
}

function passkeySettings(
  { issuer, passkeys: { rpId, attestationRoots, allowedAaguids, deniedAaguids } }: Configuration,
  challengeKey: Uint8Array,
): PasskeySettings | undefined {
  if (rpId === undefined) return undefined;
  const { origin } = new URL(issuer);
  return { rpId, rpName: rpId, origin, attestationRoots, allowedAaguids, deniedAaguids, challengeKey };
}

const composeBearer = ({ clock, pool }: Foundation, { accessTokens, access }: ComposedProvider) =>
  createBearerVerifier({
    access,
    clock,
    verifyToken: accessTokens.verify,
    useProofOnce: onceEach(createReplayDetection(pool), clock),
  });

/** A proof is too old after five minutes; its id is kept for ten. */
const onceEach =
  (isFirst: ReturnType<typeof createReplayDetection>, clock: Clock) =>
  (jkt: string, jti: string): Promise<boolean> =>
    isFirst(`dpop ${jkt}`, jti, Math.floor(clock.now().getTime() / 1000) + 600);

function healthChecks({ pool, dataSource, keyRing }: Foundation) {
  return [
    { name: 'database', check: () => pool.query('SELECT 1').then(() => undefined) },
    {
      name: 'migrations',
      check: async () => {
        const { pending, unknown } = await schemaState(dataSource);
        if (pending.length > 0) return `${pending.length} not run yet`;
        return unknown.length > 0 ? 'the schema is newer than this version' : undefined;
      },
    },
    {
      name: 'keys',
      check: async () =>
        keyRing.current().signing.some((key) => key.state === 'active') ? undefined : 'there is no active signing key',
    },
  ];
}

async function readMetrics({ registry }: Telemetry) {
  return { contentType: registry.contentType, text: await registry.metrics() };
}
