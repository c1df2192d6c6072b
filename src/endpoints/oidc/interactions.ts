import type { Context } from 'koa';
import { errors, type Provider } from 'oidc-provider';
import type { FirstFactor } from '../../domain/authentication/first-factor.ts';
import { acrOf } from '../../domain/authentication/next-factor.ts';
import { grantConsent } from '../../domain/clients/consents.ts';
import { endSession } from '../../domain/sessions/end-session.ts';
import { type RecordPayload, type RecordUpsert, recordId, shownId } from '../../domain/sessions/provider-record.ts';
import type { RecordStore } from '../../domain/sessions/record-store.ts';
import type { Actor } from '../../kernel/actor.ts';
import { conflict, DomainError } from '../../kernel/errors.ts';
import type { Transact } from '../../persistence/unit-of-work.ts';
import { findRecordOf } from './client-overrides.ts';
import { wantedAcrs } from './interaction-policy.ts';
import { requestOf } from './interaction-request.ts';
import type { InteractionHelpers, LoginResult, PendingInteraction, ProviderHostParts } from './parts.ts';
import { openScope, recordKey } from './request-scope.ts';
import { createSessionHelpers } from './sessions.ts';
import { agreementIn, policyHoldIn } from './sign-in-policy.ts';

export type InteractionHelperParts = Pick<ProviderHostParts, 'transact' | 'clock'> & {
  readonly current: () => Provider;
  readonly store: Pick<RecordStore, 'find' | 'rewrite' | 'rewriteValues'>;
};

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** The pages' side of an interaction: what is asked, and how it ends. Pages redirect; the library goes on from there. */
export function createInteractionHelpers(parts: InteractionHelperParts): InteractionHelpers {
  const { transact, clock, current, store } = parts;
  const sessions = createSessionHelpers(current);
  // As the page of this request found it: a sign-in is finished on that, unless it is gone by then (see `finishLogin`).
  const shown = new WeakMap<object, Interaction>();
  const details = (ctx: Context): Promise<Interaction> => current().interactionDetails(ctx.req, ctx.res);
  const stepOf = async (
    ctx: Context,
    prompt: PendingInteraction['prompt'],
    found?: Interaction,
  ): Promise<Interaction> => {
    const interaction = found ?? (await details(ctx));
    // Steps cannot be skipped or repeated by posting another step's form (SECURITY-LESSONS 24).
    if (interaction.prompt.name !== prompt)
      throw conflict('interactions.wrong_step', { detail: 'another step is next' });
    return interaction;
  };
  const switchOf = async (ctx: Context, interaction: Interaction, result: Interaction['result']): Promise<string> => {
    shown.delete(ctx);
    await endSessionOf(transact, ctx, interaction, await current().Session.get(ctx));
    // Without a person or a login the library asks for a sign-in when it goes on.
    const created = interaction.lastSubmission?.create === undefined ? undefined : { create: {} };
    Object.assign(interaction, { session: undefined, result: result ?? created, lastSubmission: created });
    await interaction.persist();
    return interaction.returnTo;
  };
  const finish = (ctx: Context, result: Parameters<Provider['interactionResult']>[2], merge = true): Promise<string> =>
    current().interactionResult(ctx.req, ctx.res, result, { mergeWithLastSubmission: merge });

  return {
    async find(ctx) {
      try {
        const interaction = await details(ctx);
        shown.set(ctx, interaction);
        return await pendingOf(current(), interaction);
      } catch (error) {
        if (error instanceof errors.SessionNotFound) return undefined;
        throw error;
      }
    },
    finishLogin: (ctx, login) =>
      orItsEnd(current().issuer, ctx, async () => {
        const interaction = await stepOf(ctx, 'login', shown.get(ctx));
        // Never an insert: hashing took its time, and what was finished or ended meanwhile does not come back.
        if (
          !(await store.rewrite(await recordOf(interaction, withCreate(interaction, loginResult(login, clock.now())))))
        )
          throw sessionGone();
        return interaction.returnTo;
      }),
    async keepLogin(ctx, login) {
      const interaction = shown.get(ctx);
      if (interaction?.prompt.name !== 'login') return undefined;
      return store.rewriteValues(await recordOf(interaction, withCreate(interaction, loginResult(login, clock.now()))));
    },
    returnTo: async (ctx) => (shown.get(ctx) ?? (await details(ctx))).returnTo,
    keepFirstFactor: (ctx, waiting) =>
      orItsEnd(current().issuer, ctx, async () => {
        const interaction = await stepOf(ctx, 'login', shown.get(ctx));
        // Not a login: an interaction that goes on with this result finds nobody signed in.
        const kept = await recordOf(interaction, { [WAITING]: waiting });
        if (!(await store.rewrite(kept))) throw sessionGone();
        return `${current().issuer}/interaction/${interaction.uid}`;
      }),
    sessionOf: (ctx) => sessions.find(ctx),
    async browserOf(ctx, uid) {
      const found = await store.find('Interaction', uid);
      // The provider asks for the same record next.
      openScope(ctx).known.set(recordKey('Interaction', uid), found?.payload);
      return browserNamedIn(found?.payload);
    },
    finishAgreement: (ctx) =>
      orItsEnd(current().issuer, ctx, async () => {
        await stepOf(ctx, 'agreement');
        return finish(ctx, { agreement: {} });
      }),
    finishCreate: (ctx, { anew } = { anew: false }) =>
      orItsEnd(current().issuer, ctx, async () => {
        const interaction = await stepOf(ctx, 'create');
        if (anew && interaction.session) return switchOf(ctx, interaction, { create: {} });
        return finish(ctx, { create: {} });
      }),
    finishConsent: (ctx) =>
      orItsEnd(current().issuer, ctx, async () => {
        await rememberConsent(transact, ctx, await stepOf(ctx, 'consent'));
        return finish(ctx, { consent: {} });
      }),
    finishDenied: (ctx, description = 'End-User refused') =>
      orItsEnd(current().issuer, ctx, () =>
        finish(ctx, { error: 'access_denied', error_description: description }, false),
      ),
    finishSwitch: (ctx) => orItsEnd(current().issuer, ctx, async () => switchOf(ctx, await details(ctx), undefined)),
  };
}

function loginResult(login: LoginResult, now: Date): { readonly login: NonNullable<Interaction['result']>['login'] } {
  const { accountId, authenticatedAt = now, browser, amr = ['pwd'], remember = true, acr = acrOf(amr) } = login;
  // Without it the library takes the moment in which the browser goes on, which may be after the access was ended.
  const ts = Math.floor(authenticatedAt.getTime() / 1000);
  return { login: { accountId, ts, amr: [...amr], acr, remember, ...(browser === undefined ? {} : { browser }) } };
}

/** The library takes a prompt as dealt with by the last result alone. */
const withCreate = (
  { lastSubmission }: Interaction,
  result: NonNullable<Interaction['result']>,
): Interaction['result'] => (lastSubmission?.create === undefined ? result : { ...result, create: {} });

type Answered = { getValueAndPayload(): Promise<{ readonly payload: RecordPayload }> };

/** What the library would keep when it saved the interaction with this result. */
async function recordOf(interaction: Interaction, result: Interaction['result']): Promise<RecordUpsert> {
  const answered = Object.assign(interaction, { result }) as unknown as Answered;
  const { payload } = await answered.getValueAndPayload();
  return { model: 'Interaction', id: interaction.uid, payload, expiresAt: new Date(interaction.exp * 1000) };
}

const sessionGone = (): Error => new errors.SessionNotFound('interaction session not found');

function browserNamedIn(payload: RecordPayload | undefined): string | undefined {
  const result = payload?.result as Interaction['result'];
  const browser = result?.login?.browser;
  return typeof browser === 'string' ? browser : undefined;
}

/** A second submit finds the interaction over: its own address then says so. */
async function orItsEnd(issuer: string, ctx: Context, work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof errors.SessionNotFound)) throw error;
    return `${issuer}${ctx.path.split('/').slice(0, 3).join('/')}`;
  }
}

async function rememberConsent(transact: Transact, ctx: Context, interaction: Interaction): Promise<void> {
  const userId = interaction.session?.accountId;
  const clientId = clientIdOf(interaction);
  if (userId === undefined) throw conflict('interactions.wrong_step', { detail: 'nobody is signed in' });
  const consented = requestOf(interaction);
  await transact(personOf(ctx, userId, clientId), (tx) => grantConsent(tx, { userId, clientId, ...consented }));
}

type Session = Awaited<ReturnType<Provider['Session']['get']>>;

async function endSessionOf(
  transact: Transact,
  ctx: Context,
  interaction: Interaction,
  { accountId, jti }: Session,
): Promise<void> {
  if (accountId === undefined) return;
  const actor = personOf(ctx, accountId, clientIdOf(interaction));
  await transact(actor, (tx) => endSession(tx, { id: shownId(recordId(jti)) })).catch((error: unknown) => {
    // Ended meanwhile is what was wanted.
    if (!(error instanceof DomainError) || error.kind !== 'not_found') throw error;
  });
}

async function pendingOf(provider: Provider, interaction: Interaction): Promise<PendingInteraction | undefined> {
  const { uid, prompt, params, session } = interaction;
  const client = await provider.Client.find(clientIdOf(interaction));
  if (!client || !isPrompt(prompt.name)) return undefined;
  return {
    uid,
    prompt: prompt.name,
    reasons: prompt.reasons,
    clientId: client.clientId,
    clientName: client.clientName ?? client.clientId,
    firstParty: findRecordOf(client)?.firstParty === true,
    client: {
      clientUri: client.clientUri,
      policyUri: client.policyUri,
      tosUri: client.tosUri,
      redirectUri: typeof params.redirect_uri === 'string' ? params.redirect_uri : undefined,
    },
    params,
    accountId: session?.accountId,
    requestedAcrs: wantedAcrs(params),
    waiting: waitingIn(interaction),
    signedIn: signedInBy(interaction),
    missing: requestOf(interaction),
    policy: policyHoldIn(prompt.details),
    agreement: agreementIn(prompt.details),
  };
}

const isPrompt = (name: string): name is PendingInteraction['prompt'] =>
  ['login', 'consent', 'create', 'agreement'].includes(name);

const WAITING = 'waiting';

/** Written by us alone, so its form is known. */
const waitingIn = ({ result }: Interaction): PendingInteraction['waiting'] =>
  result?.[WAITING] as { first: FirstFactor; browser: string } | undefined;

/** Written by `loginResult`. */
function signedInBy({ result }: Interaction): PendingInteraction['signedIn'] {
  const login = result?.login;
  if (login?.ts === undefined || typeof login.browser !== 'string') return undefined;
  return { accountId: login.accountId, signedInAt: login.ts, amr: login.amr ?? [], browser: login.browser };
}

const clientIdOf = ({ params }: Interaction): string => String(params.client_id);

function personOf(ctx: Context, accountId: string, clientId: string): Actor {
  const userAgent = ctx.get('user-agent');
  return {
    type: 'user',
    id: accountId,
    clientId,
    ipAddress: ctx.ip,
    ...(typeof ctx.state.requestId === 'string' ? { requestId: ctx.state.requestId } : {}),
    ...(userAgent === '' ? {} : { userAgent }),
  };
}
