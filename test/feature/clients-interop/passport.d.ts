// The packages carry no types; this is what the test uses of them.
declare module 'passport' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  type Authenticated = (error: unknown, user: unknown, info: unknown) => void;
  type Handler = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;
  class Authenticator {
    use(strategy: object): this;
    authenticate(name: string, options: { session: boolean }, callback: Authenticated): Handler;
  }
  const passport: { readonly Passport: typeof Authenticator };
  export default passport;
}

declare module 'passport-openidconnect' {
  type Profile = { readonly id: string; readonly displayName?: string; readonly emails?: { readonly value: string }[] };
  type Done = (error: unknown, user: unknown) => void;
  type Verify = (
    issuer: string,
    uiProfile: Profile,
    idProfile: Profile,
    context: unknown,
    idToken: string,
    accessToken: string,
    refreshToken: string,
    params: unknown,
    done: Done,
  ) => void;
  const passportOpenIdConnect: {
    readonly Strategy: new (options: Readonly<Record<string, string | boolean>>, verify: Verify) => object;
  };
  export default passportOpenIdConnect;
}
