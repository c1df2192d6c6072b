import type { Provider } from 'oidc-provider';
import type { SessionHelpers } from './parts.ts';

export function createSessionHelpers(current: () => Provider): SessionHelpers {
  return {
    async find(ctx) {
      const { accountId, uid, loginTs, acr, amr } = await current().Session.get(ctx);
      if (accountId === undefined || loginTs === undefined) return undefined;
      return { accountId, uid, signedInAt: loginTs, acr, amr: amr ?? [] };
    },
  };
}
