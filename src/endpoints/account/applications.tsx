import type { Context } from 'koa';
import { ApplicationsPage, type ApplicationsPageProps } from '../../../views/account/applications.tsx';
import { sitePaths } from '../../../views/site.ts';
import {
  type ConnectedApplication,
  disconnectApplication,
  findConnectedApplications,
} from '../../domain/sessions/connected-applications.ts';
import { answerPage, seeOther } from '../http/answer-page.ts';
import { addressee } from '../http/person-summary.ts';
import { dateFor } from './dates.ts';
import type { AccountParts } from './parts.ts';
import { actorOf, formTo, postedForm, type SignedInPerson, signedInPerson } from './signed-in.ts';

/** `/account/applications`: what may see or do something in my name. */
export async function applications(ctx: Context, parts: AccountParts): Promise<void> {
  const person = await signedInPerson(ctx, parts, sitePaths.applications);
  if (person) await showApplications(ctx, parts, person);
}

/** POST `client`. */
export async function withdrawApplication(ctx: Context, parts: AccountParts): Promise<void> {
  const posted = await postedForm(ctx, parts, sitePaths.applications);
  if (!posted) return;
  const { person, form, isOurs } = posted;
  if (!isOurs) return showApplications(ctx, parts, person, 'form_expired');
  await parts.authentication.transact(actorOf(ctx, person.user), (tx) =>
    disconnectApplication(tx, { userId: person.user.id, clientId: form.client ?? '' }),
  );
  seeOther(ctx, `${sitePaths.applications}?withdrawn=yes`);
}

async function showApplications(
  ctx: Context,
  parts: AccountParts,
  person: SignedInPerson,
  problem?: 'form_expired',
): Promise<void> {
  const { read, clock } = parts.authentication;
  const found = await findConnectedApplications(read, { userId: person.user.id, now: clock.now() });
  answerPage(
    ctx,
    <ApplicationsPage
      person={addressee(ctx, person.user)}
      applications={await Promise.all(found.map((one) => shown(ctx, parts, person, one)))}
      withdraw={formTo(parts, person, sitePaths.withdrawApplication)}
      notice={problem ?? (ctx.query.withdrawn === 'yes' ? 'withdrawn' : undefined)}
    />,
    problem === undefined ? 200 : 422,
  );
}

async function shown(
  ctx: Context,
  { resourceServers }: AccountParts,
  { user }: SignedInPerson,
  application: ConnectedApplication,
): Promise<ApplicationsPageProps['applications'][number]> {
  const { clientId, name, firstParty, clientUri, policyUri, scopes, claims, resourceScopes, since } = application;
  const resources = await Promise.all(
    Object.entries(resourceScopes).map(async ([identifier, values]) => {
      const server = await resourceServers.find(identifier);
      const permissions = values.map((value) => ({ value, description: server?.permissions.get(value) }));
      return { identifier, name: server?.name ?? identifier, permissions };
    }),
  );
  return {
    clientId,
    client: { name, clientUri, policyUri },
    isFirstParty: firstParty,
    since: dateFor(ctx, user, since),
    scopes: scopes.map((value) => ({ value })),
    claims,
    resourceServers: resources,
  };
}
