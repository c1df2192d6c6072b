import type { Provider } from 'oidc-provider';
import { sessionLifetime, sessionUsedAt } from './lifetimes.ts';
import type { SessionHelpers } from './parts.ts';

export function createSessionHelpers(current: () => Provider): SessionHelpers {
  return {
    async find(ctx) {
      const session = await current().Session.get(ctx);
      const { accountId, uid, loginTs, acr, amr } = session;
      if (accountId === undefined || loginTs === undefined) return undefined;
      const use = async () => {
        await session.save(sessionLifetime(loginTs));
      };
      return { accountId, uid, signedInAt: loginTs, usedAt: sessionUsedAt(session), acr, amr: amr ?? [], use };
    },
  };
}
