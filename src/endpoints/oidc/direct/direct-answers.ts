import type { IncomingMessage } from 'node:http';
import type { Provider } from 'oidc-provider';
import { newRequestId } from '../../../kernel/ids.ts';
import type { DirectAnswer } from '../../http/direct-answers.ts';
import {
  type ClientCredentialsParts,
  createDirectClientCredentials,
  type RequestFacts,
} from './direct-client-credentials.ts';
import { createDirectIntrospection, type IntrospectionParts } from './direct-introspection.ts';
import { createDirectPersonTokens, type PersonTokenParts } from './direct-person-tokens.ts';
import { createDirectUserinfo, type UserinfoParts } from './direct-userinfo.ts';
import {
  basicCredentials,
  bearerToken,
  formLength,
  isCommon,
  parsePlainForm,
  putBack,
  takeBody,
} from './plain-request.ts';

export type DirectAnswerParts = ClientCredentialsParts & PersonTokenParts & IntrospectionParts & UserinfoParts;

/**
 * The requests that applications make most, in their plainest form, answered without the library and Koa: tokens for client
 * credentials, for a code and for a refresh token, an introspection that finds an active token, and userinfo for a bearer token. Nothing is refused here:
 * what is not plainly a yes goes to the library, untouched, and is decided and recorded there. That both say the same is
 * what `test/feature/oidc/direct-answers.test.ts` is for.
 */
export function createDirectAnswers(parts: DirectAnswerParts, current: () => Provider) {
  const clientCredentials = createDirectClientCredentials(parts);
  const personTokens = createDirectPersonTokens(parts);
  const introspection = createDirectIntrospection(parts);
  const userinfo = createDirectUserinfo(parts);

  const onForm = async (req: IncomingMessage, body: Buffer, facts: RequestFacts): Promise<object | undefined> => {
    const form = parsePlainForm(body);
    const credentials = form && basicCredentials(req);
    if (!credentials) return undefined;
    if (req.url === '/introspect') return introspection(current(), form, credentials);
    const answer = form.get('grant_type') === 'client_credentials' ? clientCredentials : personTokens;
    return answer(current(), form, credentials, facts);
  };

  const answerGet = async (req: IncomingMessage, about: About): Promise<DirectAnswer | undefined> => {
    const token = req.headers['content-length'] === undefined ? bearerToken(req) : undefined;
    const body = token && (await userinfo(current(), token).catch(leaveToLibrary));
    return body ? { ...about, body } : undefined;
  };
  const answerPost = async (req: IncomingMessage, about: About): Promise<DirectAnswer | undefined> => {
    const length = formLength(req);
    // The parser hands over what follows the head when this turn is over.
    await undefined;
    const sent = length === undefined ? undefined : takeBody(req, length);
    const body = sent && (await onForm(req, sent, factsOf(req, about.requestId)).catch(leaveToLibrary));
    if (!body) {
      putBack(req, sent);
      return undefined;
    }
    req.resume();
    return { ...about, body };
  };

  /** Undefined at once for other requests; otherwise the answer, or undefined with the request as it was. */
  return (req: IncomingMessage): Promise<DirectAnswer | undefined> | undefined => {
    const route = ROUTES.get(`${req.method} ${req.url}`);
    if (!route || !isCommon(req)) return undefined;
    const about = { ...route, requestId: newRequestId() };
    return route.method === 'GET' ? answerGet(req, about) : answerPost(req, about);
  };
}

type About = Omit<DirectAnswer, 'body'>;

const leaveToLibrary = (): undefined => undefined;

const ROUTES: ReadonlyMap<string, Omit<About, 'requestId'>> = new Map([
  ['POST /token', { method: 'POST', route: '/token', exposedHeaders: 'DPoP-Nonce,WWW-Authenticate' }],
  ['POST /introspect', { method: 'POST', route: '/introspect', exposedHeaders: 'WWW-Authenticate' }],
  ['GET /userinfo', { method: 'GET', route: '/userinfo', exposedHeaders: 'DPoP-Nonce,WWW-Authenticate' }],
]);

/** The address was made trustworthy before (see `http/client-address.ts`). */
function factsOf({ headers }: IncomingMessage, requestId: string): RequestFacts {
  const userAgent = headers['user-agent'];
  return {
    requestId,
    ipAddress: String(headers['x-forwarded-for']),
    ...(userAgent === undefined || userAgent === '' ? {} : { userAgent }),
  };
}
