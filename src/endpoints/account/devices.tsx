import type { Context } from 'koa';
import { DevicesPage, type DevicesPageProps } from '../../../views/account/devices.tsx';
import { sitePaths } from '../../../views/site.ts';
import { findSignInOrigins } from '../../domain/audit/sign-in-origins.ts';
import { endDeviceTrust, findTrustedDevices } from '../../domain/authentication/trusted-devices.ts';
import { endOtherSessions } from '../../domain/lifecycle/end-other-sessions.ts';
import { endOwnSession } from '../../domain/sessions/end-session.ts';
import { findOwnSessions } from '../../domain/sessions/own-sessions.ts';
import { DomainError } from '../../kernel/errors.ts';
import { widePrefix } from '../../kernel/network-prefix.ts';
import { answerPage, seeOther } from '../http/answer-page.ts';
import { browserName } from '../http/browser-name.ts';
import { readDeviceTokens } from '../http/device-cookie.ts';
import { addressee } from '../http/person-summary.ts';
import { catalogueFor } from '../http/present-pages.ts';
import { momentFor } from './dates.ts';
import type { AccountParts } from './parts.ts';
import { actorOf, formTo, postedForm, type SignedInPerson, signedInPerson } from './signed-in.ts';

/** `/account/devices`: where I am signed in. */
export async function devices(ctx: Context, parts: AccountParts): Promise<void> {
  const person = await signedInPerson(ctx, parts, sitePaths.devices);
  if (person) await showDevices(ctx, parts, person);
}

/** POST `session`. One that has ended meanwhile is what was wanted. */
export async function endSessionHere(ctx: Context, parts: AccountParts): Promise<void> {
  const posted = await postedForm(ctx, parts, sitePaths.devices);
  if (!posted) return;
  const { person, form, isOurs } = posted;
  if (!isOurs) return showDevices(ctx, parts, person, 'form_expired');
  const { session: id = '' } = form;
  await parts.authentication
    .transact(actorOf(ctx, person.user), (tx) => endOwnSession(tx, { id, userId: person.user.id }))
    .catch(orGone);
  seeOther(ctx, `${sitePaths.devices}?ended=one`);
}

/** POST: everything but this browser. */
export async function endOtherSessionsHere(ctx: Context, parts: AccountParts): Promise<void> {
  const posted = await postedForm(ctx, parts, sitePaths.devices);
  if (!posted) return;
  const { person, isOurs } = posted;
  if (!isOurs) return showDevices(ctx, parts, person, 'form_expired');
  const deviceTokens = readDeviceTokens(ctx, parts.issuer);
  await parts.authentication.transact(actorOf(ctx, person.user), (tx) =>
    endOtherSessions(tx, { userId: person.user.id, sessionUid: person.session.uid, deviceTokens }),
  );
  seeOther(ctx, `${sitePaths.devices}?ended=others`);
}

/** POST `device`. */
export async function endTrustHere(ctx: Context, parts: AccountParts): Promise<void> {
  const posted = await postedForm(ctx, parts, sitePaths.devices);
  if (!posted) return;
  const { person, form, isOurs } = posted;
  if (!isOurs) return showDevices(ctx, parts, person, 'form_expired');
  const { device: id = '' } = form;
  await parts.authentication
    .transact(actorOf(ctx, person.user), (tx) => endDeviceTrust(tx, { id, userId: person.user.id }))
    .catch(orGone);
  seeOther(ctx, `${sitePaths.devices}?ended=trust`);
}

function orGone(error: unknown): void {
  if (!(error instanceof DomainError) || error.kind !== 'not_found') throw error;
}

async function showDevices(
  ctx: Context,
  parts: AccountParts,
  person: SignedInPerson,
  problem?: 'form_expired',
): Promise<void> {
  answerPage(
    ctx,
    <DevicesPage
      person={addressee(ctx, person.user)}
      sessions={await sessionsShown(ctx, parts, person)}
      trusted={await trustShown(ctx, parts, person)}
      endTrust={formTo(parts, person, sitePaths.endTrust)}
      end={formTo(parts, person, sitePaths.endSession)}
      endOthers={formTo(parts, person, sitePaths.endOtherSessions)}
      notice={problem ?? noticeOf(ctx)}
    />,
    problem === undefined ? 200 : 422,
  );
}

async function sessionsShown(
  ctx: Context,
  { authentication: { read, clock } }: AccountParts,
  { session, user }: SignedInPerson,
): Promise<DevicesPageProps['sessions']> {
  const sessions = await findOwnSessions(read, { userId: user.id, now: clock.now() });
  const moments = sessions.map(({ signedInAt }) => signedInAt);
  const { browserOn } = catalogueFor(ctx).page('common');
  const origins = await findSignInOrigins(read, { userId: user.id, moments });
  const shown = sessions.map((one, index) => ({
    id: one.id,
    isCurrent: one.uid === session.uid,
    isBound: one.isDeviceBound,
    browser: browserName(origins[index]?.userAgent ?? null, browserOn),
    network: networkOf(origins[index]?.ipAddress ?? null),
    signedInAt: momentFor(ctx, user, one.signedInAt),
    lastUsedAt: momentFor(ctx, user, one.lastUsedAt),
    applications: one.applications,
  }));
  return shown.sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent));
}

async function trustShown(
  ctx: Context,
  { authentication, issuer }: AccountParts,
  { user, session: { rememberBrowserDays = Number.POSITIVE_INFINITY } }: SignedInPerson,
): Promise<DevicesPageProps['trusted']> {
  const tokens = readDeviceTokens(ctx, issuer);
  const trustedDeviceDays = Math.min(authentication.trustedDeviceDays ?? 0, rememberBrowserDays);
  const devices = await findTrustedDevices({ ...authentication, trustedDeviceDays }, { userId: user.id, tokens });
  const { browserOn } = catalogueFor(ctx).page('common');
  const lifetime = trustedDeviceDays * 86_400_000;
  return devices.map(({ id, isCurrent, userAgent, lastUsedAt, trustedAt }) => ({
    ...{ id, isCurrent, browser: browserName(userAgent, browserOn) },
    lastUsedAt: momentFor(ctx, user, lastUsedAt),
    until: momentFor(ctx, user, new Date(trustedAt.getTime() + lifetime)),
  }));
}

/** Enough to tell home from abroad, and nothing that names a place. */
const networkOf = (address: string | null): string | undefined => (address === null ? undefined : widePrefix(address));

function noticeOf({ query }: Context): DevicesPageProps['notice'] {
  if (query.ended === 'one') return 'one_ended';
  if (query.ended === 'trust') return 'trust_ended';
  return query.ended === 'others' ? 'others_ended' : undefined;
}
