import type { Context } from 'koa';
import type { Provider } from 'oidc-provider';
import {
  type BindableSession,
  createDeviceBinding,
  type DeviceKey,
  recordUnproved,
} from '../../domain/sessions/device-binding.ts';
import { visitorOf } from '../http/answer-page.ts';
import { devicePaths, deviceProofCookie } from '../http/device-proof-cookie.ts';
import type { BoundSessionHelpers, ProviderHostParts } from './parts.ts';

type Parts = Pick<ProviderHostParts, 'issuer' | 'keyRing' | 'clock' | 'transact' | 'settings'>;
type Session = InstanceType<Provider['Session']> & { readonly deviceKey?: DeviceKey; readonly destroyed?: boolean };

/** What the library keeps of a session beyond its own. */
export const SESSION_MEMBER = 'deviceKey';

export type BoundSessions = ReturnType<typeof createBoundSessions>;

/** W3C Device Bound Session Credentials, the provider's side: who is let in with a session, and to whom binding is offered. */
export function createBoundSessions({ issuer, keyRing, clock, transact, settings }: Parts) {
  const binding = createDeviceBinding(keyRing.derive('device binding'));
  const cookie = deviceProofCookie(issuer);
  const proving = new WeakSet<object>();
  const isOffered = settings.deviceBoundSessions !== false && isSecureContext(issuer);
  return {
    binding,
    /** False: the session is bound and its device has not proved itself lately. It is then as good as not there. */
    async admits(ctx: Context, session: Session): Promise<boolean> {
      const { deviceKey, jti, uid, accountId } = session;
      if (deviceKey === undefined || accountId === undefined || proving.has(ctx.req)) return true;
      if (binding.isFresh({ uid }, deviceKey, cookie.read(ctx), clock.now())) return true;
      await transact(visitorOf(ctx), async (tx) =>
        recordUnproved(tx, { session: { id: jti, accountId }, reason: 'not_fresh' }),
      );
      return false;
    },
    /** Browsers that know nothing of it pass over the header. */
    offer(ctx: Context, session: Session | undefined): void {
      if (!isOffered || session?.accountId === undefined || session.deviceKey !== undefined || session.destroyed)
        return;
      const challenge = binding.challenge(session, clock.now());
      ctx.set('Secure-Session-Registration', `(ES256);path="${devicePaths.registration}";challenge="${challenge}"`);
    },
    helpers: (current: () => Provider): BoundSessionHelpers => ({
      binding,
      async find(ctx) {
        proving.add(ctx.req);
        const { jti, uid, accountId, deviceKey }: Session = await current().Session.get(ctx);
        if (accountId === undefined) return undefined;
        return { id: jti, uid, accountId, deviceKey } satisfies BindableSession;
      },
    }),
  };
}

/** Browsers hold to it: nothing is bound over plain HTTP but on the machine itself. */
function isSecureContext(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer);
  return protocol === 'https:' || hostname === 'localhost';
}
