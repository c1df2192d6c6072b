import { errors, type Provider } from 'oidc-provider';
import { randomToken } from '../../kernel/crypto/derive.ts';
import { invalid } from '../../kernel/errors.ts';
import { sendBackchannelLogout } from './backchannel-logout.ts';
import type { ClientHelpers } from './parts.ts';

export type ClientHelperParts = {
  readonly current: () => Provider;
  /** An instance that knows every response type: which are on depends on the clients that are stored. */
  readonly anyResponseType: () => Provider;
  readonly fetch: typeof globalThis.fetch;
};

export function createClientHelpers({ current, anyResponseType, fetch }: ClientHelperParts): ClientHelpers {
  let checker: Provider | undefined;
  return {
    checkMetadata(metadata) {
      checker ??= anyResponseType();
      const Client = checker.Client as unknown as new (metadata: Record<string, unknown>) => object;
      try {
        new Client({ client_id: 'new', client_secret: randomToken(32), ...metadata });
      } catch (error) {
        if (!(error instanceof errors.OIDCProviderError)) throw error;
        const detail = error.error_description ?? error.message;
        throw invalid('clients.metadata_invalid', {
          detail,
          faults: [{ pointer: pointerIn(detail, metadata), detail }],
        });
      }
    },
    async issueInitialAccessToken({ lifetimeSeconds }) {
      const { InitialAccessToken } = current();
      return new InitialAccessToken({ expiresIn: lifetimeSeconds }).save();
    },
    deliverBackchannelLogout: (message, signal) => sendBackchannelLogout({ current, fetch }, message, signal),
  };
}

/** The library's sentences begin with the name of the member. */
function pointerIn(detail: string, metadata: Readonly<Record<string, unknown>>): string {
  const named = Object.keys(metadata).find((name) => detail.split(/[^a-z_]/).includes(name));
  return named === undefined ? '' : `/${named}`;
}
